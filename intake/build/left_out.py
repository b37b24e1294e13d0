"""Rows of files that were left out for a fault, listed until a later file speaks for them.

Pure functions on frames.  A later file of the same name speaks for a row if it goes over the
days that the row may be about, and names the child, or has as many rows as the file that
the row stood in where the row does not tell whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from intake.check.check import CheckResult

TABLE = "raw_left_out"
_KEYS = ("upn", "handle")


@dataclass(frozen=True)
class FileReach:
    """What a file tells of: its days, its children (pupil_key), and how many rows it has."""

    first: date
    last: date
    pupils: frozenset[int]
    rows_read: int


def compute_reaches(checked: CheckResult, keys: pl.DataFrame) -> dict[str, FileReach]:
    """By file that is taken row by row, what it tells of, its faulty rows included.

    keys: `upn`, `handle` and `pupil_key` of every child in scope.
    """
    reaches = {}
    for name, taken in checked.accepted_frames.items():
        if name not in checked.row_by_row_files:
            continue
        faulty = checked.left_out.filter(file=name)
        days = pl.concat([taken["date"], faulty["date"]])
        first, last = days.min(), days.max()
        if isinstance(first, date) and isinstance(last, date):
            found = _find_pupils(pl.concat([taken, faulty], how="diagonal"), keys)
            pupils = frozenset(found["pupil_key"].drop_nulls().unique())
            reaches[name] = FileReach(first, last, pupils, checked.rows_read[name])
    return reaches


def build_left_out(
    checked: CheckResult, keys: pl.DataFrame, reaches: Mapping[str, FileReach]
) -> pl.DataFrame:
    """The faults of the rows that this load leaves out, with `file_name`; see the table's note.

    A row without a day of its own may be about any day of its file.
    """
    found = _name_places(_find_pupils(checked.left_out, keys), checked.places)
    spans = {name: (reach.first, reach.last) for name, reach in reaches.items()}
    first, last = (
        pl.coalesce(
            "date",
            pl.col("file").replace_strict(
                {name: span[place] for name, span in spans.items()},
                default=None,
                return_dtype=pl.Date,
            ),
        )
        for place in (0, 1)
    )
    return found.select(
        pl.col("pupil_key").cast(pl.Int64),
        pl.col("row").cast(pl.Int64).alias("row_number"),
        pl.col("column").replace("", None).alias("column_name"),
        "fault",
        first_date=first,
        last_date=last,
        file_name="file",
    )


def _name_places(rows: pl.DataFrame, places: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows at the line and under the heading at which people find them."""
    found = [
        table.select("row", "line", "place", file=pl.lit(name)) for name, table in places.items()
    ]
    if not found:
        return rows
    named = rows.join(pl.concat(found), on=["file", "row"], how="left", maintain_order="left")
    is_placed = pl.col("line").is_not_null() & (pl.col("column") != "")
    heading = pl.when(pl.col("place") == "").then(pl.col("column")).otherwise(pl.col("place"))
    return named.with_columns(
        pl.when(is_placed).then(pl.col("line")).otherwise(pl.col("row")).alias("row"),
        pl.when(is_placed).then(heading).otherwise(pl.col("column")).alias("column"),
    )


def keep_unanswered(
    old: pl.DataFrame, sources: pl.DataFrame, reaches: Mapping[str, FileReach]
) -> pl.DataFrame:
    """The rows of raw_left_out for which no file at hand speaks; sources: raw_source."""
    counts = old.group_by("source_id").agg(pl.col("row_number").n_unique().alias("faulty"))
    named = old.join(sources.select("source_id", "file_name", "rows_read"), on="source_id")
    named = named.join(counts, on="source_id", maintain_order="left")
    answered = pl.lit(value=False)
    for name, reach in reaches.items():
        is_named = pl.col("pupil_key").is_in(list(reach.pupils))
        is_long = reach.rows_read >= pl.col("rows_read") - pl.col("faulty")
        answered = answered | (
            (pl.col("file_name") == name)
            & pl.col("first_date").is_between(reach.first, reach.last)
            & pl.col("last_date").is_between(reach.first, reach.last)
            & pl.when(pl.col("pupil_key").is_null()).then(is_long).otherwise(is_named)
        )
    return named.filter(~answered).select(old.columns)


def _find_pupils(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The rows with `pupil_key`, null for whoever is not in scope or cannot be made out."""
    for name in _KEYS:
        if name in rows.columns:
            pairs = keys.select(name, pl.col("pupil_key").alias(f"by_{name}")).drop_nulls()
            rows = rows.join(pairs.unique(name), on=name, how="left", maintain_order="left")
    by = [f"by_{name}" for name in _KEYS if f"by_{name}" in rows.columns]
    return rows.with_columns(pupil_key=pl.coalesce(by)).drop(by)
