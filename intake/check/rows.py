"""Checks of the values of one row together.

A check is made only where none of the values that it reads has a fault already, so that
one mistake is told once.
"""

from dataclasses import replace

import polars as pl

from intake.check.values import TypedFile
from queries import reference
from queries.contract import ATTENDANCE, CARE_EPISODES, FAULTS, FIRST_DAY
from queries.contract.model.shape import Column, RowRule


def check_rows(typed: TypedFile) -> TypedFile:
    """The file with the faults of its rows added to those of its values."""
    found = [_find_faults(typed, rule) for rule in typed.export.rules]
    found += [
        _code_out_of_date(typed, column)
        for column in typed.export.columns
        if column.code_list is not None
    ]
    if typed.export.name == ATTENDANCE.name:
        found.append(_find_faults(typed, _build_half_rule()))
    if not found:
        return typed
    order = pl.Enum(list(FAULTS))
    faults = (
        pl.concat([typed.faults, *found])
        .sort(pl.col("fault").cast(order), maintain_order=True)
        .unique(["row", "column"], keep="first", maintain_order=True)
    )
    return replace(typed, faults=faults)


def _find_faults(typed: TypedFile, rule: RowRule) -> pl.DataFrame:
    """The rows where a rule is broken and none of the columns that it reads has a fault.

    row, column, fault: see `check.values.FAULT_SCHEMA`.
    """
    spoilt = typed.faults.filter(pl.col("column").is_in({rule.column, *rule.reads}))
    found = typed.rows.filter(rule.broken).join(spoilt, on="row", how="anti")
    return found.select(
        "row", pl.lit(rule.column).alias("column"), pl.lit(rule.fault).alias("fault")
    )


def _build_half_rule() -> RowRule:
    """A code that is one half day's only does not stand in the other."""
    halves = reference.read("attendance_code").filter(pl.col("half").is_not_null())
    is_other_half = pl.any_horizontal(
        pl.lit(False),
        *(
            (pl.col("code") == code) & (pl.col("session") != half)
            for code, half in halves.select("code", "half").iter_rows()
        ),
    )
    return RowRule("code", "wrong session", is_other_half, ("session",))


def _code_out_of_date(typed: TypedFile, column: Column) -> pl.DataFrame:
    """Where the code of a column was not in use on the day of the row; a null is not judged.

    A care episode's day is its first.
    """
    is_episode = typed.export.name == CARE_EPISODES.name
    day, reads = (
        (FIRST_DAY, ("start", "known_since")) if is_episode else (pl.col("date"), ("date",))
    )
    dated = typed.rows.select("row", pl.col(column.name).alias("code"), day.alias("date"))
    pairs = dated.select("code", "date").unique().drop_nulls()
    in_use = pairs.join(reference.read(str(column.code_list)), on="code").filter(is_in_use("date"))
    wrong = pairs.join(in_use, on=["code", "date"], how="anti")
    if wrong.is_empty():
        return typed.faults.clear()
    rows = dated.join(wrong, on=["code", "date"], how="semi")["row"].implode()
    is_wrong = pl.col("row").is_in(rows)
    return _find_faults(typed, RowRule(column.name, "code not on that date", is_wrong, reads))


def is_in_use(day: str) -> pl.Expr:
    """Whether a row of a code list holds on the date in the column `day`."""
    has_begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col(day))
    return has_begun & (pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col(day)))
