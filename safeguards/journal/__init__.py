"""Journals: files that only grow, each line bound to the one before."""
