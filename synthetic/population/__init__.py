"""The children of a made-up school, and the stories behind their records."""
