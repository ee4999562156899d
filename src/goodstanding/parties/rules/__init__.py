"""Pure rules about customers: search text, payment terms, doubtful duplicates, groups, fit for storing."""
