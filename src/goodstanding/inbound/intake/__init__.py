"""A file's tables held against what the book knows already: what is new, what is there, what can't be."""
