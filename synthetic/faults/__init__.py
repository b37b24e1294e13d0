"""Faults planted in good files, each alone, so that one fault is one problem."""
