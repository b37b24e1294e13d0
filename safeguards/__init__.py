"""Access to children's data and the record of it: homes, keys, the vault, roles and the log."""
