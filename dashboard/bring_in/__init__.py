"""Bringing files in from the page: the desk that calls intake, and the words for its answers."""

#: The key under which a tab keeps a message until the page has shown it.
MESSAGE = "bring-in-said"
