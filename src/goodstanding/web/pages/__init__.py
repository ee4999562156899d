"""One folder a page: its view, its form, its template."""
