"""The lowest room: the store and every definition.  It imports no other room."""
