"""Keys, which open a home, and the passphrases that open the keys."""
