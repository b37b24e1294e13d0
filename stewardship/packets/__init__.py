"""Packets: what is held about one child, as files for whoever asks or is to have it."""
