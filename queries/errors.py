"""The errors of this room, in words for people."""


class StoreError(Exception):
    """The store cannot be used; the message is for people."""
