"""Passphrases: what is long enough, and the key that one makes.

Argon2id makes each guess cost a quarter of a gigabyte and a second or more.  Who guesses on a
page is slowed further there; nothing locks anybody out for good.
"""

import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_FEWEST_WORDS = 5
_FEWEST_CHARACTERS = 14
_LONGEST = 1000

# More than this is no setting of ours, and would only keep a computer busy.
_MOST_MEMORY_KIB = 4 << 20
_MOST_ITERATIONS = 100
_MOST_LANES = 64

SALT_BYTES = 16
_KEY = 32

#: What every made-up school opens with; the pages show it.
DEMO_PASSPHRASE = "nobody here is a real child"  # noqa: S105 - pages show it


@dataclass(frozen=True)
class Cost:
    """What one guess costs, in the terms of RFC 9106.  ValueError where none is named."""

    memory_kib: int
    iterations: int
    lanes: int

    def __post_init__(self) -> None:
        known = (
            1 <= self.lanes <= _MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
            and 1 <= self.iterations <= _MOST_ITERATIONS
        )
        if not known:
            raise ValueError("a cost of Argon2id is out of its bounds")


#: Some seconds at most on an old computer; a passphrase is typed a few times a week.  It is no
#: setting: whoever could lower it would only have to wait for the next passphrase.
DEFAULT_COST = Cost(memory_kib=256 << 10, iterations=3, lanes=4)


def check_passphrase(passphrase: str) -> str | None:
    """Why a passphrase cannot be taken, in words for its owner; None if it can be."""
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
    """The passphrase as every keyboard gives it: one spelling of accents, no outer blanks."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def derive_key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """32 bytes that only this passphrase gives with this salt and cost."""
    derive = Argon2id(
        salt=salt,
        length=_KEY,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return derive.derive(normalise(passphrase).encode("utf-8"))
