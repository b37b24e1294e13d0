"""A school's own tables, told once by a mapping: which of their columns is which of ours."""
