"""The search and the palette: customers, items and commands in one list."""
