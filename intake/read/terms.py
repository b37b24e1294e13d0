"""The school's days, made from its terms, which a person types in place of every day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import polars as pl

from intake.problems import Problem, build_problem
from intake.spelling import spell_value
from intake.tables import ExportFile, build_schema
from queries import reference
from queries.contract import CALENDAR, TERMS
from queries.contract.model.dates import parse_date
from queries.school_year import get_school_year

_FRIDAY = 4
_PLACES = {"row": pl.UInt32, "line": pl.UInt32, "place": pl.String, "found_in": pl.String}
#: The kind of day for each kind of row; if two rows share a day, the later kind here counts.
_KINDS = {"term": "school day", "INSET": "INSET", "closed": "closed"}


def build_calendar(terms: ExportFile) -> ExportFile:
    """Make calendar.csv of terms.csv: a row for each day of the terms and between them.

    In each school year the days run from the first day of a term to the last, and the days between
    terms are holidays.  Other days have no row, since a load keeps the days that a file does not
    have.  Weekends and bank holidays in a term are holidays too.  INSET and closed days stay what
    they are, also outside the terms.

    Args:
        terms: The rows of terms.csv, as text.

    Returns:
        The file of days, which has no rows if a row of the terms cannot be read.

    """
    problems = [replace(fault, file=CALENDAR.name, found_in=terms.name) for fault in terms.problems]
    days: dict[str, list[date]] = {kind: [] for kind in _KINDS}
    lines: dict[date, int] = {}
    spans: list[tuple[date, date, int]] = []
    for row in terms.rows.iter_rows(named=True):
        faults = [*_find_faults(row, terms.name)]
        problems += faults
        if faults:
            continue
        kind, of_row = spell_value(TERMS.columns[0], row["kind"]), _list_days(*_parse_days(row))
        days[kind] += of_row
        lines |= dict.fromkeys(of_row, row["row"])
        if kind == "term":
            spans.append((of_row[0], of_row[-1], row["row"]))
    kinds = dict.fromkeys(_fill_years(days["term"]), "holiday")
    for name, kind in _KINDS.items():
        kinds |= dict.fromkeys(days[name], kind)
    bank_holidays = set(reference.read("bank_holiday")["holiday"])
    for day in days["term"]:
        if kinds[day] == _KINDS["term"] and (day.weekday() > _FRIDAY or day in bank_holidays):
            kinds[day] = "holiday"
    in_order = sorted(kinds.items()) if not problems else []
    rows = [(number, f"{day}", kind) for number, (day, kind) in enumerate(in_order, start=1)]
    places = [
        (number, lines.get(day), "first_day", "") for number, (day, _) in enumerate(in_order, 1)
    ]
    return ExportFile(
        export=CALENDAR,
        digest=terms.digest,
        is_read=not problems,
        rows_read=len(rows),
        problems=tuple(sorted(problems, key=lambda fault: fault.row)),
        rows=pl.DataFrame(rows, schema=build_schema(CALENDAR), orient="row"),
        name=terms.name,
        notes=(*terms.notes, *_describe_overlaps(spans, terms.name)),
        # a holiday between two terms stands at the row before it
        places=pl.DataFrame(places, schema=_PLACES, orient="row").with_columns(
            pl.col("line").forward_fill()
        ),
    )


def _describe_overlaps(spans: Sequence[tuple[date, date, int]], name: str) -> Iterator[str]:
    """Say which terms overlap.  spans: the first and last day of each term, and its row."""
    for (_, last, line), (first, _, other) in combinations(sorted(spans), 2):
        if first <= last:
            yield f"{name}, rows {line} and {other}: these terms overlap. Check their days."


def _fill_years(days: Collection[date]) -> Iterator[date]:
    """Yield every day from the first to the last of these days, in each school year by itself."""
    for year in {get_school_year(day) for day in days}:
        of_year = [day for day in days if get_school_year(day) == year]
        yield from _list_days(min(of_year), max(of_year))


def _list_days(first: date | None, last: date | None) -> list[date]:
    """List the days from the first to the last; none if either is not known."""
    if first is None or last is None:
        return []
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _parse_days(row: dict[str, str]) -> tuple[date | None, date | None]:
    """Return the first and last day of a row, which are the same if the last is blank."""
    first, last = (parse_date(row[name]) for name in ("first_day", "last_day"))
    if not row["last_day"].strip():
        last = first
    return first[0] if first else None, last[0] if last else None


def _find_faults(row: dict[str, str], name: str) -> Iterator[Problem]:
    """Yield the faults of a row, in the columns of terms.csv."""
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
    """Make a problem of a row of terms.csv, which counts as one of the calendar."""
    assert isinstance(row, int)  # noqa: S101 - the frame's own
    problem = build_problem(TERMS, row, column, fault)
    ours = "kind" if column == "kind" else "date"
    words = (problem.problem, problem.fix, name, column)
    return Problem(CALENDAR.name, row, ours, fault, *words)
