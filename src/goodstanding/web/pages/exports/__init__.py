"""The pages of exports: ask for one, watch it, fetch the file."""
