"""The governor report: its content, and the same paper as Word and as PDF."""
