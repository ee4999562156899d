"""Papers for many customers at once."""
