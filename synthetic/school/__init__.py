"""A whole made-up school with its roll, register and records."""
