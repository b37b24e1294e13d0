"""A school's home: the folder, where it may lie, and the disk under it."""
