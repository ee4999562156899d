"""One's own sign-in: password, second factor, sessions."""
