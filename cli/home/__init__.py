"""Commands about a home: make it, serve it, back it up, and change its keys and people."""
