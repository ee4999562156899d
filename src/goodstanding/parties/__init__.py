"""Customers, contacts, merges and each customer's classes and figures."""
