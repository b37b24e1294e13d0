"""Rows of an export file as a frame with the contract's columns."""

from collections.abc import Sequence

import polars as pl

from intake.contract import Column, Export


def to_frame(export: Export, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """A frame of the rows, whose values stand in the order of the columns.

    Text, whole numbers or dates, null where a value is blank.  A column in which a word may
    stand for a date is text.
    """
    schema = {column.name: _get_type(column) for column in export.columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _get_type(column: Column) -> pl.DataType:
    if column.kind == "date" and not column.also_allowed:
        return pl.Date()
    return pl.Int64() if column.kind == "whole number" else pl.String()
