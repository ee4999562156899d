"""Collections: strategies, runs, decisions and their reasons, the work that follows, experiments."""
