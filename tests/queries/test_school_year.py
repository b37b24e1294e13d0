"""One school year and one "is it valid on this day", the same in Python and in SQL."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from intake.check.ages import compute_year_group_band
from intake.map.labels import parse_label, resolve_all
from queries import reference
from queries.school_year import (
    build_age_year,
    build_school_year,
    get_age_year,
    get_first_day,
    get_last_day_of_age_year,
    get_school_year,
    place_in_school_year,
)
from tests.support.small_store import SmallStore

_ROOT = Path(__file__).parents[2]
_ROOMS = ("queries", "safeguards", "intake", "stewardship", "dashboard", "notebooks", "cli")
#: Where the years turn, and where rows say when they hold.
_TURNS, _LISTS = "queries/school_year.py", "queries/reference/__init__.py"
_SQL_TURNS = {"academic_year_start.sql", "academic_year_first_day.sql", "first_of_september.sql"}
_MONTHS_OF_TURNS = {7, 8, 9}


def test_python_and_sql_agree_on_every_day_of_ten_years(case: SmallStore) -> None:
    rows = case.connection.execute(
        """
        select
            day::date,
            academic_year_start(day::date),
            academic_year(day::date),
            academic_year_first_day(day::date),
            first_of_september(day::date)
        from range('2019-01-01'::date, '2029-01-01'::date, interval 1 day) as days(day)
        """
    ).fetchall()
    assert len(rows) == 3653
    for day, year, label, first_day, september in rows:
        assert get_school_year(day) == year, day
        assert label == f"{year}/{(year + 1) % 100:02}", day
        assert first_day == get_first_day(year) == get_first_day(label), day
        assert first_day <= day < get_first_day(year + 1), day
        assert place_in_school_year(year, day.month, day.day) == day
        # the year of age lags behind in August alone
        assert get_age_year(day) == year - (day < september), day
    days = pl.DataFrame({"day": [row[0] for row in rows]})
    columns = days.select(year=build_school_year(pl.col("day")), age=build_age_year(pl.col("day")))
    assert columns["year"].to_list() == [row[1] for row in rows]
    assert columns["age"].to_list() == [get_age_year(row[0]) for row in rows]


@pytest.mark.parametrize(
    ("day", "school_year", "age_year"),
    [
        ("2026-07-31", 2025, 2025),
        ("2026-08-01", 2026, 2025),
        ("2026-08-31", 2026, 2025),
        ("2026-09-01", 2026, 2026),
        ("2026-12-31", 2026, 2026),
        ("2027-01-01", 2026, 2026),
    ],
)
def test_a_school_year_turns_in_august_and_ages_in_september(
    day: str, school_year: int, age_year: int
) -> None:
    on = date.fromisoformat(day)
    assert (get_school_year(on), get_age_year(on)) == (school_year, age_year)
    assert get_last_day_of_age_year(age_year) == date(age_year + 1, 8, 31)


def test_a_year_group_of_late_august_is_that_of_the_new_school_year() -> None:
    """Year 5 from 27 August 2026 on: 10 by 31 August 2027, so Year 6 a day later."""
    rows = pl.DataFrame(
        {"on": [date(2026, 8, 31), date(2027, 8, 31), date(2027, 9, 1)]}
    ).with_columns(group=5, known=date(2026, 8, 27))
    bands = rows.select(compute_year_group_band("group", "known", "on")).to_series().to_list()
    assert bands == ["5 to 9", "5 to 9", "10 and over"]


def test_a_heading_of_late_august_is_of_the_year_that_begins() -> None:
    for text, day in (
        ("27 Aug", "2026-08-27"),
        ("Wed 26 Aug", "2026-08-26"),
        ("01/09", "2026-09-01"),
        ("31 July", "2027-07-31"),
    ):
        label = parse_label(text)
        assert label is not None
        assert resolve_all([label], "day first", 2026) == [date.fromisoformat(day)]


def test_python_and_sql_agree_on_what_is_valid(case: SmallStore) -> None:
    """Half-open, and open where a bound is blank; one day before, on and after each bound."""
    bounds = [None, date(2024, 8, 19), date(2026, 9, 1)]
    days = [day + timedelta(n) for day in bounds if day for n in (-1, 0, 1)]
    cases = [(day, first, end) for day in days for first in bounds for end in bounds]
    names = {"day": pl.Date, "valid_from": pl.Date, "valid_to": pl.Date}
    rows = pl.DataFrame(cases, schema=names, orient="row")
    found = rows.select(reference.is_valid_on(pl.col("day"))).to_series().to_list()
    sql = "select is_in_period($day::date, $first::date, $end::date)"
    told = [
        case.connection.execute(sql, {"day": day, "first": first, "end": end}).fetchall()[0][0]
        for day, first, end in cases
    ]
    assert found == told
    assert [rows.select(reference.is_valid_on(day)).to_series().to_list() for day in days] == [
        rows.with_columns(day=day)
        .select(reference.is_valid_on(pl.col("day")))
        .to_series()
        .to_list()
        for day in days
    ]
    # by hand: it holds on its first day, and no more on the day at which it ends
    row = pl.DataFrame({"valid_from": [date(2024, 8, 19)], "valid_to": [date(2026, 9, 1)]})
    held = [row.select(reference.is_valid_on(day)).item() for day in days]
    assert held == [False, True, True, True, False, False]


def test_nobody_writes_the_turn_or_the_validity_again() -> None:
    """The made-up school and the oracle have years of their own: they must not know the answers."""
    paths = [path for room in _ROOMS for path in (_ROOT / room).rglob("*.py")]
    assert len(paths) > 200
    found = {
        name: faults
        for path in paths
        if (name := path.relative_to(_ROOT).as_posix()) not in (_TURNS, _LISTS)
        and (faults := [*_find_turns(path.read_text("utf-8"))])
    }
    assert found == {}
    queries = [path for path in (_ROOT / "queries").rglob("*.sql") if path.name not in _SQL_TURNS]
    assert len(queries) > 100
    assert {path.name for path in queries if _has_sql_turn(path.read_text("utf-8"))} == set()


@pytest.mark.parametrize(
    "planted",
    [
        "year = day.year if day.month >= 9 else day.year - 1",
        "year = on.year() - (on.month() < 8).cast(pl.Int32)",
        "first = date(int(year[:4]) - 1, 9, 1)",
        "end = first.replace(month=8)",
        "_SEPTEMBER = 9",
        'codes.filter(pl.col("valid_to").is_null() | (pl.col("valid_to") >= start))',
    ],
)
def test_a_planted_turn_is_found(planted: str) -> None:
    assert [*_find_turns(planted)]


def test_a_planted_turn_of_sql_is_found() -> None:
    assert _has_sql_turn("select make_date(year(day), 9, 1)")
    assert _has_sql_turn("select year(day) - (month(day) < 8)::integer")
    assert _has_sql_turn("select strftime(day + interval 5 months, '%y')")
    assert _has_sql_turn("where rules.valid_to is null or rules.valid_to >= day")
    assert not _has_sql_turn("where is_in_period(day, rules.valid_from, rules.valid_to)")


def _find_turns(code: str) -> Iterator[str]:
    """Find what compares a month with a turn, makes its day, or compares a row's validity."""
    for node in ast.walk(ast.parse(code)):
        text = ast.unparse(node) if isinstance(node, (ast.Compare, ast.Call, ast.Assign)) else ""
        values = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
        if isinstance(node, ast.Compare):
            is_turn = re.search(r"\bmonth\b", text) and values & _MONTHS_OF_TURNS
            if is_turn or values & {"valid_from", "valid_to"}:
                yield text
        elif isinstance(node, ast.Assign):
            if re.match(r"_?(AUGUST|SEPTEMBER)\b", text):
                yield text
        elif re.match(r"(datetime\.)?date\(.+, [89], (1|31)\)|.*\.replace\(.*month=[89]\b", text):
            yield text


def _has_sql_turn(text: str) -> bool:
    code = re.sub(r"--.*", "", text)
    valid = re.sub(r"is_in_period\([^()]*(\([^()]*\))?[^()]*\)", "", code)
    turn = r"\bmonth\(.*\)\s*[<>=]+\s*[789]\b|, [89], (1|31)\)|interval '?[57] month"
    return bool(re.search(turn, code) or re.search(r"\bvalid_(from|to)\b", valid))
