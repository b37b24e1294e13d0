"""Turn checked rows into the store's raw_ rows. Personal columns go no further.

These are pure functions of frames.  A file may name its children by UPN or by handle, and its
frame has the one or the other column.  From here on a child is a `pupil_key`. The map to it is
kept in memory during a load, and is written nowhere.
"""

from collections.abc import Mapping

import polars as pl

from intake.check.ages import compute_birth_band, compute_year_group_band
from intake.check.held import Held
from queries.contract import ROLL, TABLES, WHOLE_SCHOOL_WEEKLY
from queries.contract.model.category import AGE_BAND, Category

Frames = Mapping[str, pl.DataFrame]


def build_raw_rows(
    frames: Frames, keys: pl.DataFrame, held: Held | None = None
) -> dict[str, pl.DataFrame]:
    """Return the raw_ rows of each table that these files fill, by its name.

    keys: `upn`, `handle` and `pupil_key` of every child in scope. The UPN is null for a child whom
    these files do not name.  Rows of any other child get no key.  held: what the home holds;
    needed if a file names children by handle, or without a roll.  No row has source_id or load_id
    yet.  `facts.compute_whole_school` makes the whole school's weeks.
    """
    rows: dict[str, pl.DataFrame] = {}
    for table, category in TABLES.items():
        if category.export in (None, WHOLE_SCHOOL_WEEKLY) or category.export.name not in frames:
            continue
        frame = frames[category.export.name]
        if category.has_age_band and AGE_BAND not in frame.columns:
            frame = _add_age_bands(frame, frames.get(ROLL.name), held or Held())
        if category.is_about_pupils:
            child = _child_column(frame)
            known = keys.select(child, "pupil_key").drop_nulls(child)
            known = known.cast({child: frame.schema[child]})
            lazy = frame.lazy().join(known.lazy(), on=child, maintain_order="left")
        else:
            lazy = frame.lazy()
        rows[table] = _store_rows(category, lazy).collect(engine="streaming")
    return rows


def _store_rows(category: Category, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the stored columns under their stored names, and `pupil_key`.

    A yes or no becomes a boolean. A word that is stored as a number becomes its place in the list.
    A row is left out if the column that the table needs is blank.
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


def _add_age_bands(health: pl.DataFrame, roll: pl.DataFrame | None, held: Held) -> pl.DataFrame:
    """Return the rows with `age_band`, the child's on the day of the event.

    By UPN it comes from the date of birth, which goes no further.  By handle or without a roll,
    nobody may open the identity, and it comes from the year group.
    """
    is_by_upn = _child_column(health) == "upn"
    band = compute_year_group_band("year_group", "year_group_date", "date")
    extra = ["year_group", "year_group_date"]
    if is_by_upn and roll is not None:
        known = roll.select("upn", "date_of_birth").unique("upn")
        band, extra = compute_birth_band("date_of_birth", "date"), ["date_of_birth"]
    elif not is_by_upn and held.children.is_empty():
        raise ValueError("rows by handle need the home's children")
    elif is_by_upn:
        known = held.list_children(health["upn"])
    else:
        known = held.children.drop("pupil_id")
    return (
        health.join(known, on=_child_column(health), how="left", maintain_order="left")
        .with_columns(band.alias(AGE_BAND))
        .drop(extra)
    )


def _child_column(rows: pl.DataFrame) -> str:
    return "upn" if "upn" in rows.columns else "handle"
