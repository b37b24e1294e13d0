"""What leaves the school about a child, to whom, and on which ground."""
