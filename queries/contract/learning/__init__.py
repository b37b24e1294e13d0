"""What a child learns, and what is done so that it may."""
