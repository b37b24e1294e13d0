"""Commands that load data, show it and answer questions about it."""
