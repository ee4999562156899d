"""Bytes in: files become records and row faults; nothing is posted here."""
