"""Standing: how far each customer can be trusted and why, as assessed each night."""
