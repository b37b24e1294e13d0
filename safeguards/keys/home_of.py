"""Whose children a home holds: one school's, or those of the many of a trust or an authority.

It is said once, when the home is made, and stands among the heads, so that no file of the home
can claim otherwise.
"""

from typing import Literal, get_args

from safeguards.keys.keys import Keys

HomeOf = Literal["school", "trust", "authority"]

#: Among the heads.
NAME = "whose home it is"
#: Two words, which are no digest of a file.
_SAID = "home of: "


def get_home_of(keys: Keys) -> HomeOf:
    """Whose home it is: a school's unless something else was said."""
    said = next(iter(keys.heads.get(NAME) or ()), _SAID + "school").removeprefix(_SAID)
    return next(each for each in get_args(HomeOf) if each == said)


def set_home_of(keys: Keys, of: HomeOf) -> None:
    """Say whose home it is; of a school's nothing is said."""
    if of != "school":
        keys.heads.set(NAME, _SAID + of)
