"""The governor report: its figures, words and files."""
