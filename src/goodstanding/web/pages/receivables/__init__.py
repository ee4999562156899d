"""Who owes us what, since when, as of any day."""
