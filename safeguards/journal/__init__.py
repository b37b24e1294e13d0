"""Journals: files that only grow, in which each line is bound to the one before."""
