"""Promises: theirs to pay and ours to deliver, answer, visit; one table, judged."""
