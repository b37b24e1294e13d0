"""Sheets to take along: to a PEP meeting, to any other, and through the day."""
