"""Check unique pupil numbers: their form, their check letter and the authority.

A UPN is a check letter, the authority's number (characters 2 to 4), eight more digits and a last
character, which is a digit, or a letter while the number is temporary.
Nothing is corrected here: no upper-casing, no 0 for an O.
"""

import re
from typing import Literal

from queries.contract import MADE_UP_AUTHORITIES

#: A letter's value is its place; I, O and S are left out because they look like digits.
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_VALUES = {sign: n for signs in ("0123456789", CHECK_LETTERS) for n, sign in enumerate(signs)}

_REST = re.compile(rf"[0-9]{{11}}[0-9{CHECK_LETTERS}]")


def compute_check_letter(rest: str) -> str:
    """Return the letter that belongs in front of `rest`, characters 2 to 13 of a UPN.

    The weights are the characters' positions, 2 to 13, and the sum is taken modulo 23.
    A last letter counts as its place in the table: so we remember the rule for
    temporary numbers, but it is unverified (domain.md section 10).
    Raise ValueError if `rest` is not eleven digits and a digit or letter of the table.
    """
    if not _REST.fullmatch(rest):
        raise ValueError("a check letter needs eleven digits and a last digit or letter")
    total = sum(position * _VALUES[sign] for position, sign in enumerate(rest, start=2))
    return CHECK_LETTERS[total % 23]


def find_upn_fault(upn: str) -> Literal["UPN form", "UPN check letter"] | None:
    """Return what is wrong with `upn`, as a key of `contract.FAULTS`, or None if it is right.

    A first letter I, O or S is a fault of form, since no sum leads to it.
    """
    if upn[:1] not in CHECK_LETTERS or not _REST.fullmatch(upn[1:]):
        return "UPN form"
    if compute_check_letter(upn[1:]) != upn[0]:
        return "UPN check letter"
    return None


def is_made_up(upn: str) -> bool:
    """Say whether the number has an authority that does not exist, so that it is nobody's."""
    return upn[1:4] in MADE_UP_AUTHORITIES
