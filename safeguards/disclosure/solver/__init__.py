"""What an exact attacker can conclude, and what must be suppressed for it."""
