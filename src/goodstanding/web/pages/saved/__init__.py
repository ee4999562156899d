"""Views of lists, kept and forgotten."""
