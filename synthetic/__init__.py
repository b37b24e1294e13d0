"""A made-up school, so that nobody needs a real child to build, demonstrate or test.

It writes the same export files as a real school.  Of our own packages it may import only
`queries.contract`: it must not know the answers.
"""
