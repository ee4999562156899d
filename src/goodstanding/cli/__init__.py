"""What a terminal sees: the `goodstanding` command."""
