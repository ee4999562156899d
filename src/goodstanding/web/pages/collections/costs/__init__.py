"""What collecting costs and brings in, and the touches behind each figure."""
