"""Checks of how safe a home is, with findings in words for people."""
