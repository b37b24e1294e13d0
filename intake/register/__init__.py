"""The rows of a register, however many there are."""
