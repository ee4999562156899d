"""Correspondence: templates, the 3F composer, the sincerity check, the outbox."""
