"""The classes of a category of data and its export."""
