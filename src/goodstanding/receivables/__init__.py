"""Items, matches, holds and periods: the append-only subledger."""
