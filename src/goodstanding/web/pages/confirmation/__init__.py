"""The customer's own page: a balance to confirm, by a signed link."""
