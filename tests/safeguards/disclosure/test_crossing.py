"""A child who crosses between two groups is told of in both: by hand, and counted out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random

import pytest

from safeguards.disclosure import Attribute, Crossing, Group, Release, publish
from safeguards.disclosure.solver.crossing import _steps
from safeguards.disclosure.solver.suppressed import HIDDEN
from safeguards.disclosure.solver.together import Crossed
from tests.support.reports.gate import LIMITS

DAY = date(2026, 11, 20)
OUT_OF, INTO = "looked after", "previously looked after"
SCORES = Attribute("scores", "Scores", ("up", "down", "similar"))
YEAR = Attribute("year", "Year group", ("lower", "upper"), is_public=True)

GROUPS = (OUT_OF, INTO)

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


Counts = tuple[int, int, int]
#: Of each group whether children join (1), leave (-1) or neither as one moves so.
WAYS = {"crosses": (-1, 1), "crosses back": (1, -1), "leaves": (-1, 0)}


def moved(counts: Counts, places: Sequence[int], ways: Sequence[str], side: int) -> Counts | None:
    """A group once children of these categories moved; None if they were not there."""
    found = list(counts)
    for place, way in zip(places, ways, strict=True):
        found[place] += min(0, WAYS[way][side])
    if min(found) < 0:
        return None
    for place, way in zip(places, ways, strict=True):
        found[place] += max(0, WAYS[way][side])
    return found[0], found[1], found[2]


Found = dict[tuple[int, ...], list[tuple[Counts, Counts]]]


def fitting(chain: Sequence[Release], ways: Sequence[str], side: int) -> Found:
    """By the categories of who moved, what one group can have been before and after."""
    every = [
        set(worlds(each.groups[GROUPS[side]].size, told(each, GROUPS[side]))) for each in chain
    ]
    before, after = every[0], set.intersection(*every[1:])
    found: Found = {}
    for places in product(range(3), repeat=len(ways)):
        ends = [(world, moved(world, places, ways, side)) for world in before]
        fits = [(world, end) for world, end in ends if end in after]
        if fits:
            found[places] = fits
    return found


def faults(chain: Sequence[Release], ways: Sequence[str]) -> list[str]:
    """What is certain, counted out over every way in which the groups can have been.

    ways: how each child moved before the second release; nobody moved later.
    """
    found = [fitting(chain, ways, side) for side in range(2)]
    both = found[0].keys() & found[1].keys()
    wrong = [
        f"who {way}" for number, way in enumerate(ways) if len({each[number] for each in both}) == 1
    ]
    for side, name in enumerate(GROUPS):
        possible = [ends for places in both for ends in found[side][places]]
        for at, each in enumerate(chain):
            for place, count in enumerate(told(each, name)):
                values = {ends[min(at, 1)][place] for ends in possible}
                is_asked = at < len(chain) - 1 or values <= set(range(1, LIMITS.small + 1))
                if count is HIDDEN and len(values) == 1 and is_asked:
                    wrong.append(f"{name}, {SCORES.categories[place]}: {values}")
    return wrong


def drawn(rng: Random, ways: Sequence[str]) -> tuple[Groups, Groups]:
    before = groups(
        [rng.randint(2, 9) for _ in SCORES.categories],
        [rng.randint(2, 9) for _ in SCORES.categories],
    )
    children = [dict(each.children) for each in before]
    for way in ways:
        source = 1 if way == "crosses back" else 0
        name = rng.choice(
            [each for each in sorted(children[source]) if each in before[source].children]
        )
        record = children[source].pop(name)
        if way != "leaves":
            children[1 - source][name] = record
    after = [replace(each, children=own) for each, own in zip(before, children, strict=True)]
    return before, (after[0], after[1])


@pytest.mark.parametrize(
    "ways",
    [
        ("crosses",),
        ("crosses", "leaves"),
        pytest.param(("crosses", "crosses"), marks=pytest.mark.slow),
        pytest.param(("crosses", "crosses back"), marks=pytest.mark.slow),
    ],
)
def test_both_groups_together_make_nothing_certain(ways: tuple[str, ...]) -> None:
    """No hidden count and nobody who moved; each group weighed by itself would give some away."""
    rng, cases, control = Random(3), 12, 0
    for number in range(cases):
        before, after = drawn(rng, ways)
        key = number.to_bytes(2)
        one = released(before, key=key)
        assert not faults([one, released(after, one, before=before, key=key)], ways)
        apart = [released(after, one, before=[each], key=key).groups for each in before]
        groups_of = {OUT_OF: apart[0][OUT_OF], INTO: apart[1][INTO]}
        control += bool(faults([one, replace(one, groups=groups_of)], ways))
    assert control


def test_later_reports_leave_it_so() -> None:
    """Nobody moves after the crossing; each later report is held against both groups."""
    rng = Random(11)
    for number in range(8):
        before, after = drawn(rng, ("crosses",))
        key = number.to_bytes(2)
        chain = [released(before, key=key)]
        chain.append(released(after, *chain, before=before, key=key))
        chain.append(released(after, *chain, before=after, key=b"another"))
        assert not faults(chain, ("crosses",))


def test_no_crossing_is_forgotten() -> None:
    """Each is held against all later reports, at the moments that its two groups had then."""
    before, after = drawn(Random(1), ("crosses",))
    one = released(before)
    two = released(after, one, before=before)
    three = released(after, one, two, before=after)
    without = replace(one, groups={OUT_OF: one.groups[OUT_OF]})
    (crossing,) = two.crossings
    assert _steps(OUT_OF, INTO, [one, two, three], ()) == [Crossed(crossing, True, 1, 1)]
    assert _steps(INTO, OUT_OF, [without, one, two, three], ()) == [Crossed(crossing, False, 1, 2)]
    assert _steps(INTO, OUT_OF, [without, two], (crossing,)) == [Crossed(crossing, False, 1, 2)]


def test_a_crossing_of_which_the_record_came_late_is_held_against_both() -> None:
    """Today's data say that the child had crossed before the first report, which told otherwise."""
    rng = Random(5)
    for number in range(12):
        before, after = drawn(rng, ("crosses",))
        key = number.to_bytes(2)
        one = released(before, key=key)
        two = released(after, one, before=after, key=key)
        assert two.crossings == (Crossing(OUT_OF, INTO, {}, {}, ("scores",), 1),)
        assert not faults([one, two], ("crosses",))


def public(first: Mapping[str, str], second: Mapping[str, str]) -> Groups:
    attributes, tables = (YEAR,), (("year",),)
    found = [
        Group(name, attributes, {child: (year,) for child, year in each.items()}, tables)
        for name, each in ((OUT_OF, first), (INTO, second))
    ]
    return found[0], found[1]


@pytest.mark.parametrize("way", [1, -1])
def test_it_is_remembered_how_children_crossed_and_not_who(way: int) -> None:
    """Two cross alike and one moves up to another year group as it does."""
    stay = {f"s{number}": "lower" for number in range(8)}
    three = {"a": "lower", "b": "lower", "c": "lower"}
    later = {"a": "lower", "b": "lower", "c": "upper"}
    before = public({**stay, **three}, {})[::way]
    after = public(stay, later)[::way]
    two = released(after, released(before), before=before)
    assert two.crossings == (
        Crossing(OUT_OF, INTO, {"year": "lower"}, {"year": "lower"}, (), 2),
        Crossing(OUT_OF, INTO, {"year": "lower"}, {"year": "upper"}, (), 1),
    )


def test_who_leaves_the_school_or_comes_to_it_crosses_nothing() -> None:
    before, after = public({"a": "lower", "b": "lower"}, {}), public({"b": "lower"}, {"c": "upper"})
    assert released(after, released(before), before=before).crossings == ()
