"""From checked rows to the store's raw_ rows, as the registry says: personal columns stop here.

Pure functions: frames in, frames out.  A file may name its children by UPN or by handle;
which of them stands in the frame says which it is.  A child is a `pupil_key` from here on; the
map to it lives in memory for the length of a load and is written nowhere.
"""

from collections.abc import Mapping

import polars as pl

from intake.check.ages import compute_birth_band, compute_year_group_band
from queries.contract import ROLL, TABLES
from queries.contract.core.school import WEEKS
from queries.contract.model.category import AGE_BAND, Category

Frames = Mapping[str, pl.DataFrame]


def build_raw_rows(
    frames: Frames, keys: pl.DataFrame, children: pl.DataFrame | None = None
) -> dict[str, pl.DataFrame]:
    """The raw_ rows of each table that the files at hand fill, by its name.

    keys: `upn`, `handle` and `pupil_key` of every child in scope; the UPN is null for one whom
    this roll does not name.  Rows of any other child are left behind.  children: see
    `handles.find_pupils_by_handle`; needed where a file names children by handle.  No row has
    source_id or load_id yet.  The whole school's weeks are `facts.compute_whole_school`'s.
    """
    rows: dict[str, pl.DataFrame] = {}
    for table, category in TABLES.items():
        if category is WEEKS or category.export is None or category.export.name not in frames:
            continue
        frame = frames[category.export.name]
        if category.has_age_band and AGE_BAND not in frame.columns:
            frame = _add_age_bands(frame, frames[ROLL.name], children)
        if category.is_about_pupils:
            child = _child_column(frame)
            frame = frame.join(keys.select(child, "pupil_key"), on=child, maintain_order="left")
        rows[table] = _store_rows(category, frame)
    return rows


def _store_rows(category: Category, frame: pl.DataFrame) -> pl.DataFrame:
    """The stored columns under their stored names, and `pupil_key`.

    A yes or no is a boolean, a word that is stored as a number its place in the list; a row
    without what the table cannot do without is none.
    """
    columns = [pl.col(AGE_BAND)] if category.has_age_band else []
    if category.is_about_pupils:
        columns.append(pl.col("pupil_key"))
    for column in category.stored_columns:
        value = pl.col(column.name)
        if column.is_yes_no:
            value = value == "yes"
        elif column.allowed and column.sql_type == "smallint":
            value = value.replace_strict(column.allowed, range(len(column.allowed)))
        columns.append(value.alias(category.get_stored_name(column)))
    rows = frame.select(columns)
    needed = category.table.no_row_if_blank if category.table else ""
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
        .with_columns(band.alias(AGE_BAND))
        .drop(beside)
    )


def _child_column(rows: pl.DataFrame) -> str:
    return "upn" if "upn" in rows.columns else "handle"
