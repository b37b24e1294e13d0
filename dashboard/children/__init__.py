"""The parts of the page Children: its filters and its rows."""
