"""Saying that two codes are one customer."""
