"""Pages of one kind of data alone, which a school may do without."""
