"""Registers as the usual systems export them, made up, with the truth of each cell."""
