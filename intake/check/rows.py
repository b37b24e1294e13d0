"""Check the values of one row together.

A check is made only if none of the values that it reads already has a fault, so that one mistake
is reported once.
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from intake.check.values import FAULT_SCHEMA, TypedFile
from queries import reference
from queries.contract import ATTENDANCE, CALENDAR, CARE_EPISODES, FAULTS, FIRST_DAY, Column, Export
from queries.contract.model.rules import RowRule


def check_rows(typed: TypedFile) -> TypedFile:
    """Return the file with the faults of its rows added to those of its values."""
    rules = list_rules(typed.export)
    broken = typed.rows.select(rule.broken.alias(f"{n}") for n, rule in enumerate(rules))
    faults_of_rows = []
    for rule, is_broken in zip(rules, broken, strict=True):
        if is_broken.any():
            spoilt = typed.faults.filter(pl.col("column").is_in({rule.column, *rule.reads}))
            rows = typed.rows.filter(is_broken).join(spoilt, on="row", how="anti")
            faults_of_rows.append(build_faults(rows, rule.column, rule.fault))
    if not faults_of_rows:
        return typed
    order = pl.Enum(list(FAULTS))
    faults = (
        pl.concat([typed.faults, *faults_of_rows])
        .sort(pl.col("fault").cast(order), maintain_order=True)
        .unique(["row", "column"], keep="first", maintain_order=True)
    )
    return replace(typed, faults=faults)


def list_rules(export: Export) -> list[RowRule]:
    """Return the rules for the values of one row together."""
    return [*export.rules, *_list_code_rules(export)]


def build_faults(rows: pl.DataFrame, column: str, fault: str) -> pl.DataFrame:
    """Return a fault for each of these rows, by `check.values.FAULT_SCHEMA`."""
    if rows.is_empty():  # nearly always
        return FAULT_SCHEMA.to_frame()
    return rows.select("row", column=pl.lit(column), fault=pl.lit(fault))


def find_event_column(export: Export) -> str | None:
    """Return the column with the day of each row; None if it has no such day, or days to come."""
    if export == CALENDAR:
        return None
    dates = [column.name for column in export.columns if column.kind == "date"]
    return next((name for name in dates if name in export.key), None)


def _list_code_rules(export: Export) -> Iterator[RowRule]:
    """Yield the rules of code lists: when a code is valid, and in which half day."""
    for column in export.columns:
        if column.code_list is not None:
            yield from _list_rules_of_days(export, column)
    if export.name == ATTENDANCE.name:
        halves = reference.read("attendance_code").filter(pl.col("half").is_not_null())
        is_other_half = pl.any_horizontal(
            (pl.col("code") == code) & (pl.col("session") != half)
            for code, half in halves.select("code", "half").iter_rows()
        )
        yield RowRule("code", "wrong session", is_other_half, ("session",))


def _list_rules_of_days(export: Export, column: Column) -> Iterator[RowRule]:
    """Yield the rule that a code must be valid on the day of the row. A null is not judged.

    The day of a care episode is its first.
    """
    codes = reference.read(str(column.code_list))
    has_bounds = ~pl.all_horizontal(pl.col("valid_from", "valid_to").is_null())
    bounded = frozenset(codes.filter(has_bounds)["code"])
    if not bounded:
        return
    is_episode = export.name == CARE_EPISODES.name
    day, reads = (
        (FIRST_DAY, ("start", "known_since")) if is_episode else (pl.col("date"), ("date",))
    )
    code = pl.col(column.name)
    columns = ("code", "valid_from", "valid_to")
    holds = pl.any_horizontal(
        (code == value) & reference.is_valid_on(day, *(pl.lit(bound, pl.Date) for bound in bounds))
        for value, *bounds in codes.select(columns).iter_rows()
        if value in bounded
    )
    yield RowRule(column.name, "code not on that date", code.is_in(bounded) & ~holds, reads)
