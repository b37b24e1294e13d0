"""The disclosure gate on small groups whose answers are worked out by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguards.disclosure import Attribute, Duty, Group, Release, SumFigures, Sums, publish
from safeguards.disclosure.solver.groups import find_components, find_table_to_drop
from safeguards.disclosure.solver.sessions import OTHER
from safeguards.disclosure.solver.suppressed import HIDDEN
from safeguards.errors import DisclosureError
from tests.support.reports.gate import LIMITS

DAY = date(2026, 11, 20)
YEAR = Attribute("year", "Year group", ("lower", "upper"), is_public=True)
PLAN = Attribute("plan", "Plan", ("yes", "no"))
SDQ = Attribute("sdq", "Scores", ("up", "down", "similar"))


def group(
    counts: Mapping[tuple[str, ...], int], *attributes: Attribute, tables: Any = None
) -> Group:
    """Children of each kind, numbered."""
    children = {
        f"{'-'.join(kind)}-{number}": kind
        for kind, count in counts.items()
        for number in range(count)
    }
    asked = tables or tuple((each.key,) for each in attributes)
    return Group("looked after", attributes, children, asked)


def released(
    asked: Group, *earlier: Release, before: Group | None = None, key: Any = b"k"
) -> Release:
    return publish(
        [asked],
        as_at=DAY,
        earlier=earlier,
        before={asked.name: before.children} if before else {},
        key=key,
        limits=LIMITS,
    )


def counts(release: Release, table: tuple[str, ...]) -> list[object]:
    return list(release.groups["looked after"].tables[table].values())


def is_all_hidden(found: list[object]) -> bool:
    return all(count is HIDDEN for count in found)


def plans(yes: int, no: int) -> Group:
    return group({("yes",): yes, ("no",): no}, PLAN)


@pytest.mark.parametrize(("yes", "no"), [(6, 6), (6, 20), (7, 6), (15, 9)])
def test_counts_of_six_and_more_are_published(yes: int, no: int) -> None:
    assert counts(released(plans(yes, no)), ("plan",)) == [yes, no]


@pytest.mark.parametrize(("yes", "no"), [(1, 11), (5, 7), (3, 3), (5, 25), (0, 12), (12, 0)])
def test_a_small_count_takes_the_other_with_it_and_so_do_all_and_none(yes: int, no: int) -> None:
    assert is_all_hidden(counts(released(plans(yes, no)), ("plan",)))


def test_a_nought_among_three_is_a_figure() -> None:
    asked = group({("up",): 7, ("down",): 8, ("similar",): 0}, SDQ)
    assert counts(released(asked), ("sdq",)) == [7, 8, 0]


def test_of_two_that_could_be_hidden_the_smaller_is() -> None:
    asked = group({("up",): 2, ("down",): 7, ("similar",): 12}, SDQ)
    up, down, similar = counts(released(asked), ("sdq",))
    assert (up, down, similar) == (HIDDEN, HIDDEN, 12)


@pytest.mark.parametrize(
    ("size", "told", "tables"),
    [
        (5, False, set()),
        (6, True, {("plan",), ("year",)}),
        (9, True, {("plan",), ("year",)}),
        (10, True, {("plan",), ("year",), ("plan", "year")}),
    ],
)
def test_how_much_is_said_hangs_on_how_many_there_are(
    size: int, told: bool, tables: set[tuple[str, ...]]
) -> None:
    asked = group(
        {("yes", "lower"): size - 3, ("no", "upper"): 3},
        PLAN,
        YEAR,
        tables=(("plan",), ("year",), ("plan", "year")),
    )
    found = released(asked).groups["looked after"]
    assert (found.is_told, set(found.tables)) == (told, tables)


def test_a_class_of_which_all_are_so_is_not_told_by_a_split() -> None:
    """Of 8 in the upper juniors all have a plan: 8 of 8 would tell it of each."""
    asked = group(
        {("yes", "lower"): 8, ("no", "lower"): 8, ("yes", "upper"): 8},
        PLAN,
        YEAR,
        tables=(("plan",), ("year",), ("plan", "year")),
    )
    found = released(asked).groups["looked after"].tables
    split = found["plan", "year"]
    assert split["yes", "upper"] is HIDDEN
    assert split["no", "upper"] is HIDDEN


def test_a_child_who_joined_is_not_found_by_subtraction() -> None:
    first, second = plans(6, 6), plans(7, 6)
    alone = released(second)
    assert counts(alone, ("plan",)) == [7, 6]
    one = released(first)
    two = released(second, one, before=first)
    assert is_all_hidden(counts(two, ("plan",)))


def test_a_child_who_left_is_not_found_by_subtraction() -> None:
    first, second = plans(8, 7), plans(8, 6)
    two = released(second, released(first), before=first)
    assert is_all_hidden(counts(two, ("plan",)))


def test_a_child_whose_plan_began_is_not_found_by_subtraction() -> None:
    first = plans(7, 7)
    children = dict(first.children)
    children["no-0"] = ("yes",)
    second = replace(first, children=children)
    two = released(second, released(first), before=first)
    assert is_all_hidden(counts(two, ("plan",)))


def test_a_change_is_not_found_where_all_know_which_attribute_changed() -> None:
    """Scores moved too, though not in the same table: that a plan began is known all the same."""
    kinds = {("yes", "up"): 4, ("no", "up"): 3, ("yes", "down"): 3, ("no", "down"): 4}
    first = group({(*kind, "lower"): count for kind, count in kinds.items()}, PLAN, SDQ, YEAR)
    tables = (("plan",), ("sdq",), ("year",), ("plan", "year"), ("sdq", "year"))
    first = replace(first, tables=tables)
    children = dict(first.children)
    children["no-up-lower-0"] = ("yes", "up", "lower")
    children["yes-down-lower-0"] = ("yes", "up", "lower")
    second = replace(first, children=children)
    two = released(second, released(first), before=first)
    assert is_all_hidden(counts(two, ("plan",)))


def test_two_who_joined_may_be_told_where_they_differ() -> None:
    """8 and 7 after 7 and 6: one of the two has a plan and nobody knows which."""
    first, second = plans(7, 6), plans(8, 7)
    two = released(second, released(first), before=first)
    assert counts(two, ("plan",)) == [8, 7]


def test_two_who_joined_and_are_alike_are_not() -> None:
    first, second = plans(7, 6), plans(9, 6)
    two = released(second, released(first), before=first)
    assert is_all_hidden(counts(two, ("plan",)))


def test_what_a_report_hid_is_not_given_by_the_next_one() -> None:
    """A joiner's attribute was hidden in the second; nobody moved before the third."""
    first, second = plans(6, 6), plans(7, 6)
    one = released(first)
    two = released(second, one, before=first)
    three = released(second, one, two, before=second)
    assert is_all_hidden(counts(three, ("plan",)))


def test_the_same_data_are_told_the_same_way_again() -> None:
    asked = group(
        {("up", "lower"): 7, ("down", "lower"): 6, ("similar", "upper"): 3, ("up", "upper"): 6},
        SDQ,
        YEAR,
        tables=(("sdq",), ("year",), ("sdq", "year")),
    )
    one = released(asked)
    other = replace(asked, children=dict(reversed(list(asked.children.items()))))
    again = released(other, one, before=asked)
    assert repr(one.groups["looked after"].tables) == repr(again.groups["looked after"].tables)


def test_ties_hang_on_the_key() -> None:
    """Beside a small count one of two sevens is hidden: which one, the key says."""
    asked = group({("up",): 2, ("down",): 7, ("similar",): 7}, SDQ)
    found = {repr(counts(released(asked, key=bytes([n])), ("sdq",))) for n in range(12)}
    assert found == {"[c, c, 7]", "[c, 7, c]"}


def test_a_correction_that_came_later_does_not_stop_the_next_report() -> None:
    """The first said 6 and 6, though today's data say 9 and 3 of that day."""
    one = released(plans(6, 6))
    corrected = plans(9, 3)
    two = released(plans(10, 7), one, before=corrected)
    assert counts(two, ("plan",)) == [10, 7]


def test_a_joiner_of_whom_the_data_came_late_is_not_found_by_subtraction() -> None:
    """Today's data say that the child was there at the first report, which counted 15."""
    first = group({("up",): 7, ("similar",): 8}, SDQ)
    second = group({("up",): 8, ("similar",): 8}, SDQ)
    two = released(second, released(first), before=second)
    assert counts(two, ("sdq",))[0] is HIDDEN


def test_a_leaver_of_whom_no_data_are_left_is_not_found_by_subtraction() -> None:
    """Erased or restricted since: nobody is seen to leave, and one fewer is there."""
    first, second = plans(8, 7), plans(8, 6)
    two = released(second, released(first), before=second)
    assert is_all_hidden(counts(two, ("plan",)))


def test_those_who_stayed_are_not_found_where_nearly_all_moved() -> None:
    """6, 7 and 0, then 0, 7 and 6; eleven came and eleven left: the two who stayed would be
    known to be among the seven both times."""
    stayed = {"s1": ("down",), "s2": ("down",)}
    first = {f"a{n}": (("up",) if n < 6 else ("down",)) for n in range(11)}
    second = {f"b{n}": (("down",) if n < 5 else ("similar",)) for n in range(11)}
    groups = [replace(group({}, SDQ), children={**stayed, **each}) for each in (first, second)]
    two = released(groups[1], released(groups[0]), before=groups[0])
    assert HIDDEN in counts(two, ("sdq",))[:1]


def test_what_all_can_see_stops_no_report() -> None:
    """6 and 8, and one of the six leaves: by the year groups that is known without a report."""
    first = group({("lower",): 6, ("upper",): 8}, YEAR)
    second = group({("lower",): 5, ("upper",): 8}, YEAR)
    two = released(second, released(first), before=first)
    assert is_all_hidden(counts(two, ("year",)))


def test_moves_are_known_though_another_subject_is_linked_since() -> None:
    """The second report says nothing of plans; a joiner's scores are not known all the same."""
    tables = (("sdq",), ("year",), ("sdq", "year"))
    first = group({("up", "lower"): 7, ("down", "upper"): 8}, SDQ, YEAR, tables=tables)
    joined = replace(first, children={**first.children, "new": ("up", "lower")})
    wide = Group(
        "looked after",
        (SDQ, YEAR, PLAN),
        {
            child: (*kind, "yes" if at % 2 else "no")
            for at, (child, kind) in enumerate(joined.children.items())
        },
        (*tables, ("plan",), ("plan", "year")),
    )
    one = released(first)
    two = released(joined, one, before=first)
    three = released(wide, one, two, before=wide)
    assert counts(two, ("sdq",))[0] is HIDDEN
    assert counts(three, ("sdq",))[0] is HIDDEN


def test_without_time_nothing_is_published() -> None:
    with pytest.raises(DisclosureError, match="nothing is published"):
        publish(
            [plans(6, 5)],
            as_at=DAY,
            earlier=(),
            before={},
            key=b"k",
            limits=replace(LIMITS, seconds=0),
        )


def test_too_many_kinds_of_child_are_refused_with_the_table_to_drop() -> None:
    wide = Attribute("wide", "Wide", tuple(f"w{n}" for n in range(60)))
    asked = group(
        {("yes", "lower", "w1"): 12},
        PLAN,
        YEAR,
        wide,
        tables=(("plan", "year"), ("wide",), ("wide", "plan")),
    )
    with pytest.raises(DisclosureError, match="Leave out the table Wide by Plan"):
        released(asked)


def test_attributes_are_linked_by_tables_only() -> None:
    attributes = {each.key: each for each in (YEAR, PLAN, SDQ)}
    assert find_components((("plan",), ("sdq", "year")), attributes) == (
        ("year", "sdq"),
        ("plan",),
    ) or (
        set(find_components((("plan",), ("sdq", "year")), attributes))
        == {("year", "sdq"), ("plan",)}
    )
    assert find_components((("plan", "year"), ("sdq", "year")), attributes) == (
        ("year", "plan", "sdq"),
    )
    assert find_table_to_drop((("plan", "year"),), attributes, 4) is None


@pytest.mark.parametrize("size", [5, 6])
def test_a_duty_is_told_in_numbers_or_in_a_word(size: int) -> None:
    found = publish(
        [plans(size, 0)],
        as_at=DAY,
        earlier=(),
        before={},
        key=b"k",
        limits=LIMITS,
        duties=[Duty("pep", "looked after", due=size, done=size)],
    ).duties["pep"]
    assert found == ("all" if size == 5 else Duty("pep", "looked after", due=6, done=6))


@pytest.mark.parametrize(
    ("due", "done", "word"), [(0, 0, "nothing due"), (2, 2, "all"), (3, 1, "some"), (2, 0, "none")]
)
def test_the_words_of_a_duty(due: int, done: int, word: str) -> None:
    assert Duty("pep", "looked after", due=due, done=done).extent == word


def test_what_was_done_late_is_told_in_words_too() -> None:
    assert Duty("pep", "looked after", due=2, done=2, done_late=1).extent == "all, some late"


def missed(**shares: int) -> Sums:
    return Sums("missed", "looked after", shares, {"illness": shares})


def told(sums: Sums, size: int = 12, before: list[tuple[Sums, SumFigures]] | None = None) -> Any:
    return publish(
        [plans(size, 0)],
        as_at=DAY,
        earlier=(),
        before={},
        key=b"k",
        limits=LIMITS,
        sums=[sums],
        sums_before={"missed": before or []},
    ).sums["missed"]


@pytest.mark.parametrize(
    ("shares", "total"),
    [
        ({"a": 10, "b": 5, "c": 5}, 20),  # exactly half
        ({"a": 11, "b": 5, "c": 5}, None),  # over half
        ({"a": 10, "b": 10}, None),  # each of two knows the other's
        ({"a": 0, "b": 0}, None),  # nought would tell it of each
    ],
)
def test_no_child_holds_over_half_of_a_sum(shares: dict[str, int], total: int | None) -> None:
    assert told(missed(**shares)).total == total


def test_a_sum_is_told_of_six_children_or_more() -> None:
    assert told(missed(a=5, b=5, c=5), size=5).total is None
    assert told(missed(a=5, b=5, c=5), size=6).total == 15


def test_a_sum_is_not_told_when_what_it_grew_by_is_one_childs() -> None:
    then = missed(a=5, b=5, c=5)
    before = [(then, told(then))]
    assert told(missed(a=9, b=6, c=5), before=before).total is None
    assert told(missed(a=7, b=6, c=6), before=before).total == 19
    assert told(then, before=before).total == 15


def test_a_part_is_held_against_every_report_that_told_of_it() -> None:
    """Told as 15, then pooled away because one child had grown by 9, then asked for again."""

    def parts(ill: dict[str, int], trip: dict[str, int]) -> Sums:
        shares = {child: ill.get(child, 0) + trip.get(child, 0) for child in {*ill, *trip}}
        return Sums("missed", "looked after", shares, {"i": ill, "t": trip})

    trip = {"d": 6, "e": 6, "f": 6}
    first = parts({"a": 5, "b": 5, "c": 5}, trip)
    second = parts({"a": 14, "b": 6, "c": 6}, {"d": 12, "e": 12, "f": 12})
    third = parts({"a": 15, "b": 7, "c": 7}, {"d": 14, "e": 14, "f": 14})
    one = told(first)
    assert one.parts == (("t", 18), ("i", 15))
    two = told(second, before=[(first, one)])
    assert two.parts == ()
    three = told(third, before=[(first, one), (second, two)])
    assert three.parts == ()


def test_parts_that_are_one_childs_are_pooled_so_that_nothing_is_left_to_subtract() -> None:
    ill, trip, late = {"a": 9, "b": 9, "c": 9}, {"d": 4}, {"a": 3, "b": 2, "e": 2}
    shares = {"a": 12, "b": 11, "c": 9, "d": 4, "e": 2}
    found = told(Sums("missed", "looked after", shares, {"i": ill, "t": trip, "l": late}))
    assert found.parts == (("i", 27), (OTHER, 11))
    assert sum(count for _, count in found.parts) == found.total


def test_where_no_part_may_be_told_the_total_stands_alone() -> None:
    parts = {"i": {"a": 4}, "t": {"b": 4}, "l": {"c": 4}}
    found = told(Sums("missed", "looked after", {"a": 4, "b": 4, "c": 4}, parts))
    assert (found.total, found.parts) == (12, ())


def worlds(size: int, kinds: int) -> Iterator[tuple[int, ...]]:
    """Every way in which `size` children can be of `kinds` kinds."""
    if kinds == 1:
        yield (size,)
        return
    for first in range(size + 1):
        for rest in worlds(size - first, kinds - 1):
            yield (first, *rest)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(10, 14))
def test_every_world_that_fits_leaves_what_must_stay_possible(seed: int, size: int) -> None:
    """Counted out one by one: no solver on this side."""
    rng = Random(seed)
    kinds = tuple(product(PLAN.categories, YEAR.categories))
    true = [0] * len(kinds)
    for _ in range(size):
        true[rng.randrange(len(kinds))] += 1
    asked = group(
        dict(zip(kinds, true, strict=True)),
        PLAN,
        YEAR,
        tables=(("plan",), ("year",), ("plan", "year")),
    )
    found = released(asked).groups["looked after"].tables
    cells = {
        (table, cell): [all(category in kind for category in cell) for kind in kinds]
        for table, told in found.items()
        for cell in told
    }

    def count(world: tuple[int, ...], cell: list[bool]) -> int:
        return sum(number for number, inside in zip(world, cell, strict=True) if inside)

    fitting = [
        world
        for world in worlds(size, len(kinds))
        if all(
            found[table][cell] is HIDDEN or count(world, inside) == found[table][cell]
            for (table, cell), inside in cells.items()
        )
    ]
    assert tuple(true) in fitting
    for (table, cell), inside in cells.items():
        known = found[table][cell]
        true_count = count(tuple(true), inside)
        assert (known is HIDDEN) or known == true_count
        if known is not HIDDEN:
            assert known == 0 or known > LIMITS.small
            continue
        for insider in (None, *(at for at, number in enumerate(true) if number)):
            own = int(insider is not None and inside[insider])
            possible = {
                count(world, inside) for world in fitting if insider is None or world[insider] >= 1
            }
            assert min(possible) == own
            assert max(possible) >= own + LIMITS.narrowest - 1
