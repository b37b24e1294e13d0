"""What the safeguarding lead alone sees."""
