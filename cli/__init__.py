"""The command line: `lac`."""
