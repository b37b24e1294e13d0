"""A whole made-up school: its register, its roll, its year."""
