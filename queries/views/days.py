"""The views that depend on the day, worked out once for each day that is asked for.

Planning is most of what such a question costs, since one view stands on many.  So the
views that a question needs become tables in memory beside the store, for as long as the
version is open; the next question finds them there.
"""

from collections.abc import Collection
from datetime import date
from threading import Lock

import duckdb

from queries.statement import format_sql
from queries.views import views

#: A dashboard shows one day, now and then an earlier one.  Further days are worked out at
#: each question, so that memory has an end.
_DAYS_KEPT = 8


class DayTables:
    """The days of one open version, each a schema of the database in memory."""

    def __init__(self) -> None:
        self._made: dict[date, set[str]] = {}
        self._one_at_a_time = Lock()

    def select_day(
        self, cursor: duckdb.DuckDBPyConnection, as_at: date, view_names: Collection[str]
    ) -> None:
        """Set a cursor's day, on which the views `named` and all that they read are tables."""
        cursor.execute("set variable as_at = $as_at::date", {"as_at": as_at})
        with self._one_at_a_time:
            if len(self._made) >= _DAYS_KEPT and as_at not in self._made:
                return
            made = self._made.setdefault(as_at, set())
            schema = f"day_{as_at:%Y%m%d}"
            cursor.execute(format_sql("create schema if not exists memory.{schema}", schema=schema))
            path = f"memory.{schema},lac.main"
            cursor.execute(format_sql("set search_path = {path:literal}", path=path))
            for view in views.list_day_dependent_views(view_names):
                if view.name not in made:
                    cursor.execute(
                        format_sql(
                            "create or replace table memory.{schema}.{name} as {select:own}",
                            schema=schema,
                            name=view.name,
                            select=view.select,
                        )
                    )
                    made.add(view.name)
