"""Bringing files in from the page: the desk that asks intake, and its words."""

#: Where a tab keeps what was done of which the page has not told yet.
MESSAGE = "bring-in-said"
