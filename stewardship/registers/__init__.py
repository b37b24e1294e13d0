"""Registers: requests about data, what was shared, and with whom the school shares."""
