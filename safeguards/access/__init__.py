"""Sign-in, roles and sessions: the only way to a store."""
