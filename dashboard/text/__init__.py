"""The words on the screen, each from figures, and the tables they stand in."""
