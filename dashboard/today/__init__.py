"""The parts of Today: who needs a look, what is due, what is new, and the good news."""
