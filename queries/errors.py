"""What can go wrong on the ground floor, in words for people."""


class StoreError(Exception):
    """The store cannot be used; the message is for people."""
