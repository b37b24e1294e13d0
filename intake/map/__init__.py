"""Read a school's own tables by a mapping, which says which of their columns is which of ours."""
