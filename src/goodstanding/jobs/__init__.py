"""The schedule and the worker: long work that outlives a request."""
