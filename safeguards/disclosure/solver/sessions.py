"""Sums over children, such as sessions missed: which may be said, and which would be one child's.

A sum is said of a group of enough children, when no child holds more of it than the
setting allows and three or more hold some.  The same is asked of what it grew by since the
last report.  What may not be said alone is pooled with others; nothing is left to subtract.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: What the reasons are called that are not said alone.
OTHER = "Other reasons"
_FEWEST_WHO_HOLD = 3

#: By pseudonym, how much of a sum is this child's.
Shares = Mapping[str, int]


@dataclass(frozen=True)
class Sums:
    """What is asked to be published of one sum and of its parts.

    key: names the sum and the time it is over, such as "missed 2026/27": only the same key
    is compared with earlier reports.  parts: by label; they add up to the sum.
    """

    key: str
    group: str
    shares: Shares
    parts: Mapping[str, Shares]


@dataclass(frozen=True)
class SumFigures:
    """What may be said: the total, and parts that add up to it, the largest first.

    total: None where not even that may be said.  parts: empty where only the total may.
    """

    total: int | None
    parts: tuple[tuple[str, int], ...] = ()


def suppress_sums(
    sums: Sums, before: Sequence[tuple[Sums, SumFigures]], largest_share: float
) -> SumFigures:
    """What may be said of a sum.

    before: of each earlier report that told of it, the children's shares then, and what was
    told.  A part is held against every report that told of that part, and what is pooled
    against every one that told the total: it is what the parts leave of that.
    """

    def may(shares: Shares, then: Iterable[Shares]) -> bool:
        return _is_many(shares, largest_share) and all(
            _is_many_or_none(_grown(shares, each), largest_share) for each in then
        )

    if not may(sums.shares, [each.shares for each, _ in before]):
        return SumFigures(None)
    total = sum(sums.shares.values())
    alone = [
        label
        for label, shares in sums.parts.items()
        if may(
            shares,
            [
                each.parts.get(label, {})
                for each, told in before
                if label in {name for name, _ in told.parts}
            ],
        )
    ]
    alone.sort(key=lambda label: (-sum(sums.parts[label].values()), label))
    while alone:
        pooled = [label for label in sums.parts if label not in alone]
        pool = _pooled([sums.parts[label] for label in pooled])
        then = [_left(each, alone) for each, _ in before]
        if not any(pool.values()):
            pooled = []
        if not pooled or may(pool, then):
            found = [(label, sum(sums.parts[label].values())) for label in alone]
            return SumFigures(total, (*found, *([(OTHER, sum(pool.values()))] if pooled else [])))
        alone.pop()
    return SumFigures(total)


def _left(sums: Sums, alone: Container[str]) -> Shares:
    """What the parts that are told alone leave of a sum."""
    return _pooled([shares for label, shares in sums.parts.items() if label not in alone])


def _is_many(shares: Shares, largest_share: float) -> bool:
    held = [share for share in shares.values() if share]
    return len(held) >= _FEWEST_WHO_HOLD and max(held) <= largest_share * sum(held)


def _is_many_or_none(shares: Shares, largest_share: float) -> bool:
    """Of growth, which may be less than nought: nobody's, or many children's."""
    sizes = {child: abs(share) for child, share in shares.items()}
    return not any(sizes.values()) or _is_many(sizes, largest_share)


def _grown(now: Shares, then: Shares) -> Shares:
    return {child: now.get(child, 0) - then.get(child, 0) for child in {*now, *then}}


def _pooled(parts: Sequence[Shares]) -> Shares:
    total: dict[str, int] = {}
    for part in parts:
        for child, share in part.items():
            total[child] = total.get(child, 0) + share
    return total
