"""The school's days from its terms: what a person types in place of a row for each day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from intake.problems import Problem, build_problem
from intake.spelling import spell_value
from intake.tables import ExportFile, build_schema
from queries import reference
from queries.contract import CALENDAR, TERMS
from queries.contract.model.dates import parse_date

_FRIDAY = 4
_SEPTEMBER = 9
_ONE_DAY = timedelta(days=1)
#: What a row of terms.csv says of its days, and which row goes before which.
_KINDS = {"term": "school day", "INSET": "INSET", "closed": "closed"}


def build_calendar(terms: ExportFile) -> ExportFile:
    """calendar.csv as terms.csv tells it: a row a day of the school years that it is about.

    Days of no term, weekends and bank holidays are holidays.  A row that cannot be read is a
    problem of the calendar, which is then refused as a whole.
    """
    problems = [replace(each, file=CALENDAR.name, found_in=terms.name) for each in terms.problems]
    kinds: dict[date, str] = {}
    for said, kind in _KINDS.items():
        for row in terms.rows.iter_rows(named=True):
            if spell_value(TERMS.columns[0], row["kind"]) == said:
                kinds |= dict.fromkeys(_list_days(row), kind)
    for row in terms.rows.iter_rows(named=True):
        problems += _find_faults(row, terms.name)
    first = min((_get_first_of_year(day) for day in kinds), default=None)
    days = []
    if first is not None and not problems:
        end = _get_first_of_year(max(kinds)).replace(year=_get_first_of_year(max(kinds)).year + 1)
        days = [first + number * _ONE_DAY for number in range((end - first).days)]
    bank_holidays = set(reference.read("bank_holiday")["holiday"])
    rows = [
        (number, f"{day}", _tell_kind(day, kinds, bank_holidays))
        for number, day in enumerate(days, start=1)
    ]
    return ExportFile(
        export=CALENDAR,
        digest=terms.digest,
        is_read=not problems,
        rows_read=len(days),
        problems=tuple(sorted(problems, key=lambda each: each.row)),
        rows=pl.DataFrame(rows, schema=build_schema(CALENDAR), orient="row"),
        name=terms.name,
        notes=terms.notes,
    )


def _tell_kind(day: date, kinds: dict[date, str], bank_holidays: set[date]) -> str:
    kind = kinds.get(day, "holiday")
    is_off = day.weekday() > _FRIDAY or day in bank_holidays
    return "holiday" if kind == "school day" and is_off else kind


def _list_days(row: dict[str, str]) -> list[date]:
    """The days of a row, its last among them; none where its dates cannot be read."""
    first, last = _parse_days(row)
    if first is None or last is None or last < first:
        return []
    return [first + number * _ONE_DAY for number in range((last - first).days + 1)]


def _parse_days(row: dict[str, str]) -> tuple[date | None, date | None]:
    """The first and last day; one day alone where the last is blank."""
    found = [parse_date(row[name]) for name in ("first_day", "last_day")]
    if not row["last_day"].strip():
        found[1] = found[0]
    first, last = (each[0] if each else None for each in found)
    return first, last


def _find_faults(row: dict[str, str], name: str) -> Iterator[Problem]:
    """What is wrong with a row, told in the columns of terms.csv."""
    first, last = _parse_days(row)
    if spell_value(TERMS.columns[0], row["kind"]) not in _KINDS:
        yield _build_fault(name, row["row"], "kind", "not allowed")
    if first is None:
        yield _build_fault(name, row["row"], "first_day", "not a date")
    if last is None:
        yield _build_fault(name, row["row"], "last_day", "not a date")
    elif first is not None and last < first:
        yield _build_fault(name, row["row"], "last_day", "dates out of order")


def _build_fault(name: str, row: object, column: str, fault: str) -> Problem:
    """A fault of terms.csv, which counts as one of the calendar's."""
    assert isinstance(row, int)  # noqa: S101 - the frame's own
    found = build_problem(TERMS, row, column, fault)
    ours = "kind" if column == "kind" else "date"
    words = (found.problem, found.fix, name, column)
    return Problem(CALENDAR.name, row, ours, fault, *words)


def _get_first_of_year(day: date) -> date:
    """The first of September on which the day's school year begins."""
    return date(day.year if day.month >= _SEPTEMBER else day.year - 1, _SEPTEMBER, 1)
