"""A version of the store as a file: its raw_ rows out, and a new one written and verified."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs

from intake.merge import KEYS, Rows
from queries import store, views

_TABLES = ("raw_load", "raw_source", "raw_pupil", *KEYS)
_ORDERS = {
    "raw_mark": ["pupil_key", "session_date", "half"],
    "raw_pupil": ["pupil_key"],
    "raw_calendar_day": ["calendar_date"],
}


def rows_of(path: Path, key: str) -> Rows:
    """Every raw_ row of a version, code lists as text so that a longer list fits."""
    opened = store.Store(path, key)
    try:
        rows = {table: opened.read(f"from {table}") for table in _TABLES}
    finally:
        opened.close()
    lists = cs.enum() | cs.categorical()
    return {table: frame.with_columns(lists.cast(pl.String)) for table, frame in rows.items()}


def is_current(path: Path, key: str | None) -> bool:
    """Whether the views of a version are the ones that this code defines."""
    opened = store.Store(path, key)
    try:
        return opened.stamp.is_current
    finally:
        opened.close()


def newest_load(path: Path, key: str) -> int | None:
    """The number of the load that a version ends with; None if it does not open."""
    try:
        opened = store.Store(path, key)
    except store.StoreError:
        return None
    try:
        return int(opened.read("select max(load_id) as load_id from raw_load").item())
    finally:
        opened.close()


def write(path: Path, key: str | None, rows: Mapping[str, pl.DataFrame]) -> None:
    """Fill and close a new store; marks lie sorted by child, day and session.

    StoreError if the disk does not take it.
    """
    try:
        with store.create(path, key) as connection:
            for table, frame in rows.items():
                ordered = frame.sort(_ORDERS[table]) if table in _ORDERS else frame
                store.insert(connection, table, ordered)
            views.create_views(connection)
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise store.StoreError(
            f"{path.name} cannot be written: {error}. Nothing was changed."
        ) from error


def verify(path: Path, key: str | None, rows: Mapping[str, pl.DataFrame]) -> None:
    """Open the new store as a reader will; StoreError if it does not hold what was written."""
    opened = store.Store(path, key)
    try:
        for table, frame in rows.items():
            found = opened.read(f"select count(*) as n from {table}")["n"].item()
            if found != frame.height:
                raise store.StoreError(f"{path.name} lost rows of {table}. Nothing was changed.")
        for view in views.all_views().values():
            stops = view.field("Severity") == "stops the build"
            if stops and opened.read(f"from {view.name}", as_at=_end(rows)).height:
                raise store.StoreError(f"{view.name} found rows. Nothing was changed.")
    except duckdb.Error as error:
        raise store.StoreError(f"{path.name} cannot be read back: {error}") from error
    finally:
        opened.close()


def _end(rows: Mapping[str, pl.DataFrame]) -> date:
    newest: date = rows["raw_load"].sort("load_id")["data_until"].item(-1)
    return newest
