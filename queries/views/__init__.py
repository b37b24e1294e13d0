"""The views: how the SQL becomes definitions, in an order, for a day."""
