"""What every school has of every child in scope."""
