"""What readers of reports can conclude, on figures whose answers are worked out by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguards.disclosure import (
    Attribute,
    Certain,
    Group,
    GroupFigures,
    Release,
    compute_intervals,
    find_certain_facts,
    publish,
)
from safeguards.disclosure.solver.suppressed import HIDDEN, Suppressed
from safeguards.disclosure.solver.timeline import Moves
from safeguards.errors import DisclosureError
from tests.support.reports.gate import LIMITS

YEAR = Attribute("year", "Year group", ("lower", "upper"), is_public=True)
PLAN = Attribute("plan", "Plan", ("yes", "no"))
SDQ = Attribute("sdq", "Scores", ("up", "down", "similar"))
TOGETHER = ("plan", "year")

Tables = Mapping[tuple[str, ...], Mapping[tuple[str, ...], int | Suppressed]]


def figures(
    size: int,
    tables: Tables,
    *attributes: Attribute,
    moves: Any = None,
) -> GroupFigures:
    return GroupFigures("looked after", size, True, attributes, tables, moves or {})


def plans(yes: Any, no: Any, size: int, moves: Moves | None = None) -> GroupFigures:
    tables: Tables = {("plan",): {("yes",): yes, ("no",): no}}
    return figures(size, tables, PLAN, moves={("plan",): moves} if moves else {})


def split(size: int, *counts: Any, moves: Any = None) -> GroupFigures:
    """Yes by lower and upper, then no by lower and upper."""
    cells = product(PLAN.categories, YEAR.categories)
    table: dict[tuple[str, ...], Any] = dict(zip(cells, counts, strict=True))
    return figures(size, {TOGETHER: table}, PLAN, YEAR, moves=moves)


def moved(joined: Any = None, left: Any = None, before: Any = None, after: Any = None) -> Moves:
    changed = sum((before or {}).values())
    return Moves(joined or {}, left or {}, changed, before or {}, after or {}, {"plan": changed})


# Of one report


def test_a_hidden_count_beside_a_shown_one_is_found_by_subtraction() -> None:
    assert compute_intervals(plans(HIDDEN, 8, size=12)) == {(("plan",), ("yes",)): (4, 4)}


def test_two_hidden_counts_can_be_anything_that_adds_up() -> None:
    assert set(compute_intervals(plans(HIDDEN, HIDDEN, size=12)).values()) == {(0, 12)}


def test_one_table_tells_of_another_with_the_same_attribute() -> None:
    """7 of 12 have a plan, 3 of them in the lower juniors: 4 in the upper."""
    both = split(12, 3, HIDDEN, HIDDEN, HIDDEN)
    both = replace(both, tables={**both.tables, ("plan",): {("yes",): 7, ("no",): HIDDEN}})
    assert compute_intervals(both) == {
        (TOGETHER, ("yes", "upper")): (4, 4),
        (TOGETHER, ("no", "lower")): (0, 5),
        (TOGETHER, ("no", "upper")): (0, 5),
        (("plan",), ("no",)): (5, 5),
    }


def test_where_nothing_is_hidden_there_is_nothing_to_conclude() -> None:
    assert compute_intervals(plans(6, 6, size=12)) == {}


def test_what_is_all_in_one_category_is_certain_of_everybody() -> None:
    found = find_certain_facts([plans(12, 0, size=12)])
    assert found == [Certain(0, "present", {}, "plan", "yes")]
    assert find_certain_facts([plans(11, 1, size=12)]) == []


def test_it_is_certain_of_a_class_of_which_there_is_somebody() -> None:
    """No child of the upper juniors is without a plan; of the lower, one knows less."""
    found = find_certain_facts([split(12, HIDDEN, 6, HIDDEN, 0)])
    assert found == [Certain(0, "present", {"year": "upper"}, "plan", "yes")]


def test_of_a_class_that_may_be_empty_nothing_is_certain() -> None:
    assert find_certain_facts([split(12, 6, HIDDEN, 6, 0)]) == []
    assert find_certain_facts([split(12, HIDDEN, HIDDEN, HIDDEN, 0)]) == []


def test_what_others_see_anyway_is_not_found_out() -> None:
    year: Tables = {("year",): {("lower",): 12, ("upper",): 0}}
    assert find_certain_facts([figures(12, year, YEAR)]) == []


# Of several


def test_a_joiner_is_found_by_subtraction_unless_the_second_report_is_silent() -> None:
    came = moved(joined={(): 1})
    first = plans(6, 6, size=12)
    found = find_certain_facts([first, plans(7, 6, 13, came)])
    assert found == [Certain(1, "joined", {}, "plan", "yes")]
    assert find_certain_facts([first, plans(HIDDEN, HIDDEN, 13, came)]) == []


def test_a_leaver_is_found_by_subtraction() -> None:
    gone = moved(left={(): 1})
    found = find_certain_facts([plans(6, 7, size=13), plans(6, 6, 12, gone)])
    assert found == [Certain(1, "left", {}, "plan", "no")]


def test_a_change_is_found_as_it_was_and_as_it_is() -> None:
    change = moved(before={(): 1}, after={(): 1})
    found = find_certain_facts([plans(6, 7, size=13), plans(7, 6, 13, change)])
    assert found == [
        Certain(1, "before", {}, "plan", "no"),
        Certain(1, "after", {}, "plan", "yes"),
        Certain(1, "turned", {}, "plan", "no"),
        Certain(1, "turned", {}, "plan", "yes"),
    ]


def test_two_joiners_who_differ_are_not_told_apart_and_two_alike_are() -> None:
    came = moved(joined={(): 2})
    first = plans(6, 6, size=12)
    assert find_certain_facts([first, plans(7, 7, 14, came)]) == []
    assert find_certain_facts([first, plans(8, 6, 14, came)]) == [
        Certain(1, "joined", {}, "plan", "yes")
    ]


def test_joiners_are_told_apart_by_year_group() -> None:
    came = {TOGETHER: moved(joined={("lower",): 1, ("upper",): 1})}
    found = find_certain_facts([split(24, 6, 6, 6, 6), split(26, 7, 6, 6, 7, moves=came)])
    assert found == [
        Certain(1, "joined", {"year": "lower"}, "plan", "yes"),
        Certain(1, "joined", {"year": "upper"}, "plan", "no"),
    ]


def test_a_later_report_gives_away_what_an_earlier_one_hid() -> None:
    first, nobody = plans(HIDDEN, HIDDEN, size=13), moved()
    second = plans(7, HIDDEN, 13, nobody)
    third = plans(HIDDEN, HIDDEN, 13, nobody)
    assert set(compute_intervals(third).values()) == {(0, 13)}
    assert set(compute_intervals(third, [first]).values()) == {(0, 13)}
    found = compute_intervals(third, [first, second])
    assert found == {(("plan",), ("yes",)): (7, 7), (("plan",), ("no",)): (6, 6)}


def test_the_gate_holds_where_each_report_alone_does_not() -> None:
    """The control is the same report, made without memory."""
    children = {
        f"{kind}-{year}-{number}": (kind, year)
        for kind, year in product(PLAN.categories, YEAR.categories)
        for number in range(7)
    }
    group = Group("looked after", (PLAN, YEAR), children, (("plan",), ("year",), TOGETHER))
    grown = replace(group, children={**children, "new": ("yes", "upper")})

    def told(asked: Group, *earlier: Any, before: Any = None) -> Release:
        return publish(
            [asked],
            as_at=date(2026, 11, 20),
            earlier=earlier,
            before={asked.name: before} if before else {},
            key=b"k",
            limits=LIMITS,
        )

    first = told(group)
    held = told(grown, first, before=children).groups[grown.name]
    alone = replace(told(grown).groups[grown.name], moves=held.moves)
    then = first.groups[group.name]
    assert find_certain_facts([then, held]) == []
    assert Certain(1, "joined", {"year": "upper"}, "plan", "yes") in find_certain_facts(
        [then, alone]
    )


def test_a_correction_that_came_later_proves_nothing() -> None:
    """One joined, and 9 more have a plan: today's data of that day are other ones."""
    came = moved(joined={(): 1})
    assert find_certain_facts([plans(0, 12, size=12), plans(9, 4, 13, came)])[-1].moment == 0


def test_figures_that_no_children_could_have_are_told() -> None:
    with pytest.raises(DisclosureError, match="contradict"):
        compute_intervals(plans(9, HIDDEN, size=8))
    with pytest.raises(DisclosureError, match="contradict"):
        find_certain_facts([plans(5, 8, size=12)])


def test_without_time_nothing_is_concluded() -> None:
    for ask in (lambda: compute_intervals(plans(HIDDEN, 8, 12), seconds=0),
                lambda: find_certain_facts([plans(6, 6, 12)], seconds=0)):  # fmt: skip
        with pytest.raises(DisclosureError, match="seconds"):
            ask()


def test_a_group_without_figures_or_reports_tells_nothing() -> None:
    silent = GroupFigures("looked after", 4, False, (PLAN,), {})
    assert compute_intervals(silent) == {}
    assert find_certain_facts([silent]) == find_certain_facts([]) == []


def worlds(size: int, kinds: int) -> Iterator[tuple[int, ...]]:
    """Every way in which `size` children can be of `kinds` kinds."""
    if kinds == 1:
        yield (size,)
        return
    for first in range(size + 1):
        for rest in worlds(size - first, kinds - 1):
            yield (first, *rest)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9))
def test_it_concludes_what_counting_out_every_world_does(seed: int, size: int) -> None:
    """No solver on this side; any cells are hidden, safe or not."""
    rng = Random(seed)
    kinds = tuple(product(PLAN.categories, YEAR.categories))
    true = [0] * len(kinds)
    for _ in range(size):
        true[rng.randrange(len(kinds))] += 1
    inside = {
        (table, cell): [
            all(kind[(PLAN, YEAR).index(each)] == category
                for each, category in zip(by, cell, strict=True))
            for kind in kinds
        ]
        for table, by in {("plan",): (PLAN,), ("year",): (YEAR,), TOGETHER: (PLAN, YEAR)}.items()
        for cell in product(*(each.categories for each in by))
    }  # fmt: skip

    def count(world: tuple[int, ...], key: tuple[tuple[str, ...], tuple[str, ...]]) -> int:
        return sum(number for number, here in zip(world, inside[key], strict=True) if here)

    tables: dict[tuple[str, ...], dict[tuple[str, ...], int | Suppressed]] = {}
    for table, cell in inside:
        is_hidden = rng.random() < 0.6
        tables.setdefault(table, {})[cell] = (
            HIDDEN if is_hidden else count(tuple(true), (table, cell))
        )
    asked = figures(size, tables, PLAN, YEAR)
    fitting = [
        world
        for world in worlds(size, len(kinds))
        if all(
            tables[table][cell] is HIDDEN or tables[table][cell] == count(world, (table, cell))
            for table, cell in inside
        )
    ]
    expected = {
        (table, cell): (
            min(count(world, (table, cell)) for world in fitting),
            max(count(world, (table, cell)) for world in fitting),
        )
        for table, cell in inside
        if tables[table][cell] is HIDDEN
    }
    assert compute_intervals(asked) == expected
    assert {(each.known_by["year"], each.category) for each in find_certain_facts([asked])} == {
        (year, plan)
        for year, plan in product(YEAR.categories, PLAN.categories)
        if min(count(world, (("year",), (year,))) for world in fitting)
        and all(
            count(world, (TOGETHER, (plan, year))) == count(world, (("year",), (year,)))
            for world in fitting
        )
    }
