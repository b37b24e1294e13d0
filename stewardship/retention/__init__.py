"""How long data are kept, by a schedule that the school edits."""
