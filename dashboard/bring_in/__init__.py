"""Bringing files in from the page: the desk that asks intake, and what the page draws of it."""
