"""Commands that bring data in and ask it."""
