"""Passphrases: a check of their length, and the key that one makes.

Argon2id makes each guess cost a quarter of a gigabyte and a second or more.  A page slows guesses
further; nothing locks anybody out for good.
"""

import unicodedata

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_FEWEST_WORDS = 5
_FEWEST_CHARACTERS = 14
_LONGEST = 1000

SALT_BYTES = 16
#: The cost of one guess, in the terms of RFC 9106: some seconds at most on an old computer.  It is
#: no setting: somebody who could lower it would only have to wait for the next passphrase.
MEMORY_KIB, ITERATIONS, LANES = 256 << 10, 3, 4

#: The passphrase of every made-up school, which the pages show.
DEMO_PASSPHRASE = "nobody here is a real child"  # noqa: S105 - pages show it


def check_passphrase(passphrase: str) -> str | None:
    """Return why a passphrase is refused, in words for its owner, or None if it is not."""
    text = normalise(passphrase)
    if len(text) > _LONGEST:
        return f"The passphrase is longer than {_LONGEST} characters."
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        return "The passphrase contains a character that cannot be typed."
    if len(text.split()) < _FEWEST_WORDS and len(text) < _FEWEST_CHARACTERS:
        return (
            f"The passphrase is too short. Use at least {_FEWEST_WORDS} words or "
            f"{_FEWEST_CHARACTERS} characters."
        )
    return None


def normalise(passphrase: str) -> str:
    """Return the passphrase with one spelling of accents and no outer blanks."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def derive_key(passphrase: str, salt: bytes) -> bytes:
    """Return the 32 bytes that only this passphrase gives with this salt."""
    derive = Argon2id(
        salt=salt, length=32, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return derive.derive(normalise(passphrase).encode("utf-8"))
