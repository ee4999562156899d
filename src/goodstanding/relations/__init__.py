"""Relations: touches of every kind, who, when, how long, what they cost and what came of them."""
