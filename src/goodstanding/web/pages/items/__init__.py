"""What a figure is made of: open items, and one item with its matches and holds."""
