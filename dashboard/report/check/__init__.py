"""What a finished report gives away, and what its words may point to."""
