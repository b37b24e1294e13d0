"""The parts around every page: the line at the top, and the page that asks people to sign in."""
