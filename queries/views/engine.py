"""The views on an engine that speaks Spark Connect: the same definitions, for many machines.

The raw_ tables are Parquet files that the engine reads itself, and each view becomes Parquet that
the engine writes.  On a cluster both are where every worker reaches them, and only the questions
pass through here.  pyspark-client and pysail come with the extra `engine`.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from queries.errors import StoreError
from queries.views import views
from queries.views.dialect import write_select
from queries.views.views import View


class Engine:
    """A session with an engine, and the tables that it has there."""

    def __init__(self, address: str) -> None:
        """Connect to an address such as sc://HOST:PORT; StoreError if no engine answers."""
        with _import_quietly():
            from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra
            from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 - as above
            from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - as above
            from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - as above
        self._from_arrow_schema = from_arrow_schema
        self._error = PySparkException
        self._session = SparkSession.builder.remote(address).create()
        # keep trying an engine that is gone for some 30 seconds, not for 10 minutes
        self._session.client.set_retry_policies([DefaultPolicy(max_retries=5)])
        self._columns: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        """End the session: Sail in this process does not stop while it lasts."""
        self._session.stop()

    def put(self, name: str, rows: Any) -> None:
        """Let a table hold the rows of an Arrow table of this process."""
        schema = self._from_arrow_schema(rows.schema)
        self._name(name, self._session.createDataFrame(rows, schema=schema))

    def answer(self, view: View, days: tuple[date, date]) -> Any:
        """Return the rows of a view as an Arrow table; the tables that it reads must be there."""
        with self._tell_failure(view.name):
            return self._select(view, days).toArrow()

    def run(
        self, raw: str, as_at: date, out: str, register_day: date | None = None
    ) -> Iterator[str]:
        """Make every view as of a day from the Parquet in `raw`, and yield the name of each.

        `register_day` is the last day of the register, by default its last full day up to `as_at`.
        StoreError names a view that the engine refuses, or in which it goes away.
        """
        read = {"ref_threshold"}.union(*(view.dependencies for view in views.load_views().values()))
        for name in sorted(name for name in read if name.startswith(("raw_", "ref_"))):
            with self._tell_failure(name):
                rows = self._session.read.parquet(f"{raw}/{name}.parquet")
                if not rows.columns:  # some engines treat a missing file as an empty one
                    raise StoreError(f"There is no {name}.parquet in {raw}.")
                self._name(name, rows)
        first = views.list_dependencies(["int_register_day"])
        yield from (self._make(view, (as_at, as_at), out) for view in first)
        days = (as_at, register_day or self._find_register_day(as_at))
        others = [view for view in views.load_views().values() if view not in first]
        yield from (self._make(view, days, out) for view in others)

    def _find_register_day(self, as_at: date) -> date:
        """Return the same as `queries.views.days.find_register_day`."""
        days = self._session.table("int_register_day").where(f"session_date <= '{as_at}'")
        last_day = days.agg({"session_date": "max"}).toArrow().column(0)[0].as_py()
        return last_day or as_at

    def _make(self, view: View, days: tuple[date, date], out: str) -> str:
        """Create a view and return its name; it becomes Parquet of its own if it `is_written`."""
        with self._tell_failure(view.name):
            rows = self._select(view, days)
            if is_written(view):
                path = f"{out}/{view.name}.parquet"
                rows.write.mode("overwrite").parquet(path)
                rows = self._session.read.schema(rows.schema).parquet(path)
            self._name(view.name, rows)
        return view.name

    def _select(self, view: View, days: tuple[date, date]) -> Any:
        return self._session.sql(write_select(view, days, self._columns))

    def _name(self, name: str, rows: Any) -> None:
        rows.createOrReplaceTempView(name)
        self._columns[name] = dict(rows.dtypes)

    @contextmanager
    def _tell_failure(self, name: str) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            text = " ".join(str(error).split())[:500]
            raise StoreError(f"The engine did not make {name}: {text}") from error


def is_written(view: View) -> bool:
    """Say whether a run writes the view; most of staging only renames, and is read through."""
    return view.layer != "staging" or view.order is not None


@contextmanager
def start_local() -> Iterator[str]:
    """Run Sail in this process, for as long as the context, and yield its address."""
    os.environ.setdefault("RUST_LOG", "error")  # keep Sail's messages about start and end out
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 - heavy, and only this needs it

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    try:
        yield "sc://{}:{}".format(*server.listening_address)
    finally:
        server.stop()


@contextmanager
def _import_quietly() -> Iterator[None]:
    """Hide the warning about the pandas that pyspark was tested with: we use no frame of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield
