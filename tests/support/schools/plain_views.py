"""The rows of a store under nothing but views: what its tables of a day must answer like."""

from datetime import date

import duckdb

from queries.statement import format_sql
from queries.store import store
from queries.store.store import Store
from queries.views import days, views


def copy_under_views(opened: Store) -> duckdb.DuckDBPyConnection:
    """A database in memory with the store's own rows, and every view as nothing but a view."""
    connection = duckdb.connect(config={"threads": 1})
    store.create_tables(connection)
    for (name,) in connection.sql("from duckdb_tables() select table_name").fetchall():
        connection.execute(format_sql("truncate {name}", name=name))
        store.insert_rows(connection, name, opened.read(format_sql("from {name}", name=name)))
    views.create_views(connection, materialise=False)
    return connection


def ask_views(connection: duckdb.DuckDBPyConnection, name: str, day: date) -> list[str]:
    """The rows of a view on a day, in an order of their own."""
    register_day = connection.execute(
        "select max(session_date) from int_register_day where session_date <= $1", [day]
    ).fetchone()
    assert register_day is not None
    days.set_day(connection, day, register_day[0] or day)
    return sorted(map(repr, connection.table(name).pl().rows()))


def ask_store(opened: Store, name: str, day: date) -> list[str]:
    """What a store answers, in the same order."""
    return sorted(map(repr, opened.read(format_sql("from {name}", name=name), as_at=day).rows()))
