"""From checked rows about children to the store's raw_ rows, as the registry says.

Pure functions: frames in, frames out.  A file may name its children by UPN or by handle;
which of them stands in the frame says which it is.
"""

from collections.abc import Mapping

import polars as pl

from intake.check.ages import compute_birth_band, compute_year_group_band
from queries.contract import CATEGORIES, ROLL
from queries.contract.model.category import Category

Frames = Mapping[str, pl.DataFrame]


def build_raw_rows(
    frames: Frames, keys: pl.DataFrame, children: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    """The raw_ rows of each table about children that the files at hand fill, by its name.

    keys: `upn`, `handle` and `pupil_key` of every child in scope; rows of any other child
    are left behind.  children: see `handles.children_for`.  No row has source_id or
    load_id yet.  The roll's stays are `facts.build_raw_rows`'s.
    """
    rows: dict[str, pl.DataFrame] = {}
    for category in CATEGORIES:
        if category.export is None or category.table is None or not category.table.knows_pupil:
            continue
        frame = frames.get(category.export.name)
        if frame is None or category.export is ROLL:
            continue
        if category.has_age_band and "age_band" not in frame.columns:
            frame = _add_age_bands(frame, frames[ROLL.name], children)
        rows[category.table.name] = build_stored_rows(category, frame, keys)
    return rows


def build_stored_rows(
    category: Category, frame: pl.DataFrame, keys: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Checked rows as their table has them: stored columns under their stored names.

    keys: see `build_raw_rows`; needed where the rows are about children, and then each has
    `pupil_key`.  A yes or no is a boolean; a row without a mark is none.
    """
    columns: list[pl.Expr] = []
    for column in category.stored_columns:
        value = pl.col(column.name)
        stored = value == "yes" if category.get_sql_type(column) == "boolean" else value
        columns.append(stored.alias(category.get_stored_name(column)))
    if category.has_age_band:
        columns.append(pl.col("age_band"))
    if keys is not None:
        child = _child_column(frame)
        frame = frame.join(keys.select(child, "pupil_key"), on=child, maintain_order="left")
        columns.insert(0, pl.col("pupil_key"))
    rows = frame.select(columns)
    assert category.table is not None  # noqa: S101 - only what is stored is asked for
    needed = category.table.no_row_if_blank
    return rows.filter(pl.col(needed).is_not_null()) if needed else rows


def _add_age_bands(
    health: pl.DataFrame, roll: pl.DataFrame, children: pl.DataFrame | None
) -> pl.DataFrame:
    """The rows with `age_band`, the child's on the day of the event.

    By UPN it comes from the date of birth, which goes no further; by handle, where nobody
    may open the identity, from the year group.
    """
    if _child_column(health) == "upn":
        births = roll.select("upn", "date_of_birth").unique("upn")
        band = compute_birth_band("date_of_birth", "date")
        known, beside = births, ["date_of_birth"]
    else:
        if children is None:
            raise ValueError("rows by handle need the home's children")
        band = compute_year_group_band("year_group", "year_group_date", "date")
        known, beside = children, ["year_group", "year_group_date"]
    return (
        health.join(known, on=_child_column(health), how="left", maintain_order="left")
        .with_columns(band.alias("age_band"))
        .drop(beside)
    )


def _child_column(rows: pl.DataFrame) -> str:
    return "upn" if "upn" in rows.columns else "handle"
