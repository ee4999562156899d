"""Every component in every state, for who builds pages."""
