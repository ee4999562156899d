"""Language and theme, kept in cookies."""
