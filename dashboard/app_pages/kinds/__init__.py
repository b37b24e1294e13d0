"""Pages of one kind of data, or of many schools, which a school may do without."""
