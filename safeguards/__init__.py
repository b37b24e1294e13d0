"""Who may see what, and the proof of it: homes, keys, the vault, roles and the log."""
