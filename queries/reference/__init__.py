"""The code lists, thresholds and comparators: one row of a CSV is one rule.

Every row carries its source, and a list whose rules change over time says from when
(`valid_from`) and until when (`valid_to`, the first day on which it no longer holds).
"""

from functools import cache
from importlib.resources import files

import polars as pl

#: Where the lists lie.
FOLDER = files(__name__)


def list_reference_names() -> tuple[str, ...]:
    """The lists that there are, in alphabetical order."""
    entries = (entry.name for entry in FOLDER.iterdir())
    return tuple(sorted(name[:-4] for name in entries if name.endswith(".csv")))


@cache
def read(name: str) -> pl.DataFrame:
    """The rows of one list.

    `valid_*` and `holiday` are dates, `is_*` and `has_*` booleans, all else text; a blank is null.
    FileNotFoundError if there is no such list.
    """
    text = (FOLDER / f"{name}.csv").read_bytes()
    rows = pl.read_csv(text, infer_schema=False)
    return rows.with_columns(
        pl.col("^(valid_.*|holiday)$").str.to_date("%Y-%m-%d"), pl.col("^(is|has)_.*$") == "true"
    )


@cache
def list_bookings() -> frozenset[str]:
    """The codes of steps, of whatever list, that are booked and have not happened yet."""
    lists = (read(name) for name in list_reference_names())
    return frozenset(
        code
        for rows in lists
        if "is_booking" in rows.columns
        for code in rows.filter("is_booking")["code"]
    )
