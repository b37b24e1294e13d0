"""The parts of the page Plans and dates."""
