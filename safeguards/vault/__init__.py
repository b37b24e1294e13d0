"""The vault: who each pseudonym is, sealed."""
