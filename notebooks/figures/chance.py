"""What chance alone would do, worked out by trying it."""

import random
from collections.abc import Sequence
from itertools import product
from math import comb

#: Of so many changes every shuffle is tried; of more, a sample that is the same each time.
_MOST_TRIED = 12
_SAMPLE = 10_000
_NEARLY = 1e-9


def compute_shuffle_share(changes: Sequence[float]) -> float:
    """Of all ways to swap before and after for each child, the share with as large a sum.

    As large, in the direction in which the sum of `changes` lies.
    """
    total = sum(changes)
    if len(changes) <= _MOST_TRIED:
        tries = list(product((1, -1), repeat=len(changes)))
    else:
        toss = random.Random(len(changes))
        tries = [tuple(toss.choice((1, -1)) for _ in changes) for _ in range(_SAMPLE)]
    way = -1 if total < 0 else 1
    sums = (
        way * sum(sign * each for sign, each in zip(signs, changes, strict=True)) for signs in tries
    )
    return sum(each >= way * total - _NEARLY for each in sums) / len(tries)


def compute_toss_share(heads: int, tosses: int) -> float:
    """How often a fair coin gives so many heads or more."""
    return float(sum(comb(tosses, n) for n in range(heads, tosses + 1)) / 2**tosses)


def format_tries(share: float) -> str:
    """A share of tries, in words that promise no more than it holds."""
    hundredths = round(share * 100)
    return f"{hundredths} of 100 tries" if hundredths else "fewer than 1 of 100 tries"
