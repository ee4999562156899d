"""What people see: one folder a page, one small template a component."""
