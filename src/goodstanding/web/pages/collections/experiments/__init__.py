"""What experiments found: a table, a chart, and in words what cannot be told."""
