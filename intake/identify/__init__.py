"""Which child a row is about, and what the vault is told."""
