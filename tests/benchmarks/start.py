"""How long a start, a load and a first answer take: one run prints a table.

    python -m tests.benchmarks.start

Commands are started as processes, as people meet them; their seconds are of the processor.
Nothing is asserted; machines differ, and so does what else runs on them.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from shutil import copyfile

from queries import read
from tests.benchmarks.size import keep_last_week
from tests.benchmarks.units import begin_table, run_lac, say_row
from tests.support.schools.homes import UNTIL, demo_home, exports, keys_at, open_store

_ROUNDS = 5


def time_command(*arguments: object, until: str = "", **environ: str) -> float:
    """Seconds of the processor of a command and of all that it starts; `until` as of `run_lac`."""
    used = run_lac(*arguments, until=until, **environ)
    return used.ru_utime + used.ru_stime


def measure(act: Callable[[int], float]) -> float:
    """The median of some rounds; the first one, which writes byte code, is not counted."""
    return statistics.median([act(number) for number in range(_ROUNDS + 1)][1:])


def time_answers(home: Path, day: date) -> float:
    """Seconds to the first answer of every mart and check, of a store that was just opened."""
    with closing(open_store(home)) as store:
        began = time.process_time()
        for name in read.list_definitions():
            store.read(f"from {name}", as_at=day)
        return time.process_time() - began


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        root = Path(temporary)
        # byte code is kept as on anybody's computer, but not in this checkout
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(root / "bytecode")
        home = demo_home(root / "home", years=3)
        keys = {"LAC_KEYS": keys_at(home)["LAC_KEYS"]}
        begin_table(f"24 children, three years to {UNTIL}, {os.cpu_count()} cores")
        caches = [
            {"XDG_CACHE_HOME": str(root / f"cache-{number}")} for number in range(_ROUNDS + 1)
        ]

        def start(number: int) -> float:
            return time_command(
                "demo", "--no-browser", "--port", "0", until="Ready in", **caches[number]
            )

        say_row("`lac demo`, first start", measure(start), 2.2)
        say_row("`lac demo`, second start", measure(start), 1.2)
        asked = ("sql", "select 1", "--home", home)
        say_row("`lac sql`", measure(lambda _: time_command(*asked, **keys)), 0.5)

        def load(number: int) -> float:
            to = root / f"load-{number}"
            return time_command("load", exports(years=3), "--home", to, **keys_at(to))

        def load_week(number: int) -> float:
            register, to = root / "attendance.csv", root / f"load-{number}"
            copyfile(exports(years=3) / "attendance.csv", register)
            keep_last_week(register)
            return time_command("load", register, "--home", to, **keys_at(to))

        say_row("`lac load`, a first one", measure(load))
        say_row("`lac load`, one week's register", measure(load_week))
        for what, day in (("the default day", UNTIL), ("another", UNTIL - timedelta(days=1))):
            taken = measure(lambda _, day=day: time_answers(home, day))  # type: ignore[misc]
            say_row(f"first answers of {what}", taken, note="all marts and checks")


if __name__ == "__main__":
    main()
