"""`lac bench`: a made-up school of any size made, loaded and asked, beside other programs."""

import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.data.demo_home import UNTIL
from cli.measure.peers import QUESTIONS, Answer, Marks, list_peers, read_marks
from intake.publish import files
from queries import read
from queries.statement import format_sql
from queries.store import versions
from queries.store.store import Store
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

app = Commands()

_HEAD = "| what | wall | processor | peak | |\n| --- | ---: | ---: | ---: | --- |"
_LAC = [sys.executable, "-m", "cli.main"]
#: As many rows of a mart as a page shows.
_FIRST_PAGE = "from {name} limit 200"


@dataclass(frozen=True)
class Taken:
    """What a command took: seconds by the clock and of the processor, and megabytes at most."""

    wall: float
    processor: float
    peak: float


@app.add("bench")
def run_bench(
    children: Annotated[int, Option(help="Number of children in the groups.", min=12)] = 1000,
    years: Annotated[int, Option(help="Number of school years in the register.", min=1)] = 3,
    rounds: Annotated[int, Option(help="How many times each question is asked.", min=1)] = 5,
    work: Annotated[
        Path | None,
        Option(metavar="DIR", help="Keep the files and the school's folder in this folder."),
    ] = None,
) -> None:
    """Measure how fast lac-monitor is on this computer, compared with other programs."""
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        folder = work or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        cores, system = os.cpu_count(), platform.platform()
        typer.echo(f"{children:,} children, {years} years; {cores} cores, {system}.\n")
        for line in _measure(folder, children, years, rounds):
            typer.echo(line)


def _measure(folder: Path, children: int, years: int, rounds: int) -> Iterator[str]:
    given, week, home, lock = (folder / each for each in ("files", "week", "home", "keys"))
    yield _HEAD
    made = ("synth", "--children", children, "--years", years, "--out", given)
    yield _describe("the made-up school as CSV", run_lac(lock, *made), "")
    rows = write_week(given, week)
    taken = run_lac(lock, "load", given, "--home", home)
    yield _describe("load", taken, f"{rows / taken.wall / 1e6:.2f} M rows a second")
    again = run_lac(lock, "load", week / "attendance.csv", "--home", home)
    yield _describe("load again, with one changed week", again, "")
    keys = Keys.load(Home.open(home), {"LAC_KEYS": str(lock)})
    path = versions.find_current_version(Home.open(home).store)
    if path is None:
        raise typer.Exit(1)
    with files.open_version(path, keys.store) as store:
        marks = read_marks(store, UNTIL)
        size = path.stat().st_size
        yield f"\nThe store: {size / 1e6:.1f} MB, {size / marks.rows.height:.1f} bytes a mark.\n"
        yield from _ask_marts(store)
        yield from _ask_peers(store, marks, rounds)


def run_lac(keys: Path, *arguments: object, worst: int = 0) -> Taken:
    """Run `lac` in a process of its own; what it says is told, with Exit, only if it fails.

    worst: the highest exit code that is no failure.
    """
    began = time.perf_counter()
    environ = {**os.environ, "LAC_KEYS": str(keys)}
    command = [*_LAC, *map(str, arguments)]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(command, env=environ, stdout=told, stderr=told) as process,  # noqa: S603 - our own words
    ):
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode > worst:
            told.seek(0)
            typer.echo(told.read(), err=True)
            raise typer.Exit(process.returncode)
    per_mb = 1e6 if sys.platform == "darwin" else 1e3
    return Taken(
        time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / per_mb
    )


def write_week(given: Path, week: Path) -> int:
    """The newest week of the register as a file, with one mark changed; the rows of the whole."""
    week.mkdir(exist_ok=True)
    first, rows, is_changed = f"{UNTIL.fromordinal(UNTIL.toordinal() - 4)}", 0, False
    name = "attendance.csv"
    with (given / name).open(encoding="utf-8") as whole, (week / name).open("w") as part:
        part.write(next(whole))
        for line in whole:
            rows += 1
            if first <= line.split(",", 2)[1] <= f"{UNTIL}":
                is_mark = not is_changed and line.endswith(",AM,/\n")
                part.write(line.replace(",AM,/", ",AM,I") if is_mark else line)
                is_changed |= is_mark
    return rows


def _describe(what: str, taken: Taken, note: str) -> str:
    times = f"{taken.wall:.1f} s | {taken.processor:.1f} s"
    return f"| {what} | {times} | {taken.peak:,.0f} MB | {note} |"


def _ask_marts(store: Store) -> Iterator[str]:
    """The first page of every mart and check, a second time: 95 of 100 are no slower."""
    seconds = []
    for name in read.list_definitions():
        query = format_sql(_FIRST_PAGE, name=name)
        store.read(query, as_at=UNTIL)
        began = time.perf_counter()
        store.read(query, as_at=UNTIL)
        seconds.append(time.perf_counter() - began)
    late = sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]
    asked = f"200 rows of each of {len(seconds)} tables again"
    yield f"{asked}: 95 of 100 within {late * 1e3:.0f} ms.\n"


def _ask_peers(store: Store, marks: Marks, rounds: int) -> Iterator[str]:
    """The same questions to others, one after the other in each round."""
    yield (
        "lac answers a question from sums that its load has worked out. The others work out "
        "the answer from the\nmarks. A program marked `worked out` was also given those sums, "
        "by child and by week.\n"
    )
    yield "| question | program | processor | times lac's | the same answer |"
    yield "| --- | --- | ---: | ---: | --- |"
    for name, question in QUESTIONS.items():
        asks: dict[str, Callable[[], Answer]] = {"lac": lambda q=question: q.ask(store, UNTIL)}  # type: ignore[misc]
        asks |= list_peers(name, marks)
        answers = {who: ask() for who, ask in asks.items()}
        taken: dict[str, list[float]] = {who: [] for who in asks}
        for _ in range(rounds):
            for who, ask in asks.items():
                began = time.process_time()
                ask()
                taken[who].append(time.process_time() - began)
        own = median(taken["lac"])
        for who, seconds in taken.items():
            times = f"{median(seconds) / own:.1f}" if own else "-"
            same = answers[who] == answers["lac"]
            yield f"| {name} | {who} | {median(seconds) * 1e3:.1f} ms | {times} | {same} |"
