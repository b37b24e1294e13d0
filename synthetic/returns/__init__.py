"""The national files of a made-up school: what its authority or its own system would send."""
