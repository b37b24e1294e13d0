"""What can be concluded from statements, held against trying out every possible group."""

from collections.abc import Sequence
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from safeguards.disclosure.bands import Band
from safeguards.disclosure.worlds import Worlds

_CHILDREN = "ABCDEF"


def list_worlds(
    rows: Sequence[Sequence[int]], said: Sequence[Band], children: int
) -> list[tuple[int, ...]]:
    """Every way in which so many children can have an attribute, that agrees with all rows."""
    return [
        world
        for world in product((0, 1), repeat=children)
        if all(
            band.least
            <= sum(has * there for has, there in zip(world, row, strict=True))
            <= band.most
            for row, band in zip(rows, said, strict=True)
        )
    ]


def is_in_doubt(rows: Sequence[Sequence[int]], said: Sequence[Band], values: int) -> bool:
    """By trying all: each insider, whatever they know of themselves, and all others."""
    everybody = range(len(rows[0]))
    worlds = list_worlds(rows, said, len(rows[0]))
    if not worlds:
        return False
    for row in rows:
        counts = {sum(w for w, there in zip(world, row, strict=True) if there) for world in worlds}
        if max(counts) - min(counts) + 1 < values:
            return False
    for insider in everybody:
        others = [each for each in everybody if each != insider]
        rest = [[row[each] for each in others] for row in rows]
        for own in product(*((0, 1) if row[insider] else (0,) for row in rows)):
            left = [
                Band(band.least - part, band.most - part)
                for band, part in zip(said, own, strict=True)
            ]
            # who finds that somebody has changed forgets what was said first
            found = next(
                worlds
                for start in range(len(rows) + 1)
                if (worlds := list_worlds(rest[start:], left[start:], len(others)))
            )
            if any(len({world[at] for world in found}) == 1 for at in range(len(others))):
                return False
    return True


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[list[int]], list[Band]]:
    """Up to six children in up to three rows, each child in one at least, and a band of each."""
    count = draw(st.integers(1, 3))
    children = draw(
        st.lists(
            st.lists(st.integers(0, 1), min_size=count, max_size=count).filter(any),
            min_size=2,
            max_size=len(_CHILDREN),
        )
    )
    rows = [[child[at] for child in children] for at in range(count)]
    edges = st.tuples(st.integers(0, len(children)), st.integers(0, len(children)))
    said = [Band(*sorted(draw(edges))) for _ in rows]
    return rows, said


@settings(max_examples=60)
@example(([[1, 1, 1, 1, 1, 1]], [Band(0, 4)]), 4)
@example(([[1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 0, 1]], [Band(0, 2), Band(3, 5)]), 1)
@example(([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], [Band(0, 2), Band(1, 3)]), 1)
@given(histories(), st.integers(1, 5))
def test_doubt_is_what_trying_all_finds(
    history: tuple[list[list[int]], list[Band]], values: int
) -> None:
    """Short cuts, solver and what was found before change nothing."""
    rows, said = history
    worlds = Worlds(
        [
            frozenset(child for child, there in zip(_CHILDREN, row, strict=False) if there)
            for row in rows
        ]
    )
    for asked in (said, [Band(0, len(row)) for row in rows], said):
        assert worlds.is_doubt_left(asked, values) == is_in_doubt(rows, asked, values)


def test_one_who_came_is_told_by_two_counts_side_by_side() -> None:
    """Of twelve at most five have it; one joins, and it is six or more: that one has it."""
    before = frozenset(f"child {number}" for number in range(12))
    worlds = Worlds([before, before | {"the joiner"}])
    assert not worlds.is_doubt_left([Band(0, 5), Band(6, 13)], 1)
    assert worlds.is_doubt_left([Band(0, 5), Band(0, 6)], 4)
    assert not worlds.is_doubt_left([Band(0, 4), Band(6, 13)], 1), "somebody must have changed"
