"""Rows of what has happened that are dated after today: a slip, or entered ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from intake.problems import format_count
from queries import reference
from queries.contract import CALENDAR, EXPORTS, Export


@dataclass(frozen=True)
class RowsAhead:
    """How many rows of a file are dated after today, the first of them and the last day."""

    file: str
    number: int
    first_row: int
    last_day: date


def find_rows_ahead(frames: Mapping[str, pl.DataFrame], today: date) -> tuple[RowsAhead, ...]:
    """The files with such rows; bookings and planned closures are dated ahead by right.

    frames: see `CheckResult`; of a register its sums by session and code do.  Half days and
    dates of birth do not count, nor the calendar.
    """
    found = []
    for export in EXPORTS:
        column = find_event_column(export)
        if column is None or export.name not in frames:
            continue
        rows = frames[export.name].filter(pl.col(column) > today, ~_is_planned(export))
        last, first = rows[column].max(), rows["row"].min()
        if isinstance(last, date) and isinstance(first, int):
            number = rows["rows"].sum() if "rows" in rows.columns else rows.height
            found.append(RowsAhead(export.name, int(number), first, last))
    return tuple(found)


def find_event_column(export: Export) -> str | None:
    """The date by which a row is of a day; None for a file without one, or of days to come."""
    if export == CALENDAR:
        return None
    dates = [column.name for column in export.columns if column.kind == "date"]
    return next((name for name in dates if name in export.key), None)


def format_ahead(ahead: RowsAhead) -> str:
    """What a person is told of a file's rows ahead: they count from their day on."""
    return (
        f"{ahead.file}: {format_count(ahead.number, 'row')} dated after today, from row "
        f"{ahead.first_row}, the latest on {ahead.last_day}. A row is not counted before its date. "
        "If a date is wrong, correct it and load the file again."
    )


def _is_planned(export: Export) -> pl.Expr:
    """Whether a row is of what is yet to come, or of nothing: booked, closed or blank."""
    planned = pl.lit(value=False)
    for column in export.columns:
        if column.name == "outcome":
            planned |= pl.col("outcome") == "booked"
        elif column.code_list == "attendance_code":
            closures = reference.read("attendance_code").filter(kind="closed")["code"].to_list()
            planned |= pl.col(column.name).is_null() | pl.col(column.name).is_in(closures)
        elif column.name == "event":
            planned |= pl.col(column.name).is_in(list(reference.list_bookings()))
    return planned.fill_null(value=False)
