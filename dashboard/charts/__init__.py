"""The charts: a `draw_` function for each turns a frame of mart columns into a figure."""
