"""Backups of a home, and restores."""
