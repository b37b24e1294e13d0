"""Who may come in, as whom, in which role; and the only way to a store."""
