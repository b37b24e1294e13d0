"""The same conclusions by trying every possible group of children, one by one; for small ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations_with_replacement, product

from tests.proofs.attacker.files.figures import Release

Record = Mapping[str, str]
#: A child before and after one step, None where it is not in the group; by number of record.
Way = tuple[int | None, int | None]


class Groups:
    """Every group, or pair of groups, that agrees with what is printed."""

    def __init__(self, attributes: Mapping[str, Sequence[str]]) -> None:
        names = sorted(attributes)
        self.records = [
            dict(zip(names, labels, strict=True))
            for labels in product(*(attributes[name] for name in names))
        ]

    def one(self, release: Release) -> list[tuple[Way, ...]]:
        """Groups with the figures of a release."""
        assert release.children is not None
        every = combinations_with_replacement(range(len(self.records)), release.children)
        groups = (tuple((number, None) for number in group) for group in every)
        return [group for group in groups if self._agrees(group, [release])]

    def two(
        self, releases: Sequence[Release], joiners: int, leavers: int, changed: int
    ) -> list[tuple[Way, ...]]:
        """Groups with the figures of two releases, with so many who move."""
        children = releases[0].children
        assert children is not None
        numbers = range(len(self.records))
        ways = _histories(len(numbers), children - leavers, joiners, leavers, changed)
        return [group for group in ways if self._agrees(group, releases)]

    def count(self, group: Sequence[Way], side: int, where: Record) -> int:
        """How many of a group match, before (0) or after (1)."""
        return sum(way[side] is not None and self.matches(way[side], where) for way in group)

    def matches(self, number: int | None, where: Record) -> bool:
        """Whether a record is there and matches."""
        return number is not None and all(
            self.records[number][name] == label for name, label in where.items()
        )

    def number(self, record: Record) -> int:
        """The number of a whole record."""
        return next(n for n in range(len(self.records)) if self.matches(n, record))

    def _agrees(self, group: Sequence[Way], releases: Sequence[Release]) -> bool:
        return all(
            self.count(group, side, dict(place)) == count
            for side, release in enumerate(releases)
            for place, count in release.shown.items()
        )


def without(group: Sequence[Way], way: Way) -> list[Way]:
    """A group but for one child, who must be in it."""
    rest = list(group)
    rest.remove(way)
    return rest


@cache
def _histories(
    records: int, stay: int, joiners: int, leavers: int, changed: int
) -> tuple[tuple[Way, ...], ...]:
    return tuple(
        (*stayed, *((number, None) for number in left), *((None, number) for number in came))
        for stayed in _stayed(records, stay, changed)
        for left in combinations_with_replacement(range(records), leavers)
        for came in combinations_with_replacement(range(records), joiners)
    )


def _stayed(records: int, many: int, changed: int) -> Iterator[tuple[Way, ...]]:
    same: Iterable[Way] = [(number, number) for number in range(records)]
    other: Iterable[Way] = [
        (before, after) for before, after in product(range(records), repeat=2) if before != after
    ]
    for still in combinations_with_replacement(same, many - changed):
        for moved in combinations_with_replacement(other, changed):
            yield (*still, *moved)
