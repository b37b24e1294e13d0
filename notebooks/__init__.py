"""Notebooks in marimo that answer deeper questions, and access from Python to the marts."""
