"""What was done with a customer: visits, calls, letters, messages, recorded in two clicks."""
