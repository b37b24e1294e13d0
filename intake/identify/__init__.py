"""Decide which child a row is about, and what the vault keeps."""
