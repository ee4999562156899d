"""What a terminal sees: the command `goodstanding`."""
