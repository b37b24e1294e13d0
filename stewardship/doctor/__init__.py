"""What is safe about a home and what is not, in words for people."""
