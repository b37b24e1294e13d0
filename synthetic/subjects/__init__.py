"""Scores, checks, plans and meetings of made-up children."""
