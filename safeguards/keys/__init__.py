"""Keys: what opens a home, and the passphrases that open the keys."""
