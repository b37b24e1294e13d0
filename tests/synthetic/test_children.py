"""2,000 made-up children: nothing out of order, like England, and one story behind each.

Order checks, national lines and ties with their sources are rows of tests/golden.
"""

import random
from dataclasses import replace
from datetime import date

import duckdb
import polars as pl
import pytest

from queries.contract import HEALTH
from synthetic.calendar import build_register
from synthetic.cast.cast import CAST
from synthetic.population.child import Child
from synthetic.population.story import Story, generate_story, open_stream
from synthetic.school import part, records
from synthetic.school.school import make_school
from synthetic.subjects import SUBJECTS
from synthetic.subjects.health import Check
from synthetic.subjects.records import Record, Subject
from synthetic.subjects.suspensions import Suspension
from tests.support.children.checks import measure, open_tables, read_rows
from tests.support.sizes import size

RUBY = CAST[0].upn


@pytest.fixture(params=range(11, 11 + size("children.seeds")), scope="module")
def many(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    """The files of a school with 2,000 children in scope, as tables."""
    return open_tables(make_school(request.param, 2000, years=2))


@pytest.fixture(scope="module")
def few() -> duckdb.DuckDBPyConnection:
    """So many children that each order check has something to break."""
    return open_tables(make_school(11, 140, years=1))


# out of order


def test_nothing_of_140_children_is_out_of_order(few: duckdb.DuckDBPyConnection) -> None:
    """And each check finds what breaks it."""
    checks = read_rows("in_order")
    assert len(checks) == 119
    for each in checks:
        assert len(few.sql(each["rows"])) == 0, each
        few.execute("begin")
        few.execute(each["broken_by"])
        assert len(few.sql(each["rows"])) > 0, each
        few.execute("rollback")


@pytest.mark.slow
def test_nothing_of_2000_children_is_out_of_order(many: duckdb.DuckDBPyConnection) -> None:
    assert [each for each in read_rows("in_order") if len(many.sql(each["rows"]))] == []


# like England, and together


@pytest.mark.slow
def test_2000_children_are_like_england_and_fit_together() -> None:
    """National lines and published ties within four standard errors, others within bounds."""
    lines = read_rows("like_england")
    kinds = [each["kind"] for each in lines]
    assert (kinds.count("line"), kinds.count("tie"), kinds.count("gap")) == (36, 6, 24)
    assert all(each["source"] for each in lines)
    figures = list(measure(open_tables(make_school(11, 2000, years=2))))
    assert [each for each in figures if not each.is_near] == []


# one story


def test_a_subject_that_is_added_changes_no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = replace(HEALTH, name="made_up.csv")

    def generate(rng: random.Random, _child: Child, year: int) -> list[Record]:
        return [Check(date(year, 9, 7 + rng.randrange(5)), "optician")]

    before = make_school(7, years=1).frames
    subjects = (Subject(made_up, Check, generate), *SUBJECTS)
    for module in (records, part):
        monkeypatch.setattr(module, "SUBJECTS", subjects)
    after = make_school(7, years=1).frames
    assert after["made_up.csv"].height > 5
    assert set(after) == {*before, "made_up.csv"}
    for name, frame in before.items():
        assert frame.equals(after[name]), name


def test_a_child_has_the_same_story_in_a_larger_school() -> None:
    """Who else is in scope changes nothing of a child's own."""
    small, large = make_school(7, 24, years=1), make_school(7, 60, years=1)
    told = pl.col("upn").is_in([member.upn for member in CAST])
    for subject in SUBJECTS:
        mine, theirs = (each.frames[subject.export.name].filter(told) for each in (small, large))
        assert mine.equals(theirs), subject.name


def test_stories_are_drawn_from_the_seed_and_the_number() -> None:
    one, same, other = (generate_story(open_stream(seed, RUBY, "story")) for seed in (7, 7, 8))
    assert one == same
    assert one != other
    assert 0 < one.absence_rank < 1
    assert Story().absence_rank == 0.5


def test_upheavals_are_new_homes_and_not_orders() -> None:
    """Mason's order of February 2025 left him with the same family."""
    mason, theo = CAST[1].to_child(2026), CAST[6].to_child(2026)
    assert mason.upheavals == (date(2024, 3, 1), date(2025, 11, 24), date(2026, 10, 5))
    assert theo.upheavals == (date(2026, 10, 21),)
    assert [(p.start, p.end) for p in mason.care_periods] == [(date(2024, 3, 1), date(2027, 7, 21))]


def test_a_suspension_of_eleven_sessions_is_five_days_and_then_provision() -> None:
    """From Thursday 5 November 2026: Thursday 12 was no school day; the sixth is Friday 13."""
    days = build_register(2026).days
    marks = [
        (days[place].day, half, code)
        for place, half, code in Suspension(date(2026, 11, 5), 12, "PA", "D").list_marks()
    ]
    assert [code for *_, code in marks] == ["E"] * 10 + ["D"] * 2
    assert [day for day, half, _ in marks if half == 0] == [5, 6, 9, 10, 11, 13]
    (alone,) = Suspension(date(2026, 11, 5), 1, "PA").list_marks()
    assert (days[alone[0]], *alone[1:]) == (date(2026, 11, 5), 1, "E")
