"""Sheets to print or download, for a PEP meeting, for any other meeting, or for the day."""
