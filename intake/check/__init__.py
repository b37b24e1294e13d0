"""Find every fault of every file, by the contract."""
