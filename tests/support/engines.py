"""Another engine for what a spec asks: the view worked out there, from the tables of the case."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from queries.views.engine import Engine, start_local
from queries.views.views import View

Row = dict[str, Any]


#: What views read by a macro, and do not name.
_READ_BY_FUNCTIONS = {"ref_threshold"}

# a worker of pytest-xdist has no file, and pyspark takes that for a doctest of its own
vars(sys.modules["__main__"]).setdefault("__file__", __file__)


@contextmanager
def open_engine(address: str) -> Iterator[Engine]:
    """The engine at an address, or Sail in this process where that is `local`."""
    with ExitStack() as stack:
        if address == "local":
            address = stack.enter_context(start_local())
        engine = Engine(address)
        stack.callback(engine.close)
        yield engine


class OtherEngine:
    """Answers a view from DuckDB's answers to what it reads, and holds it to DuckDB's own."""

    def __init__(self, engine: Engine, connection: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine
        self._connection = connection
        self._marks: dict[str, object] = {}

    def ask(self, view: View, days: tuple[date, date], marks: Mapping[str, object]) -> list[Row]:
        """The engine's rows of a view, in the order of DuckDB's, which are the same.

        marks: by table, what tells what it holds from what it held.
        """
        for name in view.dependencies | _READ_BY_FUNCTIONS:
            mark = marks.get(name, "never filled")
            if name.startswith("ref_") or self._marks.get(name) != mark:
                self._engine.put(name, fetch(self._connection, f"from {name}"))
                self._marks[name] = mark
        found = self._engine.answer(view, days)
        wanted = fetch(self._connection, f"from {view.name}")
        assert found.column_names == wanted.column_names
        assert sort(found.to_pylist()) == sort(wanted.to_pylist())
        return list(found.to_pylist())


def fetch(connection: duckdb.DuckDBPyConnection, relation: str) -> Any:
    """Rows of DuckDB as Arrow, in types that every engine has."""
    described = connection.execute(f"describe {relation}").fetchall()
    columns = ", ".join(
        _READ.get(kind.partition("(")[0], "{name}").replace("{name}", f'"{name}"') + f' as "{name}"'
        for name, kind, *_ in described
    )
    return connection.execute(f"select {columns} {relation}").to_arrow_table()


_READ = {
    "ENUM": "{name}::varchar",
    "HUGEINT": "{name}::bigint",
    "DATE": "case when {name} = 'infinity' then '9999-12-31' when {name} = '-infinity'"
    " then '0001-01-01' else {name} end",
}


def sort(rows: list[Row]) -> list[Row]:
    """Rows in one order, whichever engine gave them; sums may differ in their last digit."""
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return sorted(plain, key=repr)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        value = float(value)
    return round(value, 9) if isinstance(value, float) else value
