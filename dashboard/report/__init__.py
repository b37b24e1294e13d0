"""The governor report: what it says, and the same paper as Word and as PDF."""
