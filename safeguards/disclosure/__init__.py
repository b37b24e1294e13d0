"""The disclosure gate: the only way out for figures about children."""
