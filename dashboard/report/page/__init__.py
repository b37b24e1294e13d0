"""The Reports page: four steps from a choice to files."""
