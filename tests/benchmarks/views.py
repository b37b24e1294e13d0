"""What each view costs at 2,000 children and at 10,000: one run prints a table.

    python -m tests.benchmarks.views [VIEW ...]

The rows of a made-up school of 1,000 children are put in twice and ten times, each time under
other keys, so the data grow by five and nothing else changes.  Seconds are of the processor.
"""

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl

from intake.publish import files
from queries.store import store, versions
from queries.views import days, views
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.benchmarks.units import say
from tests.support.schools.homes import UNTIL, demo_home, keys_at

_CHILDREN = 1000
#: Five times the children may cost so many times as much.
_BAR = 6.0
#: A view below this many seconds is measured by its plan rather than by its rows.
_TOO_SHORT = 0.1


def read_school() -> dict[str, pl.DataFrame]:
    """The raw_ rows of a made-up school."""
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        folder = demo_home(Path(temporary) / "home", children=_CHILDREN, years=3)
        home = Home.open(folder)
        path = versions.find_current_version(home.store)
        assert path is not None
        return files.read_rows(path, Keys.load(home, keys_at(folder)).store)


def fill_store(rows: dict[str, pl.DataFrame], copies: int) -> duckdb.DuckDBPyConnection:
    """A store in memory with each child so many times."""
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "3GB"})
    connection.execute("attach ':memory:' as lac")
    connection.execute("use lac")
    store.create_tables(connection)
    for table, frame in rows.items():
        again = copies if "pupil_key" in frame.columns else 1
        for number in range(again):
            moved = frame
            if "pupil_key" in frame.columns:
                moved = frame.with_columns(pl.col("pupil_key") + 100_000 * number)
            if "pupil_id" in frame.columns:
                named = pl.format("{}{}", pl.col("pupil_id", "handle"), pl.lit(number))
                moved = moved.with_columns(named)
            store.insert_rows(connection, table, moved)
    views.create_functions(connection)
    return connection


def time_views(rows: dict[str, pl.DataFrame], copies: int) -> dict[str, float]:
    """Seconds of the processor of each view, the fewer of two times."""
    first, second = (_time_once(rows, copies) for _ in range(2))
    return {name: min(taken, second[name]) for name, taken in first.items()}


def _time_once(rows: dict[str, pl.DataFrame], copies: int) -> dict[str, float]:
    """Of each view as a table, over the tables of those below it."""
    taken = {}
    with closing(fill_store(rows, copies)) as connection:
        days.set_day(connection, UNTIL, UNTIL)
        for view in views.load_views().values():
            began = time.process_time()
            connection.execute(f"create table {view.name} as {view.select}")
            taken[view.name] = time.process_time() - began
    return taken


def main() -> None:
    """Measure and print."""
    rows = read_school()
    few, many = (time_views(rows, copies) for copies in (2, 10))
    say("\n| view | 2,000 | 10,000 | times | |\n| --- | ---: | ---: | ---: | --- |")
    for name in sorted(many, key=lambda name: -many[name]):
        if name in sys.argv[1:] or not sys.argv[1:]:
            times = many[name] / few[name]
            note = f"over {_BAR:g}" if times > _BAR and many[name] > _TOO_SHORT else ""
            say(f"| {name} | {few[name]:.3f} | {many[name]:.3f} | {times:.1f} | {note} |")
    say(f"| all | {sum(few.values()):.1f} | {sum(many.values()):.1f} | | |")


if __name__ == "__main__":
    main()
