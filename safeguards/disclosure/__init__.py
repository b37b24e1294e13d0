"""The disclosure gate: the one door out for figures about children."""
