"""What can be done, one verb a file: permission, transaction, audit, now."""
