"""The disclosure gate: the one door out for figures about children.

`publish.publish_term` decides what a report may say, before it knows what is true.  Whoever
imports `publish` imports a solver; the other modules here need none.
"""
