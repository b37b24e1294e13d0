"""A made-up school of any size made, loaded and asked, the last beside SQLite: one run prints it.

    python -m tests.benchmarks.size [CHILDREN]

lac answers from sums that its load has worked out, and SQLite from the marks.
"""

import math
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from queries import read
from queries.statement import format_sql
from queries.store import versions
from queries.store.store import Store
from safeguards.home.home import Home
from tests.benchmarks.units import run_lac, say
from tests.support.schools.homes import UNTIL, keys_at, open_store

_PERSISTENT = """
select pupil_key from pupil_attendance
where academic_year = academic_year(as_at()) and is_persistent_absentee order by all
"""
#: What counts of the school year, for a program that knows neither codes nor who was on roll.
_MARKS = """
select mark.pupil_key, code.is_possible::integer, code.is_absent::integer
from raw_mark as mark inner join ref_attendance_code as code
    on mark.code = code.code
    and mark.session_date >= coalesce(code.valid_from, mark.session_date)
    and mark.session_date < coalesce(code.valid_to, date '2200-01-01')
where
    academic_year(mark.session_date) = academic_year(as_at())
    and mark.session_date <= register_day()
    and exists (
        select 1 from raw_enrolment as stay
        where
            stay.pupil_key = mark.pupil_key
            and mark.session_date >= stay.entry_date
            and mark.session_date <= coalesce(stay.leaving_date, date '2200-01-01')
    )
"""
_IN_SQLITE = """
select child from mark group by child
having sum(possible) > 0 and sum(absent) * 10 >= sum(possible) order by child
"""


def main() -> None:
    """Measure and print."""
    children = int(sys.argv[1]) if sys.argv[1:] else 1000
    say(f"{children:,} children, three years, {os.cpu_count()} cores\n")
    say("| what | wall | processor | peak |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        files, home = Path(temporary, "files"), Path(temporary, "home")
        _say_taken("the files of a school", home, "synth", "--children", children, "--out", files)
        _say_taken("load", home, "load", files, "--home", home)
        keep_last_week(files / "attendance.csv")
        register = files / "attendance.csv"
        _say_taken("load again, with one changed week", home, "load", register, "--home", home)
        path = versions.find_current_version(Home.open(home).store)
        assert path is not None
        with closing(open_store(home)) as store:
            marks = store.read("select count(*) from raw_mark", as_at=UNTIL).item()
            size = path.stat().st_size
            say(f"\nThe store: {size / 1e6:.1f} MB, {size / marks:.1f} bytes a mark.")
            _ask_definitions(store)
            _ask_sqlite(store)


def keep_last_week(register: Path) -> None:
    """Leave a file of marks its newest week, with one mark changed."""
    header, *rows = register.read_text().splitlines()
    week = [row for row in rows if row.split(",")[1] > f"{UNTIL - timedelta(5)}"]
    register.write_text("\n".join([header, *week, ""]).replace(",/\n", ",L\n", 1))


def _say_taken(what: str, home: Path, *arguments: object) -> None:
    began = time.perf_counter()
    used = run_lac(*arguments, **keys_at(home))
    wall, processor = time.perf_counter() - began, used.ru_utime + used.ru_stime
    say(f"| {what} | {wall:.1f} s | {processor:.1f} s | {used.ru_maxrss / 1e3:,.0f} MB |")


def _ask(store: Store, query: str) -> tuple[float, list[tuple[Any, ...]]]:
    """Seconds of the processor of a question that was asked before, and its answer."""
    store.read(query, as_at=UNTIL)
    began = time.process_time()
    rows = store.read(query, as_at=UNTIL).rows()
    return time.process_time() - began, rows


def _ask_definitions(store: Store) -> None:
    """As many rows of each mart and check as a page shows."""
    queries = [format_sql("from {name} limit 200", name=name) for name in read.list_definitions()]
    seconds = sorted(_ask(store, query)[0] for query in queries)
    late = seconds[math.ceil(0.95 * len(seconds)) - 1]
    say(f"200 rows of each of {len(seconds)} tables: 95 of 100 within {late * 1e3:.0f} ms.")


def _ask_sqlite(store: Store) -> None:
    """Who is persistently absent this year."""
    taken, rows = _ask(store, _PERSISTENT)
    with closing(sqlite3.connect(":memory:")) as lite:
        lite.execute("create table mark (child integer, possible integer, absent integer)")
        lite.executemany(
            "insert into mark values (?, ?, ?)", store.read(_MARKS, as_at=UNTIL).rows()
        )
        lite.execute("create index mark_by_child on mark (child, possible, absent)")
        began = time.process_time()
        same = lite.execute(_IN_SQLITE).fetchall() == rows
        other = time.process_time() - began
    say(
        f"Who is persistently absent: lac {taken * 1e3:.1f} ms, SQLite {other * 1e3:.1f} ms; "
        f"the same {len(rows)} children: {same}."
    )


if __name__ == "__main__":
    main()
