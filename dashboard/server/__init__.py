"""The server on the loopback address, and the guard before it."""
