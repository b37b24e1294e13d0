"""A version of the store as a file: its raw_ rows out, and a new one written and verified."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs

from intake.publish.flagged import TABLE as FLAGGED_ROWS
from intake.publish.merge import Rows, get_data_until
from intake.register.summary import WORD
from intake.switches import SWITCHED_OFF
from queries.contract import ONLY_SCHOOL, TABLE_KEYS, TABLES
from queries.errors import StoreError
from queries.statement import format_sql
from queries.store import store, versions
from queries.views import days, views
from safeguards.keys.heads import compute_digest
from safeguards.keys.keys import POINTER, Keys

_TABLES = ("raw_load", "raw_source", "raw_pupil", *TABLE_KEYS, FLAGGED_ROWS, SWITCHED_OFF)
#: Rows from which on a version is written by two threads, with an end to their memory.
_LARGE = 1_000_000
_ORDERS = {
    **{name: TABLES[name].key for name in ("raw_pupil", "raw_calendar_day")},
    # so that days and halves are runs, and the codes of a session lie together: a byte a mark
    "raw_mark": ("school_key", "session_date", "half", "pupil_key"),
}


def open_version(path: Path, key: str | None) -> closing[store.Store]:
    """A version whatever made it, for a moment, where a session wants the newest views."""
    return closing(store.Store(path, key))


def read_rows(path: Path, key: str | None) -> Rows:
    """Every raw_ row of a version, code lists as words so that a longer list fits.

    A table that came later than the version is left out.
    """
    with open_version(path, key) as version:
        there = set(_list_tables(version))
        rows = {
            table: version.read(format_sql("from {name}", name=table))
            for table in _TABLES
            if table in there
        }
    lists = cs.enum() | cs.categorical()
    if "school_key" not in rows["raw_load"].columns:  # before there were homes of many schools
        rows["raw_load"] = rows["raw_load"].with_columns(school_key=ONLY_SCHOOL)
    return {
        table: frame.with_columns(lists.cast(WORD if table == "raw_mark" else pl.String))
        for table, frame in rows.items()
    }


def count_rows(path: Path, key: str | None) -> dict[str, int]:
    """How many rows each table of a version has, by its name."""
    with open_version(path, key) as version:
        names = _list_tables(version)
        counting = {name: format_sql("select count(*) from {name}", name=name) for name in names}
        return {name: version.read(text).item() for name, text in counting.items()}


def _list_tables(version: store.Store) -> list[str]:
    """The tables of a version but those of its default day, by name."""
    query = "select table_name from duckdb_tables() where schema_name = 'main' order by all"
    return version.read(query)["table_name"].to_list()


def read_switches(path: Path, key: str | None) -> pl.DataFrame:
    """What a version of these definitions says is switched off."""
    with open_version(path, key) as version:
        return version.read(format_sql("from {name} order by all", name=SWITCHED_OFF))


def is_current(path: Path, key: str | None) -> bool:
    """Whether the views of a version are the ones that this code defines."""
    with open_version(path, key) as version:
        return version.stamp.is_current


def write_version(
    path: Path, key: str | None, rows: Mapping[str, pl.DataFrame], day: date | None = None
) -> None:
    """Fill and close a new store; marks lie sorted by day, session and child.

    day: for whose tables no reader waits; the end of the data by default.  StoreError if the
    disk does not take it.
    """
    try:
        is_large = sum(frame.height for frame in rows.values()) > _LARGE
        with store.create_version(path, key, is_large=is_large) as connection:
            for table, frame in rows.items():
                ordered = frame.sort(_ORDERS[table]) if table in _ORDERS else frame
                store.insert_rows(connection, table, ordered)
            views.create_views(connection)
            days.fill_default_day(connection, day)
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise StoreError(f"{path.name} cannot be written: {error}. Nothing was changed.") from error


def verify_version(path: Path, key: str | None, rows: Mapping[str, pl.DataFrame]) -> None:
    """Open the new store as a reader will; StoreError if it does not hold what was written."""
    with open_version(path, key) as version:
        try:
            for table, frame in rows.items():
                counted = format_sql("select count(*) as n from {name}", name=table)
                found = version.read(counted)["n"].item()
                if found != frame.height:
                    raise StoreError(f"{path.name} lost rows of {table}. Nothing was changed.")
            refuse_failed_checks(version, get_data_until(rows))
        except duckdb.Error as error:
            raise StoreError(f"{path.name} cannot be read back: {error}") from error


def publish(keys: Keys, path: Path) -> None:
    """Make a version the one in use, and let the home's keys know; as `versions.publish`."""
    digest = compute_digest(versions.format_pointer(path))
    with keys.heads.expect(path.with_name(POINTER), digest):
        versions.publish(path.parent, path)


def publish_amendment(base: Path, keys: Keys, rows: Mapping[str, pl.DataFrame]) -> Path:
    """Write these rows as the next amendment of `base`, and make it the version in use.

    StoreError as in `write` and `verify`; the version in use is then the earlier one.
    """
    path = versions.compute_amendment_path(base)
    write_version(path, keys.store, rows)
    verify_version(path, keys.store, rows)
    publish(keys, path)
    return path


def refuse_failed_checks(version: store.Store, as_at: date) -> None:
    """StoreError if a check that stops the build finds a row."""
    for view in views.load_views().values():
        stops = view.find_field("Severity") == "stops the build"
        query = format_sql("from {name}", name=view.name)
        if stops and version.read(query, as_at=as_at).height:
            raise StoreError(f"{view.name} found rows. Nothing was changed.")
