"""What a made-up school of any size takes to make, load and ask: one run prints a table.

python -m tests.benchmarks.size [CHILDREN]
"""

import math
import os
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from queries import read
from queries.statement import format_sql
from queries.store import versions
from queries.store.store import Store
from safeguards.home.home import Home
from tests.benchmarks.units import run_lac, say
from tests.support.schools.homes import UNTIL, keys_at, open_store


def main() -> None:
    """Measure and print."""
    children = int(sys.argv[1]) if sys.argv[1:] else 1000
    say(f"{children:,} children, three years, {os.cpu_count()} cores\n")
    say("| what | wall | processor | peak |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        files, home = Path(temporary, "files"), Path(temporary, "home")
        demo = ("demo", "--no-browser", "--port", "0")
        new = {"until": "Ready in", "XDG_CACHE_HOME": temporary}
        _say_taken("`lac demo`, a first start", home, *demo, **new)
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


def keep_last_week(register: Path) -> None:
    """Leave a file of marks its newest week, with one mark changed."""
    header, *rows = register.read_text().splitlines()
    week = [row for row in rows if row.split(",")[1] > f"{UNTIL - timedelta(5)}"]
    register.write_text("\n".join([header, *week, ""]).replace(",/\n", ",L\n", 1))


def _say_taken(what: str, home: Path, *arguments: object, **environ: str) -> None:
    began = time.perf_counter()
    used = run_lac(*arguments, **keys_at(home), **environ)
    wall, processor = time.perf_counter() - began, used.ru_utime + used.ru_stime
    say(f"| {what} | {wall:.1f} s | {processor:.1f} s | {used.ru_maxrss / 1e3:,.0f} MB |")


def _ask_definitions(store: Store) -> None:
    """As many rows of each mart and check as a page shows, a second time."""
    seconds = []
    for name in read.list_definitions():
        query = format_sql("from {name} limit 200", name=name)
        store.read(query, as_at=UNTIL)
        began = time.process_time()
        store.read(query, as_at=UNTIL)
        seconds.append(time.process_time() - began)
    seconds.sort()
    late = seconds[math.ceil(0.95 * len(seconds)) - 1]
    say(f"200 rows of each of {len(seconds)} tables: 95 of 100 within {late * 1e3:.0f} ms.")


if __name__ == "__main__":
    main()
