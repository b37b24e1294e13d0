"""The kind of owner of a home: one school, or a trust or an authority with many schools.

It is set once, when the home is made, and kept among the heads, so that no file of the home can
claim otherwise.
"""

from typing import Literal, get_args

from safeguards.keys.keys import Keys

HomeOf = Literal["school", "trust", "authority"]

#: The name of the entry among the heads.
NAME = "whose home it is"
#: The beginning of the entry, whose blanks tell it from the digest of a file.
_PREFIX = "home of: "


def get_home_of(keys: Keys) -> HomeOf:
    """Return the kind of owner: a school unless another was set."""
    owner = next(iter(keys.heads.get(NAME) or ()), _PREFIX + "school").removeprefix(_PREFIX)
    return next(kind for kind in get_args(HomeOf) if kind == owner)


def set_home_of(keys: Keys, of: HomeOf) -> None:
    """Set the kind of owner; for a school there is no entry."""
    if of != "school":
        keys.heads.set(NAME, _PREFIX + of)
