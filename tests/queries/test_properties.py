"""Compare attendance and duties with a second working-out, on made-up schools.

A school is drawn from its number, so that a failure names the school to look at:
`worlds.drawn_world(17)`.  Every other mart and check has its specs by hand.
"""

import inspect
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from queries import reference
from queries.contract import sql
from queries.store import store
from queries.views import days, views
from queries.views.days import DayTables
from tests.support.oracle import reference as oracle
from tests.support.oracle.reference_duties import RULES, DutyAnswers
from tests.support.oracle.rules import Rules, apply
from tests.support.oracle.world import World
from tests.support.oracle.worlds import drawn_day, drawn_register_day, drawn_world, list_rows
from tests.support.sizes import Count, seed, size
from tests.support.small_store import SmallStore
from tests.support.text_tables import Row

#: The numbers of the schools: another LAC_SEED draws other schools.
_FIRST = 1000 * seed()
SCHOOLS = range(_FIRST, _FIRST + max(12, size("properties.schools")))
#: Marts that the reference works out.
ANSWERED = (
    *("pupil_attendance", "pupil_week_attendance", "pupil_session", "pupil_this_week"),
    *("cohort_attendance", "cohort_week_attendance", "pupil_absence_reason"),
    *("school_attendance", "duty", "every_duty"),
)
_TESTS = Path(__file__).parents[1]


@pytest.fixture
def world(number: int) -> World:
    """The school of a number."""
    return drawn_world(number)


@pytest.fixture
def school(world: World, case: SmallStore) -> Iterator[SmallStore]:
    """A store with a drawn school in it, and with the rules of that."""
    case.set_rules(world.rules)
    case.put(list_rows(world))
    yield case
    case.set_rules(Rules())


def ordered(rows: Iterable[Row], columns: Iterable[str]) -> list[tuple[Any, ...]]:
    """Rows as tuples, in an order that does not depend on where they came from."""
    names = sorted(columns)
    return sorted((tuple(row[name] for name in names) for row in rows), key=repr)


def list_untold_columns(view: str, columns: Collection[str]) -> list[str]:
    """What the view's spec lacks: its file and each of these columns of which it has no word."""
    spec = _TESTS / "spec" / f"test_{view}.py"
    text = spec.read_text(encoding="utf-8") if spec.exists() else ""
    # a key stands in each answer without its name, and a child's codes are every view's
    known = {*views.load_views()[view].key, "school_key", "pupil_key", "pupil_id", "handle"}
    lacking = sorted(name for name in {*columns} - known if not re.search(rf"\b{name}\b", text))
    return [f"{spec.relative_to(_TESTS.parent)} has no word of {name}" for name in lacking]


def test_a_spec_tells_each_column(case: SmallStore) -> None:
    """Of a mart or check that neither the reference nor the registry tells of."""
    told = {*ANSWERED, *sql.build_views()}
    untold = [
        lacking
        for view in views.load_views().values()
        if view.layer in ("marts", "checks") and view.name not in told
        for lacking in list_untold_columns(view.name, case.connection.table(view.name).columns)
    ]
    assert untold == []


def test_the_rules_are_those_that_ship() -> None:
    """Every threshold that the reference has by itself is a row of the product."""
    usual = Rules()
    rows = {row["name"]: row["value"] for row in reference.read("threshold").to_dicts()}
    thresholds = {name: Fraction(rows[name]) for name in usual.thresholds}
    assert usual.thresholds == thresholds


@pytest.mark.parametrize("number", SCHOOLS)
def test_answers_equal_the_reference(
    world: World, school: SmallStore, number: int, count: Count
) -> None:
    """Every row in every column is the one worked out in plain Python."""
    day = drawn_day(number, world)
    register_day = drawn_register_day(number, day)
    _assert_what_a_group_missed_is_one_figure(school, day, register_day)
    answers = DutyAnswers(world, day, register_day)
    for view in ANSWERED:
        expected, found = list(getattr(answers, view)()), school.ask(view, day, register_day)
        if not expected or not found:
            assert found == expected, f"{view} of school {number} on {day}"
            continue
        # a row about a child has its school where somebody asks for it (see test_views)
        columns = expected[0].keys() - ({"school_key"} - found[0].keys())
        untold = list_untold_columns(view, found[0].keys() - columns)
        oracle_file = Path(inspect.getfile(getattr(DutyAnswers, view))).relative_to(_TESTS.parent)
        assert untold == [], f"{'; '.join(untold)}, nor does {oracle_file} work it out"
        nulls = {name for row in found for name, value in row.items() if value is None}
        assert nulls <= set(views.load_views()[view].nullable), view
        assert ordered(found, columns) == ordered(expected, columns), (
            f"{view} of school {number} on {day}: {sorted(columns)}"
        )
    count("properties.schools", 1, 0, 0)


@pytest.mark.parametrize("number", SCHOOLS[: max(1, len(SCHOOLS) // 5)])
def test_keys_tell_rows_apart(world: World, school: SmallStore, number: int) -> None:
    """A view's key is never null and never twice, nor is a column null that may not be.

    And a plan that many cases have used answers as a new one does.
    """
    day = drawn_day(number, world)
    for view in views.load_views().values():
        rows = school.ask(view.name, day)
        anew = school.connection.execute(view.select).fetchall()
        assert sorted((tuple(row.values()) for row in rows), key=repr) == sorted(anew, key=repr)
        keys = [tuple(row[name] for name in view.key) for row in rows]
        assert len(set(keys)) == len(keys), f"{view.name} of school {number}"
        nulls = {name for row in rows for name, value in row.items() if value is None}
        assert nulls.isdisjoint(view.key), f"{view.name} of school {number}"
        if view.layer in ("marts", "checks"):
            assert nulls <= set(view.nullable), f"{view.name} of school {number}"
        for row in rows:
            _assert_parts_add_up(row)
    by_reason: dict[tuple[Any, ...], int] = {}
    for row in school.ask("pupil_absence_reason", day):
        child = (row["pupil_key"], row["academic_year"])
        by_reason[child] = by_reason.get(child, 0) + row["absent_sessions"]
    missed = {
        (row["pupil_key"], row["academic_year"]): row["absent_sessions"]
        for row in school.ask("pupil_attendance", day)
    }
    assert by_reason == {child: sessions for child, sessions in missed.items() if sessions}


def _assert_what_a_group_missed_is_one_figure(
    school: SmallStore, day: date, register_day: date
) -> None:
    """The year, its weeks and a governor report agree on who was in the group on the day."""
    weeks: dict[tuple[Any, ...], list[int]] = {}
    for row in school.ask("cohort_week_attendance", day, register_day):
        sums = weeks.setdefault((row["cohort"], row["academic_year"]), [0, 0])
        sums[0] += row["absent_sessions"]
        sums[1] += row["possible_sessions"]
    reported = [0, 0]
    for row in school.ask("report_child", day, register_day):
        reported[0] += row["missed_sessions"]
        reported[1] += row["open_sessions"]
    terms, marked = (
        school.ask(mart, day, register_day) for mart in ("report_term", "pupil_session")
    )
    years = {term["academic_year"] for term in terms}
    # The weeks have the marks of a school without terms as well, and those of the school year
    # that another school is already past.  The report has neither.
    # It is of one school, so a child of two has a row in each.
    schools = {term["school_key"] for term in terms}
    # of a term that is over the report has the days after the last full one too
    is_same_time = all(term["last_day"] <= register_day or term["last_day"] > day for term in terms)
    is_of_one = len(schools) == 1 and {row["school_key"] for row in marked} <= schools
    if is_same_time and is_of_one:
        for year in years if len(years) == 1 else ():
            absent, possible = weeks.get(("looked after", year), [0, 0])
            # school was open to somebody in each session that was possible for a child
            # but in one on a day outside the school's terms, which is in no term's total
            assert reported[0] <= absent
            if all(_is_in_a_term(row, terms) for row in marked):
                assert (reported[0], reported[1] >= possible) == (absent, True)
    for row in school.ask("cohort_attendance", day, register_day):
        key = row["cohort"], row["academic_year"]
        if row["cohort"] != "looked after 12 months":
            told = [row["on_day_absent_sessions"], row["on_day_possible_sessions"]]
            assert told == weeks.get(key, [0, 0])


def _is_in_a_term(row: Row, terms: list[Row]) -> bool:
    """Whether a mark is on a day of a term of its own school."""
    return any(
        term["school_key"] == row["school_key"]
        and term["first_day"] <= row["session_date"] <= term["last_day"]
        for term in terms
    )


def _assert_parts_add_up(row: Row) -> None:
    if {"possible_sessions", "attended_sessions"} <= row.keys():
        assert row["possible_sessions"] == row["attended_sessions"] + row["absent_sessions"]
        assert 0 <= row.get("late_sessions", 0) <= row["attended_sessions"]
    if {"authorised_absent_sessions", "absent_sessions"} <= row.keys():
        parts = row["authorised_absent_sessions"] + row["unauthorised_absent_sessions"]
        assert row["absent_sessions"] == parts
    for name in ("absence_rate", "school_absence_rate"):
        if row.get(name) is not None:
            assert 0 <= row[name] <= 1
    if "absence_rate" in row and row.get("possible_sessions") == 0:
        assert row["absence_rate"] is None
    if row.get("is_severe_absentee"):
        assert row["is_persistent_absentee"]


@pytest.mark.slow
@pytest.mark.parametrize("number", SCHOOLS[: max(1, len(SCHOOLS) // 20)])
def test_a_store_answers_as_specs_are_answered(
    world: World, school: SmallStore, number: int
) -> None:
    """Neither the order of rows, nor how views are filled, nor what else it holds tells."""
    day = drawn_day(number, world)
    with closing(duckdb.connect(config={"threads": 1})) as connection:
        connection.execute("attach ':memory:' as lac")
        connection.execute("use lac")
        store.create_tables(connection)
        apply(connection, world.rules)
        for table, rows in list_rows(world).items():
            if rows:
                frame = pl.DataFrame(rows[::-1], infer_schema_length=None)
                store.insert_rows(connection, table, frame)
        views.create_views(connection)
        days.set_day(connection, day, day)
        DayTables().select_day(connection, (day, day), views.load_views())
        for view in views.load_views():
            found = connection.table(view).fetchall()
            answer = [tuple(row.values()) for row in school.ask(view, day)]
            assert sorted(found, key=repr) == sorted(answer, key=repr), view


@pytest.mark.slow
def test_the_drawn_schools_hold_every_edge() -> None:
    """The schools are worth drawing: between them they hold what the rules turn on."""
    worlds = [drawn_world(number) for number in range(60)]
    asked = [drawn_day(number, world) for number, world in enumerate(worlds)]
    codes = {mark.code for world in worlds for mark in world.marks}
    kinds = {kind for world in worlds for kind in world.calendar.values()}
    pairs = [
        (one, other)
        for world in worlds
        for one in world.episodes
        for other in world.episodes
        if (one.pupil, one.status) == (other.pupil, other.status) and one.end
    ]
    assert codes == set(oracle.ALL_CODES)
    assert kinds == {"school day", "INSET", "closed", "holiday"}
    assert any(len({pupil.school for pupil in world.pupils}) == 2 for world in worlds)
    assert any(one.end == other.counts_from for one, other in pairs)
    assert any(one.end + timedelta(1) == other.counts_from for one, other in pairs if one.end)
    assert any(e.start is None for world in worlds for e in world.episodes)
    assert any(e.is_short_break for world in worlds for e in world.episodes)
    firsts = [min(day for _, day in world.calendar) for world in worlds]
    lasts = [max(day for _, day in world.calendar) for world in worlds]
    assert any(day < first for day, first in zip(asked, firsts, strict=True))
    assert any(day > last for day, last in zip(asked, lasts, strict=True))
    assert any(0 < day.weekday() < 4 for day in asked)


@pytest.mark.slow
def test_the_drawn_schools_hold_every_duty() -> None:
    """Between them every rule and status comes up, open and closed."""
    seen: set[tuple[str, Any]] = set()
    for number in range(80):
        world = drawn_world(number)
        answers = DutyAnswers(world, drawn_day(number, world))
        seen |= {("status", row["status"]) for row in answers.every_duty()}
        seen |= {("duty", row["rule"]) for row in answers.every_duty()}
        seen |= {("late", row["is_late"]) for row in answers.duty()}
    statuses = (
        *("done", "reason given", "missed", "booked", "booked late", "cannot be known"),
        "depends on",
        *("later", "due soon", "overdue", "not recorded", "waiting on others"),
    )
    assert {each for kind, each in seen if kind == "status"} == set(statuses)
    assert {each for kind, each in seen if kind == "duty"} == set(RULES)
    assert {each for kind, each in seen if kind == "late"} == {True, False, None}
