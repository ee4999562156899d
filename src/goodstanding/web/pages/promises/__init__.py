"""Promises of both sides: a customer's tab, the forms, and the month of everybody."""
