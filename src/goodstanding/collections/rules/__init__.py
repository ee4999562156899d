"""What collections decides: pure functions over facts."""
