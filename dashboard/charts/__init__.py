"""The chart catalogue: a `draw_` function a chart, from a frame of mart columns to a figure."""
