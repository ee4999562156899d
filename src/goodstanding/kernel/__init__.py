"""Money, days, calendars and errors: pure, and below everything else."""
