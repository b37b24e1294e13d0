"""From checked rows to the next version of the store."""
