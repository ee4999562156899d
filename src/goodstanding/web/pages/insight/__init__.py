"""Insight: the figures of the receivables with their formulas, inputs and sources."""
