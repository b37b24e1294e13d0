"""The views that depend on the day, as tables.

Planning is most of the cost of such a question, since one view reads many, and making it a view
costs as much.  So they are never views in a store.  The writer of a version fills the tables of a
default day, the one on which it is written, into the store itself.  For another day, the tables
that a question needs are made in memory beside the store, for as long as the version is open; a
server fills all of them when a day begins.
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
#: A dashboard shows one day, now and then an earlier one.  Tables of further days last only for the
#: question that needed them, so that memory is bounded.
_DAYS_KEPT = 8


def fill_default_day(
    connection: duckdb.DuckDBPyConnection, day: date | None, changed: Collection[str] | None = None
) -> None:
    """Fill the tables of a day in `lac`, by default the end of its data.

    `changed` names raw_ tables: if the tables are that day's already, only those that depend on
    them are filled again.
    """
    newest = connection.execute("select max(data_until) from int_newest_load").fetchone()
    if newest is None or newest[0] is None:  # before the first load
        return
    as_at: date = day or newest[0]
    is_filled = changed is not None and find_default_day(connection) == as_at
    reached = views.list_dependents(changed or ()) if is_filled else views.load_views().values()
    set_day(connection, as_at, find_register_day(connection, as_at))
    _fill(connection, "lac", DEFAULT_DAY, reached)
    connection.execute(
        format_sql(
            "create or replace table lac.{schema}.day_asked as select as_at() as as_at",
            schema=DEFAULT_DAY,
        )
    )
    connection.execute("reset variable as_at")
    connection.execute("reset variable register_day")
    connection.execute("use lac")


def find_default_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Return the day whose tables `lac` has; None if it has none."""
    there = "from duckdb_tables() where database_name = 'lac' and table_name = 'day_asked'"
    if not connection.execute(there).fetchone():
        return None
    query = format_sql("from lac.{schema}.day_asked", schema=DEFAULT_DAY)
    row = connection.execute(query).fetchone()
    return None if row is None else row[0]


def find_register_day(connection: duckdb.DuckDBPyConnection, as_at: date) -> date:
    """Return the last day of the register up to a day; before the first, or without one, that day.

    The data may go up to a day that is not one, if no day of the register is full.
    """
    row = connection.execute(
        "select coalesce(max(session_date), $as_at::date) from int_register_day"
        " where session_date <= $as_at",
        {"as_at": as_at},
    ).fetchone()
    return as_at if row is None else row[0]


def set_day(cursor: duckdb.DuckDBPyConnection, as_at: date, register_day: date) -> None:
    """Make the views of a cursor answer on a day, with the register up to another."""
    for name, day in (("as_at", as_at), ("register_day", register_day)):
        cursor.execute(format_sql("set variable {name} = $day::date", name=name), {"day": day})


def set_search_path(cursor: duckdb.DuckDBPyConnection, catalog: str, schema: str) -> None:
    """Let the tables of a schema take precedence over the views of the same names."""
    path = f"{catalog}.{schema},lac.main"
    cursor.execute(format_sql("set search_path = {path:literal}", path=path))


class DayTables:
    """The days of one open version, each a schema of the database in memory."""

    def __init__(self) -> None:
        self._made: dict[tuple[date, date], set[str]] = {}
        self._one_at_a_time = Lock()

    def select_day(
        self, cursor: duckdb.DuckDBPyConnection, day: tuple[date, date], view_names: Collection[str]
    ) -> None:
        """Let tables take precedence over these views, and over all views that they read.

        `day` holds the day asked for and the register's, which the cursor has already.
        """
        needed = views.list_dependencies(view_names)
        with self._one_at_a_time:
            if len(self._made) >= _DAYS_KEPT and day not in self._made:
                _fill(cursor, "temp", "main", needed)  # for this cursor only
                return
            made = self._made.setdefault(day, set())
            missing = [view for view in needed if view.name not in made]
            _fill(cursor, "memory", "day_{:%Y%m%d}_{:%Y%m%d}".format(*day), missing)
            made.update(view.name for view in missing)


def _fill(
    cursor: duckdb.DuckDBPyConnection, catalog: str, schema: str, needed: Iterable[View]
) -> None:
    """Make tables of those views that depend on the day, in order of need."""
    kept = "temp " if catalog == "temp" else ""
    parts = {"catalog": catalog, "schema": schema}
    cursor.execute(format_sql("create schema if not exists {catalog}.{schema}", **parts))
    set_search_path(cursor, catalog, schema)
    of_day = [view for view in needed if view.name in views.find_day_dependent_names()]
    if catalog == "lac":  # readers keep these as views, and work out only what they need
        views.hold_passing_views(cursor, of_day)
    for view in of_day:
        kind = f"{kept}{'view' if view.is_asked_anew else 'table'}"
        create = "create or replace {kind:own} {catalog}.{schema}.{name} as {select:own}"
        cursor.execute(format_sql(create, kind=kind, name=view.name, select=view.select, **parts))
