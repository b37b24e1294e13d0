"""The views: how the SQL becomes definitions, in order, for a day."""
