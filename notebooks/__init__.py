"""Questions that go deeper, in marimo, and the way from Python to the marts."""
