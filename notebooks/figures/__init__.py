"""What the notebooks work out of rows of marts, and what they say of it: no marimo in it."""
