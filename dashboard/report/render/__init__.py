"""The report as Word and as PDF."""
