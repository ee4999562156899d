"""Pure calculation over the book's tables: knows no Django, runs embedded or on a cluster."""
