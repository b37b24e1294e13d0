"""A child who crosses between two groups is told of in both: by hand, and counted out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from gate import LIMITS

from safeguards.disclosure import Attribute, Crossing, Group, Release, publish
from safeguards.suppressed import HIDDEN

DAY = date(2026, 11, 20)
OUT_OF, INTO = "looked after", "previously looked after"
SCORES = Attribute("scores", "Scores", ("up", "down", "similar"))
YEAR = Attribute("year", "Year group", ("lower", "upper"), is_public=True)

Groups = tuple[Group, Group]


def groups(first: Sequence[int], second: Sequence[int]) -> Groups:
    """So many children of each category of `SCORES`, in each group."""

    def of(name: str, counts: Sequence[int]) -> Group:
        children = {
            f"{name} {category} {number}": (category,)
            for category, count in zip(SCORES.categories, counts, strict=True)
            for number in range(count)
        }
        return Group(name, (SCORES,), children, (("scores",),))

    return of(OUT_OF, first), of(INTO, second)


def crossed(before: Groups, category: str) -> Groups:
    """The groups once one child of this category has crossed."""
    first, second = (dict(each.children) for each in before)
    child = f"{OUT_OF} {category} 0"
    second[child] = first.pop(child)
    return replace(before[0], children=first), replace(before[1], children=second)


def released(
    asked: Sequence[Group], *earlier: Release, before: Sequence[Group] = (), key: bytes = b"k"
) -> Release:
    return publish(
        asked,
        as_at=DAY,
        earlier=earlier,
        before={each.name: each.children for each in before},
        key=key,
        limits=LIMITS,
    )


def told(release: Release, name: str) -> tuple[object, ...]:
    return tuple(
        release.groups[name].tables.get(("scores",), dict.fromkeys("123", HIDDEN)).values()
    )


def worlds(size: int, printed: tuple[object, ...]) -> Iterator[tuple[int, int, int]]:
    """Every way in which so many children can have the scores that are printed."""
    for up in range(size + 1):
        for down in range(size + 1 - up):
            world = (up, down, size - up - down)
            if all(
                count is HIDDEN or count == own for count, own in zip(printed, world, strict=True)
            ):
                yield world


def possible(chain: Sequence[Release], name: str, step: int) -> set[str]:
    """What whoever moved before the release `step` may be: the only one who moved."""
    every = [set(worlds(each.groups[name].size, told(each, name))) for each in chain]
    then, now = set.intersection(*every[:step]), set.intersection(*every[step:])
    return {
        category
        for before in then
        for after in now
        for place, category in enumerate(SCORES.categories)
        if sum(abs(a - b) for a, b in zip(before, after, strict=True))
        == abs(before[place] - after[place])
        == 1
    }


def both(chain: Sequence[Release], step: int = 1) -> set[str]:
    """What the child may be who left one group and joined the other, if it stayed as it was."""
    return possible(chain, OUT_OF, step) & possible(chain, INTO, step)


def drawn(rng: Random) -> tuple[Groups, Groups]:
    before = groups(
        [rng.randint(1, 12) for _ in SCORES.categories],
        [rng.randint(0, 12) for _ in SCORES.categories],
    )
    return before, crossed(before, rng.choice(SCORES.categories))


def test_both_groups_together_leave_more_than_one_thing() -> None:
    """Counted out over every way in which they can be; each group by itself would not do."""
    rng, cases, control = Random(7), 24, 0
    for number in range(cases):
        before, after = drawn(rng)
        key = number.to_bytes(2)
        one = released(before, key=key)
        two = released(after, one, before=before, key=key)
        assert len(both([one, two])) > 1
        apart = set(SCORES.categories)
        for then, now in zip(before, after, strict=True):
            first = released([then], key=key)
            second = released([now], first, before=[then], key=key)
            apart &= possible([first, second], now.name, 1)
        control += len(apart) == 1
    assert control > cases / 10


def test_later_reports_leave_it_so() -> None:
    """Nobody moves after the crossing; each later report is held against both groups."""
    rng = Random(11)
    for number in range(6):
        before, after = drawn(rng)
        key = number.to_bytes(2)
        chain = [released(before, key=key)]
        chain.append(released(after, *chain, before=before, key=key))
        for later in (b"a", b"b"):
            chain.append(released(after, *chain, before=after, key=later))
        assert len(both(chain)) > 1


def test_a_group_that_is_too_small_for_figures_now_is_held_against_what_it_told() -> None:
    before = groups((8, 7, 9), (2, 2, 2))
    after = crossed(before, "up")
    back = (after[0], replace(after[1], children=dict(list(after[1].children.items())[:3])))
    chain = [released(before)]
    chain.append(released(after, *chain, before=before))
    chain.append(released(back, *chain, before=after))
    assert not chain[2].groups[INTO].tables
    assert len(both(chain[:2])) > 1


def public(first: Mapping[str, str], second: Mapping[str, str]) -> Groups:
    attributes, tables = (YEAR,), (("year",),)
    found = [
        Group(name, attributes, {child: (year,) for child, year in each.items()}, tables)
        for name, each in ((OUT_OF, first), (INTO, second))
    ]
    return found[0], found[1]


@pytest.mark.parametrize("way", [1, -1])
def test_it_is_remembered_how_children_crossed_and_not_who_or_how_many(way: int) -> None:
    """Two cross alike and one moves up to another year group as it does."""
    stay = {f"s{number}": "lower" for number in range(8)}
    three = {"a": "lower", "b": "lower", "c": "lower"}
    later = {"a": "lower", "b": "lower", "c": "upper"}
    before = public({**stay, **three}, {})[::way]
    after = public(stay, later)[::way]
    two = released(after, released(before), before=before)
    assert two.crossings == (
        Crossing(OUT_OF, INTO, {"year": "lower"}, {"year": "lower"}),
        Crossing(OUT_OF, INTO, {"year": "lower"}, {"year": "upper"}),
    )


def test_who_leaves_the_school_or_comes_to_it_crosses_nothing() -> None:
    before, after = public({"a": "lower", "b": "lower"}, {}), public({"b": "lower"}, {"c": "upper"})
    assert released(after, released(before), before=before).crossings == ()
