"""The people of a made-up school, and the stories that they act out."""
