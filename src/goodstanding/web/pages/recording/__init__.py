"""Recording what happened: a payment with what it settles, and every other document."""
