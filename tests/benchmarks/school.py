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
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[2]))

import polars as pl
from streamlit.testing.v1 import AppTest

import dashboard
from intake.publish.entries import add_fact
from queries import read
from safeguards.access import access
from tests.support.schools.homes import UNTIL, demo_home, exports, keys_at
from tests.support.web.site import switch_page

Question = tuple[str, Mapping[str, Any] | None]

_LAC = [sys.executable, "-m", "cli.main"]
_LOADS, _DEMOS, _ROUNDS = 5, 4, 200
_WHO: dict[str, Any] = {"actor": "bench", "role": "dsl", "purpose": "bench"}
_PAGES = (
    *("today", "children", "child", "attendance", "wellbeing", "plans"),
    *("data_check", "help"),
)
_FIRST_FIGURE = """
import sys
import time
from pathlib import Path
import numpy, pandas, pyarrow  # as Streamlit has, which the server imports first
from queries import read
from safeguards.access import access
before = time.perf_counter()
session = access.open(Path(sys.argv[1]), actor="bench", role="dsl", purpose="bench")
assert read.fetch_cohort_years(session).height
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


def questions(home: Path) -> dict[str, list[Question]]:
    """What each page asks for the safeguarding lead, in the order of its own script."""
    os.environ.update(LAC_HOME=str(home), LAC_ROLE="dsl")
    asked: list[Question] = []
    read_rows = access.Session.read

    def noted(
        held: access.Session, query: str, parameters: Mapping[str, Any] | None = None
    ) -> pl.DataFrame:
        asked.append((query, parameters))
        return read_rows(held, query, parameters)

    site = AppTest.from_file(str(Path(dashboard.__file__).with_name("app.py")), default_timeout=60)
    by_page = {}
    with patch.object(access.Session, "read", noted):
        site.run()
        for page in _PAGES:
            if page == "child":
                handle = read.fetch_members(access.open(home, **_WHO))["handle"][0]
                next(button for button in site.button if button.label == handle).click().run()
            asked.clear()
            switch_page(site, page).run()
            assert not site.exception, page
            by_page[page] = list(asked)
    return by_page


def page_times(held: access.Session, home: Path) -> dict[str, list[float]]:
    """The queries of each page together, so many times over."""
    times: dict[str, list[float]] = {}
    for page, asked in questions(home).items():
        ask = partial(_ask, held, asked)
        for _ in range(5):
            ask()
        name = page.replace("_", " ").capitalize()
        times[f"{name}, asked again"] = [seconds(ask) for _ in range(_ROUNDS)]
        times[f"{name}, first of all"] = [_first(home, asked) for _ in range(_ROUNDS // 10)]
    return times


def typed_times(home: Path) -> list[float]:
    """From a fact's being typed to its row in the answer of a new session."""
    times = []
    for day in range(1, _LOADS + 1):
        before = time.perf_counter()
        held = access.open(home, **_WHO)
        recorded = add_fact(
            held,
            handle=read.fetch_members(held)["handle"][0],
            file="sdq.csv",
            values={"date": f"2026-11-{day:02}", "informant": "self", "total": "14"},
            where_written="letter, Tameside, 12 November",
            now=datetime.now(UTC),
        )
        assert recorded.entry_id is not None
        of_day = read.fetch_sdq(access.open(home, **_WHO)).filter(
            pl.col("sdq_date").dt.day() == day
        )
        assert of_day.height
        times.append(time.perf_counter() - before)
    return times


def _ask(held: access.Session, asked: list[Question]) -> None:
    for query, parameters in asked:
        held.read(query, parameters)


def _first(home: Path, asked: list[Question]) -> float:
    """The time of a page's queries when they are the first of a version that a load has made."""
    access._open_cached_store.cache_clear()
    held = access.open(home, **_WHO)
    return seconds(partial(_ask, held, asked))


def demo_times(root: Path) -> list[float]:
    """`lac demo` to its first page: the first one makes its school, the others find it."""
    environ = {**os.environ, "TMPDIR": str(root), "XDG_CACHE_HOME": str(root / "cache")}
    command = [*_LAC, "demo", "--no-browser", "--exit-when-ready"]
    told = [run(*command, environ=environ).splitlines()[-1] for _ in range(_DEMOS)]
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
        ready = next(line for line in server.stdout if line.startswith("Ready in "))
        link = ready.strip().partition(" s: ")[2]
        how = _walk(f"http://127.0.0.1:{port}", link)
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024, how
    finally:
        server.terminate()
        server.wait(timeout=20)
        assert server.stdout is not None
        server.stdout.close()


def _walk(address: str, link: str) -> str:
    """Every page in Chromium, in two tabs; how it was walked.  The link lets the browser in."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or importlib.util.find_spec("playwright") is None:
        return "first page only: no Chromium here"
    playwright: ModuleType = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        person = browser.new_context()
        person.new_page().goto(link)
        for _ in range(2):
            tab = person.new_page()
            for path in ("", *(page for page in _PAGES if page not in ("today", "child"))):
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
        held = access.open(home, **_WHO)
        for page, times in page_times(held, home).items():
            note = f"p95 of {len(times)}; median {1000 * statistics.median(times):.3g} ms"
            row(f"queries of {page}", 1000 * p95(times), "ms", 50, note)
        typed = typed_times(home)
        row("a typed fact shows", max(typed), "s", 1, f"worst of {_LOADS}")
        first, *later = demo_times(root)
        row("`lac demo` to first page, first", first, "s", 15)
        row("`lac demo` to first page, later", max(later), "s", 8, f"worst of {len(later)}")
        megabytes, how = server_megabytes(home)
        row("server's memory", megabytes, "MB", 500, how)


if __name__ == "__main__":
    main()
