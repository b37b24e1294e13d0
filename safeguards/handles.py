"""Pseudonyms, which stand for a child wherever a name must not: `pupil_id` and handle.

Both are drawn at random, so neither says anything about the child and neither can be worked out
from a UPN.  Machines join on the `pupil_id`; people read and type the handle.
"""

import random
from collections.abc import Collection
from functools import cache

from queries.rows import read_rows

SYSTEM_RANDOM = random.SystemRandom()

#: Crockford's base 32: no I, L, O or U, so that digits and letters are not confused.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

ID_LENGTH = 10

# with a thousand handles in use, a free pair turns up at the first or second draw
_DRAWS = 20


def generate_id(rng: random.Random = SYSTEM_RANDOM) -> str:
    """Draw an identifier without meaning: ten characters, 50 bits."""
    return "".join(rng.choices(ALPHABET, k=ID_LENGTH))


def generate_pupil_id(rng: random.Random, *used: Collection[str]) -> str:
    """Draw a `pupil_id` that is in none of `used`."""
    pupil_id = generate_id(rng)
    while any(pupil_id in ids for ids in used):
        pupil_id = generate_id(rng)
    return pupil_id


def generate_handle(rng: random.Random, used: Collection[str]) -> str:
    """Draw a handle such as "copper lantern" that is not in `used`.

    While there are enough words, neither word is in another handle: children whose handles share a
    word are taken for one another.  When pairs run out, as in a city, a handle has three words.
    """
    first, second = load_word_lists()
    if len(used) < min(len(first), len(second)):
        taken = {word for handle in used for word in handle.split()}
        free_first = [word for word in first if word not in taken]
        free_second = [word for word in second if word not in taken]
        if free_first and free_second:
            return f"{rng.choice(free_first)} {rng.choice(free_second)}"
    for _ in range(_DRAWS):
        handle = f"{rng.choice(first)} {rng.choice(second)}"
        if handle not in used:
            return handle
    while (handle := f"{' '.join(rng.sample(first, 2))} {rng.choice(second)}") in used:
        pass
    return handle


@cache
def load_word_lists() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that may stand first, and those that may stand second."""
    rows = read_rows("safeguards", "words")
    first, second = (
        tuple(row["word"] for row in rows if row["place"] == place) for place in ("first", "second")
    )
    return first, second
