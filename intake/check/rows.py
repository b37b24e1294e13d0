"""Checks of the values of one row together.

A check is made only where none of the values that it reads has a fault already, so that
one mistake is told once.
"""

from dataclasses import replace

import polars as pl

from intake.check import events
from intake.check.fault_rows import find_faults
from intake.check.values import TypedFile
from intake.contract import (
    ATTENDANCE,
    CARE_EPISODES,
    FAULTS,
    HANDLE_EXPORTS,
    OTHER_NUMBERS,
    ROLL,
    WHOLE_SCHOOL_WEEKLY,
)
from queries import reference

#: The first day of a care episode that counts: its start, or since when it is known.
FIRST_DAY = pl.coalesce("start", "known_since")


def check_rows(typed: TypedFile) -> TypedFile:
    """The file with the faults of its rows added to those of its values."""
    name = typed.export.name
    found = _CHECKS[name](typed) if name in _CHECKS else []
    if name in _EVENTS:
        found += _codes_out_of_date(typed)
    if not found:
        return typed
    order = pl.Enum(list(FAULTS))
    faults = (
        pl.concat([typed.faults, *found])
        .sort(pl.col("fault").cast(order), maintain_order=True)
        .unique(["row", "column"], keep="first", maintain_order=True)
    )
    return replace(typed, faults=faults)


def _check_roll(typed: TypedFile) -> list[pl.DataFrame]:
    return [
        find_faults(
            typed,
            pl.col("date_of_birth") >= pl.col("entry_date"),
            "entry_date",
            "dates out of order",
            {"date_of_birth"},
        ),
        # Both days are on roll, so a child may leave on the day of entry.
        find_faults(
            typed,
            pl.col("leaving_date") < pl.col("entry_date"),
            "leaving_date",
            "dates out of order",
            {"entry_date"},
        ),
    ]


def _check_care_episodes(typed: TypedFile) -> list[pl.DataFrame]:
    # A start is required: where it is null and no fault, it is the word unknown.
    is_unknown = pl.col("start").is_null()
    is_looked_after = pl.col("status") == "looked after"
    found = [
        find_faults(
            typed,
            is_unknown == pl.col("known_since").is_null(),
            "known_since",
            "known since",
            {"start"},
        ),
        find_faults(
            typed,
            pl.col("end") <= FIRST_DAY,
            "end",
            "dates out of order",
            {"start", "known_since"},
        ),
        find_faults(
            typed,
            is_looked_after & pl.col("authority").is_null(),
            "authority",
            "needed for status",
            {"status"},
        ),
    ]
    for column in ("legal_status", "home"):
        found.append(
            find_faults(
                typed,
                ~is_looked_after & pl.col(column).is_not_null(),
                column,
                "needed for status",
                {"status"},
            )
        )
        dated = typed.rows.select("row", pl.col(column).alias("code"), FIRST_DAY.alias("date"))
        found.append(_code_out_of_date(typed, dated, column, {"start", "known_since"}))
    return found


def _check_attendance(typed: TypedFile) -> list[pl.DataFrame]:
    halves = reference.read("attendance_code").filter(pl.col("half").is_not_null())
    is_other_half = pl.any_horizontal(
        pl.lit(False),
        *(
            (pl.col("code") == code) & (pl.col("session") != half)
            for code, half in halves.select("code", "half").iter_rows()
        ),
    )
    return [
        _code_out_of_date(typed, typed.rows.select("row", "code", "date"), "code", {"date"}),
        find_faults(typed, is_other_half, "code", "wrong session", {"session"}),
    ]


def _check_whole_school_weekly(typed: TypedFile) -> list[pl.DataFrame]:
    absent = ("authorised_absent_sessions", "unauthorised_absent_sessions")
    return [
        find_faults(
            typed,
            pl.col("week_start").dt.weekday() != 1,
            "week_start",
            "not a Monday",
            set(),
        ),
        find_faults(
            typed,
            pl.sum_horizontal(absent, ignore_nulls=False) > pl.col("possible_sessions"),
            "possible_sessions",
            "more absent than possible",
            set(absent),
        ),
    ]


def _check_other_numbers(typed: TypedFile) -> list[pl.DataFrame]:
    has_id, has_former = (
        pl.col("authority_child_id").is_not_null(),
        pl.col("former_upn").is_not_null(),
    )
    return [
        find_faults(
            typed,
            ~has_id & ~has_former & pl.col("authority").is_null(),
            "former_upn",
            "missing value",
            {"authority", "authority_child_id"},
        ),
        find_faults(
            typed,
            has_id & pl.col("authority").is_null(),
            "authority",
            "missing value",
            {"authority_child_id"},
        ),
        find_faults(
            typed,
            ~has_id & pl.col("authority").is_not_null(),
            "authority_child_id",
            "missing value",
            {"authority"},
        ),
        find_faults(
            typed, pl.col("former_upn") == pl.col("upn"), "former_upn", "not allowed", {"upn"}
        ),
    ]


def _codes_out_of_date(typed: TypedFile) -> list[pl.DataFrame]:
    """Where the code of a column with a list was not in use on the date of the row."""
    listed = [column.name for column in typed.export.columns if column.code_list]
    return [
        _code_out_of_date(
            typed, typed.rows.select("row", pl.col(name).alias("code"), "date"), name, {"date"}
        )
        for name in listed
    ]


def _code_out_of_date(
    typed: TypedFile, dated: pl.DataFrame, column: str, reads: set[str]
) -> pl.DataFrame:
    """Where the code of `column` was not in use on the date.

    `dated` has row, code and date; a null in either is not judged.
    """
    pairs = dated.select("code", "date").unique().drop_nulls()
    in_use = pairs.join(read_code_list(typed, column), on="code").filter(is_in_use("date"))
    wrong = pairs.join(in_use, on=["code", "date"], how="anti")
    if wrong.is_empty():
        return typed.faults.clear()
    rows = dated.join(wrong, on=["code", "date"], how="semi")["row"].implode()
    return find_faults(typed, pl.col("row").is_in(rows), column, "code not on that date", reads)


def read_code_list(typed: TypedFile, column: str) -> pl.DataFrame:
    """The rows of the column's code list; ValueError if the contract names none."""
    name = typed.export.get_column(column).code_list
    if name is None:
        raise ValueError(f"the column {column} has no code list")
    return reference.read(name)


def is_in_use(day: str) -> pl.Expr:
    """Whether a row of a code list holds on the date in the column `day`."""
    has_begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col(day))
    return has_begun & (pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col(day)))


_CHECKS = {
    ROLL.name: _check_roll,
    CARE_EPISODES.name: _check_care_episodes,
    ATTENDANCE.name: _check_attendance,
    WHOLE_SCHOOL_WEEKLY.name: _check_whole_school_weekly,
    OTHER_NUMBERS.name: _check_other_numbers,
    **events.CHECKS,
}
#: Files of one event a row, whose codes are those of its date.
_EVENTS = frozenset(export.name for export in HANDLE_EXPORTS)
