"""A made-up school, so that nobody needs a real child to build, demonstrate or test.

It writes the same export files as a real one.  It may import `queries.contract` of our
own packages and nothing else: it must not know the answers.
"""
