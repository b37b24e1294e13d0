"""Scores of the SDQ and checks of health."""
