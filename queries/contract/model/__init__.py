"""What a category of data and its export are made of."""
