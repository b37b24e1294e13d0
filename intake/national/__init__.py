"""National files that authorities and schools hold: known by their content, read as our rows."""
