"""What is done to be paid: the list, promises, runs, strategies, letters, experiments, what it costs."""
