"""The tour's way from page to page."""
