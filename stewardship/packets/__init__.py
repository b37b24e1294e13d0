"""Packets: the data held about one child, as files for the person who asks or for a recipient."""
