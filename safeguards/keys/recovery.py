"""The recovery code: 256 random bits on paper, which alone open every backup of a home.

It is for the day when the computer is gone.  Whoever has it and a backup has the home, so
it is printed once and lies in the school's safe.  Nobody has chosen it, so nobody can
guess it: no slow derivation is needed.  Each group of five ends in a check character,
which finds every wrong character, every two that changed places, and groups that did.
"""

import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeguards.errors import BackupError
from safeguards.handles import ALPHABET

KEY_BYTES = 32

_DATA = 4
_GROUPS = 13
_BITS = 5
# x^5 + x^2 + 1, which makes the 32 characters a field
_FIELD = 0b100101
#: As Crockford has it: what a hand may write for a digit.
_MISREAD = str.maketrans("OIL", "011", "- \t\r\n")


def generate_code() -> str:
    """A new code: 13 groups of five characters."""
    left = secrets.randbits(KEY_BYTES * 8)
    groups = []
    for number in range(_GROUPS):
        values = [(left >> (_BITS * place)) & 31 for place in range(_DATA)]
        left >>= _BITS * _DATA
        groups.append([*values, _compute_check(number, values)])
    return "-".join("".join(ALPHABET[value] for value in group) for group in groups)


def derive_key(code: str, home_id: str) -> bytes:
    """The 32 bytes that a code stands for in one home.

    Case, blanks and hyphens do not count.  BackupError says which group is mistyped.
    """
    text = code.upper().translate(_MISREAD)
    size = _DATA + 1
    for number in range(_GROUPS):
        group = text[number * size : (number + 1) * size]
        values = [ALPHABET.find(letter) for letter in group]
        if (
            len(group) < size
            or -1 in values
            or _compute_check(number, values[:_DATA]) != values[_DATA]
        ):
            raise BackupError(
                f"Group {number + 1} of the recovery code is mistyped. "
                f"It has {_GROUPS} groups of {size} characters: compare it with the paper."
            )
    if len(text) > _GROUPS * size:
        raise BackupError(f"The recovery code has {_GROUPS} groups of {size}; this one is longer.")
    info = f"recovery|v1|{home_id}".encode("ascii")
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(text.encode("ascii"))


def _compute_check(number: int, values: list[int]) -> int:
    """The check character of a group, bound to its place among the others."""
    total = number
    for place, value in enumerate(values, start=2):
        total ^= _multiply(place, value)
    return total


def _multiply(one: int, other: int) -> int:
    """The product of two characters in the field of 32."""
    product = 0
    for bit in range(_BITS):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(2 * _BITS - 2, _BITS - 1, -1):
        if product >> bit & 1:
            product ^= _FIELD << (bit - _BITS)
    return product
