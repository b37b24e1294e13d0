"""The views that depend on the day, as tables.

Planning is most of what such a question costs, since one view stands on many, and as much to
make it a view.  So they are never views in a store: what writes a version fills the tables of
the default day, up to which the data go, into the store itself.  For another day, those that a
question needs become tables in memory beside the store, for as long as the version is open.
"""

from collections.abc import Collection, Iterable
from datetime import date
from threading import Lock

import duckdb

from queries.statement import format_sql
from queries.views import views
from queries.views.views import View

#: The schema of the default day's tables in a store.
DEFAULT_DAY = "day"
#: A dashboard shows one day, now and then an earlier one.  Tables of further days go with the
#: question that needed them, so that memory has an end.
_DAYS_KEPT = 8


def fill_default_day(
    connection: duckdb.DuckDBPyConnection, changed: Collection[str] | None = None
) -> None:
    """Fill the tables of the day up to which the data of `lac` go; none before the first load.

    changed: raw_ tables; where the tables are filled already, only what these reach is anew.
    """
    newest = connection.execute("select data_until from int_newest_load").fetchone()
    if newest is not None and newest[0] is not None:
        reached = views.load_views().values() if changed is None else views.list_dependents(changed)
        set_day(connection, newest[0])
        _fill(connection, "lac", DEFAULT_DAY, reached)
        connection.execute("reset variable as_at")
        connection.execute("use lac")


def set_day(cursor: duckdb.DuckDBPyConnection, as_at: date) -> None:
    """Make the views of a cursor answer on a day."""
    cursor.execute("set variable as_at = $as_at::date", {"as_at": as_at})


def set_search_path(cursor: duckdb.DuckDBPyConnection, catalog: str, schema: str) -> None:
    """Let the tables of a schema stand before the views of their names."""
    path = f"{catalog}.{schema},lac.main"
    cursor.execute(format_sql("set search_path = {path:literal}", path=path))


class DayTables:
    """The days of one open version, each a schema of the database in memory."""

    def __init__(self) -> None:
        self._made: dict[date, set[str]] = {}
        self._one_at_a_time = Lock()

    def select_day(
        self, cursor: duckdb.DuckDBPyConnection, as_at: date, view_names: Collection[str]
    ) -> None:
        """Let tables stand before the views named, and before all that these read.

        The cursor's day is `as_at` already.
        """
        wanted = views.list_dependencies(view_names)
        with self._one_at_a_time:
            if len(self._made) >= _DAYS_KEPT and as_at not in self._made:
                _fill(cursor, "temp", "main", wanted)  # of this cursor alone
                return
            made = self._made.setdefault(as_at, set())
            missing = [view for view in wanted if view.name not in made]
            _fill(cursor, "memory", f"day_{as_at:%Y%m%d}", missing)
            made.update(view.name for view in missing)


def _fill(
    cursor: duckdb.DuckDBPyConnection, catalog: str, schema: str, wanted: Iterable[View]
) -> None:
    """Make tables of those views that depend on the day, in order of need."""
    kind = "temp table" if catalog == "temp" else "table"
    parts = {"kind": kind, "catalog": catalog, "schema": schema}
    cursor.execute(format_sql("create schema if not exists {catalog}.{schema}", **parts))
    set_search_path(cursor, catalog, schema)
    for view in wanted:
        if view.name in views.find_day_dependent_names():
            create = "create or replace {kind:own} {catalog}.{schema}.{name} as {select:own}"
            cursor.execute(format_sql(create, name=view.name, select=view.select, **parts))
