"""The share of changes that chance alone would make, counted by trying."""

import random
from collections.abc import Sequence
from itertools import product
from math import comb

#: Up to this many changes every swap is tried.  For more, a sample that is always the same.
_MOST_TRIED = 12
_SAMPLE = 10_000
_NEARLY = 1e-9


def compute_shuffle_share(changes: Sequence[float]) -> float:
    """Return the share of all ways to swap before and after that have at least as large a sum.

    Large counts in the direction of the sum of `changes`.
    """
    total = sum(changes)
    if len(changes) <= _MOST_TRIED:
        tries = list(product((1, -1), repeat=len(changes)))
    else:
        toss = random.Random(len(changes))
        tries = [tuple(toss.choice((1, -1)) for _ in changes) for _ in range(_SAMPLE)]
    way = -1 if total < 0 else 1
    sums = (
        way * sum(sign * rise for sign, rise in zip(signs, changes, strict=True)) for signs in tries
    )
    return sum(number >= way * total - _NEARLY for number in sums) / len(tries)


def compute_toss_share(heads: int, tosses: int) -> float:
    """Return the probability that a fair coin gives at least so many heads."""
    return float(sum(comb(tosses, n) for n in range(heads, tosses + 1)) / 2**tosses)


def format_tries(share: float) -> str:
    """Format a share as a number of 100 tries, without false precision."""
    hundredths = round(share * 100)
    return f"{hundredths} of 100 tries" if hundredths else "fewer than 1 of 100 tries"
