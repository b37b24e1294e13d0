"""How fast a school's day is: one run prints a table with each figure beside its bar.

    python tests/benchmarks/school.py

Everything is measured as a person meets it: processes are started, not imported.  Nothing
is asserted; machines differ, and so does what else runs on them.
"""

import importlib.util
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from homes import UNTIL, demo_home, exports, keys_at

from queries import read, views
from safeguards import access

_LAC = [sys.executable, "-m", "dashboard.cli"]
_LOADS, _DEMOS, _ROUNDS = 5, 3, 200
_FIRST_FIGURE = """
import sys, time
from pathlib import Path
import numpy, pandas, pyarrow  # as Streamlit has, which the server imports first
from queries import read
from safeguards import access
before = time.perf_counter()
session = access.open(Path(sys.argv[1]), actor="bench", role="dsl", purpose="bench")
assert read.cohort_years(session).height
print(time.perf_counter() - before)
"""


def row(what: str, measured: float, unit: str, bar: float, note: str = "") -> None:
    sys.stdout.write(
        f"| {what} | {measured:,.3g} {unit} | {bar:,g} {unit} | {measured / bar:.0%} | {note} |\n"
    )
    sys.stdout.flush()


def seconds(act: Callable[[], Any]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def run(*arguments: str, environ: dict[str, str]) -> str:
    return subprocess.run(arguments, env=environ, check=True, capture_output=True, text=True).stdout


def load_times(folder: Path, root: Path) -> list[float]:
    """A first load as a process, each into a home of its own."""
    homes = [root / f"load-{number}" for number in range(_LOADS + 1)]
    times = []
    for home in homes:
        command = [*_LAC, "load", str(folder), "--home", str(home)]
        times.append(seconds(partial(run, *command, environ=keys_at(home))))
    return times[1:]  # the first one writes the byte code


def first_figures(home: Path) -> list[float]:
    """From opening the home to the first figure, in a process that has the server's imports."""
    command = [sys.executable, "-c", _FIRST_FIGURE, str(home)]
    return [float(run(*command, environ=keys_at(home))) for _ in range(_LOADS)]


# The calls of each page, in its order; see dashboard/app_pages.


def today(held: access.Session) -> None:
    read.this_week(held)
    read.members(held)
    read.check(held, "unexplained_n")
    read.cohort_weeks(held, read.academic_year(held))


def children(held: access.Session) -> None:
    read.members(held)
    read.child_protection(held)


def child(held: access.Session, pupil_id: str) -> None:
    read.child(held, pupil_id)
    read.child_protection(held)
    years = read.child_years(held, pupil_id)
    read.child_sessions(held, pupil_id, years["academic_year"][0])


def attendance(held: access.Session) -> None:
    year = read.academic_year(held)
    read.members(held)
    read.cohort_years(held, "all")
    read.school_years(held)
    read.national_lines(held, "absence")
    read.cohort_weeks(held, year, "all")
    read.absence_reasons(held, year, "all")
    read.cohort_years(held, "looked after 12 months")


def data_check(held: access.Session) -> None:
    read.files(held)
    for view in views.all_views().values():
        if view.layer == "checks":
            read.check(held, view.name.removeprefix("check_"))


def page_times(held: access.Session) -> dict[str, list[float]]:
    """The queries of each page together, so many times over."""
    pupil_id = read.members(held)["pupil_id"][0]
    pages: dict[str, Callable[[], None]] = {
        "Today": lambda: today(held),
        "Children": lambda: children(held),
        "Child": lambda: child(held, pupil_id),
        "Attendance": lambda: attendance(held),
        "Data check": lambda: data_check(held),
    }
    times: dict[str, list[float]] = {}
    for name, ask in pages.items():
        for _ in range(5):
            ask()
        times[f"{name}, asked again"] = [seconds(ask) for _ in range(_ROUNDS)]
        times[f"{name}, first asked"] = [_first(held, ask) for _ in range(_ROUNDS)]
    return times


def _first(held: access.Session, ask: Callable[[], None]) -> float:
    """The time of a page's queries when no session has asked them of this version yet."""
    held._store._answer.cache_clear()
    return seconds(ask)


def demo_times(root: Path) -> list[float]:
    """`lac demo` to its first page; the process's whole life, so a little more than that."""
    environ = {**os.environ, "TMPDIR": str(root)}
    command = [*_LAC, "demo", "--no-browser", "--exit-when-ready"]
    told = [run(*command, environ=environ) for _ in range(_DEMOS)]
    return [float(line.split()[2]) for line in told]


def server_megabytes(home: Path) -> tuple[float, str]:
    """The resident memory of a server after a browser has been on every page, twice."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*_LAC, "run", "--home", str(home), "--no-browser", "--port", str(port)],
        env=keys_at(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("Ready in ")
        how = _walk(f"http://127.0.0.1:{port}")
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024, how
    finally:
        server.terminate()
        server.wait(timeout=20)
        assert server.stdout is not None
        server.stdout.close()


def _walk(address: str) -> str:
    """Every page in Chromium, in two tabs; how it was walked."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or importlib.util.find_spec("playwright") is None:
        return "first page only: no Chromium here"
    playwright: ModuleType = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(2):
            tab = browser.new_page()
            for path in ("", "children", "attendance", "data_check", "help"):
                tab.goto(f"{address}/{path}")
                tab.locator("h1").first.wait_for(timeout=20_000)
                tab.wait_for_timeout(1_000)
        browser.close()
    return "peak, two tabs on every page"


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        root = Path(temporary)
        # byte code is kept as on anybody's computer, but not in this checkout
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(root / "bytecode")
        folder = exports(years=3)
        home = demo_home(root / "home", years=3)
        os.environ["LAC_KEYS"] = keys_at(home)["LAC_KEYS"]
        sys.stdout.write(
            f"24 children, three years to {UNTIL}, {os.cpu_count()} cores.\n\n"
            "| what | measured | bar | of the bar | note |\n| --- | ---: | ---: | ---: | --- |\n"
        )
        loads = load_times(folder, root)
        row("`lac load`, process", statistics.median(loads), "s", 4, f"median of {_LOADS}")
        row("`lac load`, process", max(loads), "s", 4, f"worst of {_LOADS}")
        opening = [1000 * each for each in first_figures(home)]
        row("open and first figure", statistics.median(opening), "ms", 150, f"median of {_LOADS}")
        row("open and first figure", max(opening), "ms", 150, f"worst of {_LOADS}")
        held = access.open(home, actor="bench", role="dsl", purpose="bench")
        for page, times in page_times(held).items():
            note = f"p95 of {_ROUNDS}; median {1000 * statistics.median(times):.3g} ms"
            row(f"queries of {page}", 1000 * p95(times), "ms", 50, note)
        demos = demo_times(root)
        row("`lac demo` to first page", max(demos), "s", 15, f"worst of {_DEMOS}")
        megabytes, how = server_megabytes(home)
        row("server's memory", megabytes, "MB", 500, how)


if __name__ == "__main__":
    main()
