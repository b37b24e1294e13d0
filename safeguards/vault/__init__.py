"""The vault: the sealed identity of each pseudonym."""
