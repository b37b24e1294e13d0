"""Backups of a home, and restores from them."""
