"""People, roles, teams and the audit trail."""
