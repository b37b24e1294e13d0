"""A school's home: its folder, the places where it may be, and the disk under it."""
