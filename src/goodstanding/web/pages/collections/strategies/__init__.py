"""Strategies: the versions, the ladder of the one in force, and writing the next one after a trial."""
