"""Every fault of every file, against the contract."""
