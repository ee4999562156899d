"""Changing what is said about a customer and its people."""
