"""Every mart and check against a second working-out, on made-up schools.

A school is drawn from its number, so that a failure names the school to look at:
`worlds.drawn_world(17)`.  `LAC_SIZES=whole` draws all of tests/sizes.toml.
"""

import inspect
import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries import reference
from queries.statement import format_sql
from queries.store import store
from queries.views import views
from queries.views.days import DayTables
from tests.support.oracle import reference as oracle
from tests.support.oracle.pinned import AS_AT, PINNED, pinned_world, wrong_rules
from tests.support.oracle.plain import PLAIN, answer_plain
from tests.support.oracle.reference_duties import RULES
from tests.support.oracle.reference_kinds import STAGES as PROTECTION_STAGES
from tests.support.oracle.reference_looks import AllAnswers
from tests.support.oracle.rules import Rules, apply
from tests.support.oracle.world import World
from tests.support.oracle.worlds import ask, drawn_day, drawn_world, load
from tests.support.sizes import size

SCHOOLS = range(size("properties.schools"))

#: Marts and checks that the reference works out; the rest only list what was loaded.
ANSWERED = (
    "cohort_member",
    "child_protection",
    "pupil_attendance",
    "pupil_week_attendance",
    "pupil_session",
    "pupil_this_week",
    "cohort_attendance",
    "cohort_week_attendance",
    "cohort_absence_reason",
    "school_attendance",
    "check_unknown_start",
    "check_two_starts",
    "check_off_newest_roll",
    "check_gap",
    "check_unknown_code",
    "check_closed_day_mark",
    "check_unexplained_n",
    "pupil_sdq",
    "sdq_coverage",
    "pupil_health",
    "pupil_ehcp",
    "pupil_pep",
    "pupil_suspension",
    "duty",
    "needs_a_look",
    "pupil_action",
    "pupil_period",
    "report_child",
    "report_absence",
    "report_duty",
    "every_duty",
    "every_look",
    "protection_case",
    "pupil_concern",
    "care_history",
    "pupil_words",
    "check_step_order",
    "check_permanence_order",
    "check_conflict",
    "check_plan_at_odds",
    "check_sen_at_odds",
    "pupil_sen",
    "pupil_progress",
    "premium_term",
    *PLAIN,
)
#: A store with a drawn school in it, the school itself, and the day that is set.
School = tuple[duckdb.DuckDBPyConnection, World, date]
_TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built_days() -> Iterator[duckdb.DuckDBPyConnection]:
    """A store in memory under the name that a store has, so that a day of it can be tables."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("attach ':memory:' as lac")
        connection.execute("use lac")
        store.create_tables(connection)
        views.create_views(connection, materialise=False)
        yield connection


@pytest.fixture
def school(number: int, built_days: duckdb.DuckDBPyConnection) -> School:
    """A drawn school on a drawn day, its views filled as the product fills them.

    Planned one on another they would take five times as long;
    `test_days.test_tables_of_a_day_answer_as_the_views_do` holds the two against each other.
    """
    world = drawn_world(number)
    day = drawn_day(number, world)
    built_days.execute("use lac")
    tables = built_days.sql("from duckdb_tables() select table_name where database_name = 'lac'")
    for table in (name for (name,) in tables.fetchall() if name.startswith("raw_")):
        built_days.execute(format_sql("truncate {table}", table=table))
    load(built_days, world)
    ask(built_days, day)
    DayTables().select_day(built_days, day, views.load_views())
    return built_days, world, day


def rows_of(db: duckdb.DuckDBPyConnection, view: str) -> list[dict[str, Any]]:
    """All rows of a view as of the day that is set."""
    cursor = db.execute(f"select * from {view}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def columns_of(view: str, expected: list[Any]) -> tuple[str, ...]:
    """What the reference works out, and the school where a view has it (see test_views)."""
    has_school = view == "cohort_member" or "school_key" in views.load_views()[view].key
    return tuple(name for name in expected[0] if has_school or name != "school_key")


def ordered(rows: Any, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Rows as tuples, in an order that does not depend on where they came from."""
    return sorted((tuple(row[name] for name in columns) for row in rows), key=repr)


def list_untold_columns(view: str, columns: Collection[str]) -> list[str]:
    """What the view's spec lacks: its file and each of these columns of which it has no word."""
    spec = _TESTS / "spec" / f"test_{view}.py"
    text = spec.read_text(encoding="utf-8") if spec.exists() else ""
    # a key stands in each answer without its name, and a child's codes are every view's
    known = {*views.load_views()[view].key, "school_key", "pupil_key", "pupil_id", "handle"}
    lacking = sorted(name for name in {*columns} - known if not re.search(rf"\b{name}\b", text))
    return [f"{spec.relative_to(_TESTS.parent)} has no word of {name}" for name in lacking]


@pytest.mark.parametrize(
    "view",
    [
        view.name
        for view in views.load_views().values()
        if view.layer in ("marts", "checks") and view.name not in ANSWERED
    ],
)
def test_a_spec_tells_each_column(view: str, db: duckdb.DuckDBPyConnection) -> None:
    """Of a mart or check that the reference does not work out."""
    assert list_untold_columns(view, db.table(view).columns) == []


@pytest.mark.parametrize("number", SCHOOLS)
def test_marts_and_checks_equal_the_reference(school: School, number: int) -> None:
    """Every row of every mart and check, in every column, is the one worked out by hand."""
    db, world, day = school
    answers = AllAnswers(world, day)
    for view in ANSWERED:
        expected = list(
            answer_plain(view, world, day) if view in PLAIN else getattr(answers, view)()
        )
        found = rows_of(db, view)
        if not expected:
            assert found == [], f"{view} of school {number} on {day}"
            continue
        columns = columns_of(view, expected)
        if found:
            answer = answer_plain if view in PLAIN else getattr(AllAnswers, view)
            oracle_file = Path(inspect.getfile(answer)).relative_to(_TESTS.parent)
            untold = list_untold_columns(view, found[0].keys() - set(columns))
            assert untold == [], f"{'; '.join(untold)}, nor does {oracle_file} work it out"
            nulls = {name for row in found for name, value in row.items() if value is None}
            assert nulls <= set(views.load_views()[view].nullable), view
        assert ordered(found, columns) == ordered(expected, columns), (
            f"{view} of school {number} on {day}: {columns}"
        )


def test_every_threshold_has_a_school() -> None:
    """Those of views and looks; a load's, a page's words' and the report's gate's are no view's."""
    others = {
        name
        for name in reference.read("threshold")["name"]
        if name.startswith("report_") or name in ("faulty_rows", "sdq_chance")
    }
    rules = {*reference.read("threshold")["name"], *reference.read("look")["rule"]}
    assert set(PINNED) == rules - others
    assert {*Rules().thresholds, *Rules().looks} == set(PINNED)


@pytest.mark.slow
@pytest.mark.parametrize("name", PINNED)
def test_children_on_both_sides_of_a_threshold(db: duckdb.DuckDBPyConnection, name: str) -> None:
    """They are told apart as the oracle does it, and by no figure near the right one."""
    world, view = pinned_world(name)
    load(db, world)
    ask(db, AS_AT)
    expected = list(getattr(AllAnswers(world, AS_AT), view)())
    columns = columns_of(view, expected)
    assert ordered(rows_of(db, view), columns) == ordered(expected, columns)
    for rules in wrong_rules(name):
        apply(db, rules)
        assert ordered(rows_of(db, view), columns) != ordered(expected, columns), rules


@pytest.mark.slow
@pytest.mark.parametrize("number", SCHOOLS[::5])
def test_keys_tell_rows_apart(school: School, number: int) -> None:
    """A view's key is never null and never twice, and parts add up to their wholes."""
    db, _, _ = school
    for view in views.load_views().values():
        rows = rows_of(db, view.name)
        keys = [tuple(row[name] for name in view.key) for row in rows]
        assert len(set(keys)) == len(keys), f"{view.name} of school {number}"
        assert not any(None in key for key in keys), f"{view.name} of school {number}"
        for row in rows:
            _assert_parts_add_up(row)


def _assert_parts_add_up(row: dict[str, Any]) -> None:
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


@pytest.mark.parametrize("number", SCHOOLS[::4])
def test_reasons_add_up_to_absence(db: duckdb.DuckDBPyConnection, number: int) -> None:
    """The reasons of a group and year are all of its absent sessions and no more."""
    world = drawn_world(number)
    load(db, world)
    ask(db, drawn_day(number, world))
    by_reason: dict[tuple[Any, ...], int] = {}
    for row in rows_of(db, "cohort_absence_reason"):
        place = (row["school_key"], row["cohort"], row["academic_year"])
        by_reason[place] = by_reason.get(place, 0) + row["absent_sessions"]
    pooled = {
        (row["school_key"], row["cohort"], row["academic_year"]): row["absent_sessions"]
        for row in rows_of(db, "cohort_attendance")
        if row["absent_sessions"]
    }
    assert by_reason == pooled


@pytest.mark.slow
@pytest.mark.parametrize("number", SCHOOLS[::20])
def test_a_store_answers_as_its_views_do(number: int) -> None:
    """Neither the order of rows nor working a summary out beforehand changes an answer."""
    world = drawn_world(number)
    day = drawn_day(number, world)
    sorted_marks = sorted(world.marks, key=lambda mark: (mark.pupil, mark.day, mark.half))
    again = World(**{**world.__dict__, "marks": sorted_marks, "pupils": world.pupils[::-1]})
    answers = []
    for each, materialise in ((world, False), (again, True)):
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute("attach ':memory:' as lac")
            connection.execute("use lac")
            store.create_tables(connection)
            load(connection, each)
            views.create_views(connection, materialise=materialise)
            ask(connection, day)
            if materialise:
                DayTables().select_day(connection, day, views.load_views())
            answers.append({name: _all(connection, name) for name in views.load_views()})
    assert answers[0] == answers[1]


def _all(connection: duckdb.DuckDBPyConnection, view: str) -> list[tuple[Any, ...]]:
    return sorted(connection.execute(f"select * from {view}").fetchall(), key=repr)


def test_the_drawn_schools_hold_every_edge() -> None:
    """The schools are worth drawing: between them they hold what the rules turn on."""
    worlds = [drawn_world(number) for number in range(60)]
    days = [drawn_day(number, world) for number, world in enumerate(worlds)]
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
    assert any(day < first for day, first in zip(days, firsts, strict=True))
    assert any(day > last for day, last in zip(days, lasts, strict=True))
    assert any(0 < day.weekday() < 4 for day in days)


def test_the_drawn_schools_hold_every_duty() -> None:
    """Between them every rule, status, stage, state and reason comes up, open and closed."""
    seen: set[tuple[str, Any]] = set()
    for number in range(80):
        world = drawn_world(number)
        answers = AllAnswers(world, drawn_day(number, world))
        seen |= {("status", row["status"]) for row in answers.every_duty()}
        seen |= {("duty", row["rule"]) for row in answers.every_duty()}
        seen |= {("case", row["stage"]) for row in answers.protection_case()}
        seen |= {("stage", row["stage"]) for row in answers.pupil_ehcp()}
        seen |= {("state", row["state"]) for row in answers.pupil_health()}
        seen |= {("look", row["rule"]) for row in answers.every_look()}
        seen |= {("closed", row["is_closed"]) for row in answers.needs_a_look()}
        seen |= {("on time", row["is_on_time"]) for row in answers.pupil_pep()}
        seen |= {("late", row["is_late"]) for row in answers.duty()}
    # what takes a pattern of weeks is in the schools that are made for it
    for name in Rules().looks:
        answers = AllAnswers(pinned_world(name)[0], AS_AT)
        seen |= {("look", row["rule"]) for row in answers.every_look()}
    expected: dict[str, set[Any]] = {
        "status": {
            "done",
            "reason given",
            "missed",
            "booked",
            "booked late",
            "cannot be known",
            "later",
            "due soon",
            "overdue",
            "not recorded",
            "waiting on others",
        },
        "duty": set(RULES),
        "case": {*PROTECTION_STAGES.values()},
        "stage": {"asked for", "being assessed", "draft", "plan", "refused", "ceased"},
        "state": {"up to date", "not up to date", "not recorded"},
        "look": set(Rules().looks),
        "closed": {True, False},
        "on time": {True, False, None},
        "late": {True, False, None},
    }
    assert seen == {(kind, word) for kind, words in expected.items() for word in words}
