"""What stands around every page: the line on top, and the page that asks to sign in."""
