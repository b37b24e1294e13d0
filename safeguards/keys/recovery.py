"""The recovery code: an age identity on paper, which alone opens every backup of a home.

It is for the day when the computer is gone.  Whoever has it and a backup has the home, so
it is printed once and kept in the school's safe.  It is the line that any program of the age
format takes; its checksum finds every one to four wrong characters, and others but for one
time in a thousand million.
"""

import re

from pyrage import IdentityError, x25519

from safeguards.errors import BackupError

_PREFIX = "AGE-SECRET-KEY-1"
#: With what a hand may write for its last sign.
_PREFIX_AS_TYPED = re.compile(r"AGESECRETKEY[1IL]")
#: The signs of Bech32, and what a hand may write for them.
_SIGNS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_MISREAD = str.maketrans("1BIO", "L8L0", "-")
_LENGTH, _GROUP = 58, 6


def generate_code() -> str:
    """A new code, as one line."""
    return str(x25519.Identity.generate())


def split_groups(code: str) -> list[str]:
    """The signs after the code's common beginning, six a group."""
    signs = code.removeprefix(_PREFIX)
    return [signs[place : place + _GROUP] for place in range(0, len(signs), _GROUP)]


def parse_code(code: str) -> x25519.Identity:
    """What a code stands for, typed as a line or in its groups.

    Case, blanks and hyphens do not count.  BackupError if it is mistyped, which names the
    group where one sign is wrong.
    """
    typed = "".join(code.upper().split()).replace("-", "")
    signs = _PREFIX_AS_TYPED.sub("", typed, count=1).translate(_MISREAD)
    found = _parse_signs(signs)
    if found is None:
        group = _find_wrong_group(signs)
        where = f"Group {group} of the" if group else "The"
        raise BackupError(
            f"{where} recovery code is mistyped. The code has {len(split_groups('?' * _LENGTH))} "
            f"groups of {_GROUP}, the last of {_LENGTH % _GROUP}. Check the paper."
        )
    return found


def _parse_signs(signs: str) -> x25519.Identity | None:
    try:
        return x25519.Identity.from_str(_PREFIX + signs) if signs.isascii() else None
    except IdentityError:
        return None


def _find_wrong_group(signs: str) -> int | None:
    """The group, from 1, in which another sign makes the code whole; None if one is not enough."""
    for place in range(_LENGTH if len(signs) == _LENGTH else 0):
        for sign in _SIGNS:
            if _parse_signs(signs[:place] + sign + signs[place + 1 :]) is not None:
                return place // _GROUP + 1
    return None
