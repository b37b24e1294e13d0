"""Backups of a home, restores, and the drill that tries one."""
