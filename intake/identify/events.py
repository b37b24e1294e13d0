"""From checked rows of scores, checks, plans and suspensions to the store's raw_ rows.

Pure functions: frames in, frames out.  A file may name its children by UPN or by handle;
which of them stands in the frame says which it is.
"""

from collections.abc import Mapping

import polars as pl

from intake.check.ages import compute_birth_band, compute_year_group_band
from intake.contract import EHCP, HEALTH, PEP, ROLL, SDQ, SUSPENSIONS

Frames = Mapping[str, pl.DataFrame]


def build_raw_rows(
    frames: Frames, keys: pl.DataFrame, children: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    """The raw_ rows of each of these tables that the files at hand fill, by table name.

    keys: `upn`, `handle` and `pupil_key` of every child in scope; rows of any other child
    are left behind.  children: see `handles.children_for`.  No row has source_id or
    load_id yet.
    """
    rows: dict[str, pl.DataFrame] = {}
    if (sdq := frames.get(SDQ.name)) is not None:
        rows["raw_sdq"] = _build_pupil_rows(sdq, keys, "sdq_date")
    if (health := frames.get(HEALTH.name)) is not None:
        banded = _add_age_bands(health, frames[ROLL.name], children)
        rows["raw_health"] = _build_pupil_rows(banded, keys, "health_date")
    if (ehcp := frames.get(EHCP.name)) is not None:
        rows["raw_ehcp"] = _build_pupil_rows(ehcp, keys, "ehcp_date")
    if (pep := frames.get(PEP.name)) is not None:
        # A blank stays null: whether the child was there is then not recorded.
        attended = pep.with_columns(pl.col("child_attended") == "yes")
        rows["raw_pep"] = _build_pupil_rows(attended, keys, "pep_date")
    if (suspensions := frames.get(SUSPENSIONS.name)) is not None:
        rows["raw_suspension"] = _build_pupil_rows(suspensions, keys, "suspension_date")
    return rows


def _build_pupil_rows(rows: pl.DataFrame, keys: pl.DataFrame, date_column: str) -> pl.DataFrame:
    """The rows with `pupil_key` in place of UPN or handle and `date` under its own name."""
    child = _child_column(rows)
    return (
        rows.join(keys.select(child, "pupil_key"), on=child, maintain_order="left")
        .drop("row", child)
        .rename({"date": date_column})
        .select("pupil_key", pl.exclude("pupil_key"))
    )


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
