"""The recovery code: an age identity on paper, which alone opens every backup of a home.

It is for the day when the computer is gone.  A person who has it and a backup has the home, so it
is printed once and kept in the school's safe.  Any program for the age format takes it.  Its
checksum detects all one to four wrong characters, and all but one in a thousand million of other
errors.
"""

import re

from pyrage import IdentityError, x25519

from safeguards.errors import BackupError

_PREFIX = "AGE-SECRET-KEY-1"
#: The same, with the signs that people write for its last one.
_PREFIX_AS_TYPED = re.compile(r"AGESECRETKEY[1IL]")
#: The signs of Bech32, and those that people write for them.
_SIGNS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_MISREAD = str.maketrans("1BIO", "L8L0", "-")
_LENGTH, _GROUP = 58, 6


def generate_code() -> str:
    """Draw a new code, as one line."""
    return str(x25519.Identity.generate())


def split_groups(code: str) -> list[str]:
    """Return the signs after the code's common beginning, in groups of six."""
    signs = code.removeprefix(_PREFIX)
    return [signs[place : place + _GROUP] for place in range(0, len(signs), _GROUP)]


def parse_code(code: str) -> x25519.Identity:
    """Return the identity of a code, typed as a line or in its groups.

    Case, blanks and hyphens do not count.  BackupError means that it is mistyped, and names the
    group if only one sign is wrong.
    """
    typed = "".join(code.upper().split()).replace("-", "")
    signs = _PREFIX_AS_TYPED.sub("", typed, count=1).translate(_MISREAD)
    identity = _parse_signs(signs)
    if identity is None:
        group = _find_wrong_group(signs)
        where = f"Group {group} of the" if group else "The"
        raise BackupError(
            f"{where} recovery code is mistyped. The code has {len(split_groups('?' * _LENGTH))} "
            f"groups of {_GROUP}, the last of {_LENGTH % _GROUP}. Check the paper."
        )
    return identity


def _parse_signs(signs: str) -> x25519.Identity | None:
    try:
        return x25519.Identity.from_str(_PREFIX + signs) if signs.isascii() else None
    except IdentityError:
        return None


def _find_wrong_group(signs: str) -> int | None:
    """Return the group, from 1, where another sign corrects the code; None if one is not enough."""
    for place in range(_LENGTH if len(signs) == _LENGTH else 0):
        for sign in _SIGNS:
            if _parse_signs(signs[:place] + sign + signs[place + 1 :]) is not None:
                return place // _GROUP + 1
    return None
