"""Exit codes, options and messages that several commands of `lac` have."""

import time
import webbrowser
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, TextIO

import typer
from typer import Argument, Option

from cli import STARTED_AT
from dashboard.text.words import pluralise
from intake.check.ahead import RowsAhead, format_ahead
from intake.problems import Problem

TO_FIX, CANNOT_READ = 1, 2

#: An option that is a day; its value is the midnight that begins it.
DayOption = partial(Option, formats=["%Y-%m-%d"])

HomeOption = Annotated[Path, Option("--home", help="The school's home folder.")]
Who = Annotated[
    str | None,
    Option("--as", metavar="NAME", help="Who you are, in a real home; the lead if unset."),
]
PassphraseFd = Annotated[
    int | None,
    Option(
        "--passphrase-fd",
        min=0,
        help="Read passphrases from this file descriptor, a line each; 0 is standard input.",
    ),
]
AsAt = Annotated[
    datetime | None, DayOption("--as-at", help="Show this day; the data's end if unset.")
]
Port = Annotated[int, Option("--port", help="Port on this computer.")]
NoBrowser = Annotated[bool, Option("--no-browser", help="Do not open a browser.")]
Handle = Annotated[str, Argument(metavar="HANDLE", help='Such as "copper lantern".')]


def say_ready(address: str, *, no_browser: bool, file: TextIO | None = None) -> None:
    """Say where the server is and open it, once it listens; file: None for standard output."""
    typer.echo(f"Ready in {time.monotonic() - STARTED_AT:.1f} s: {address}", file=file)
    if not no_browser:
        webbrowser.open(address)


def say_problems(problems: tuple[Problem, ...]) -> None:
    """One line a problem of what was typed, which has no rows."""
    for problem in problems:
        column = f', column "{problem.column}"' if problem.column else ""
        typer.echo(f"{problem.file}{column}: {problem.problem} {problem.fix}")


def say_ahead(ahead: tuple[RowsAhead, ...]) -> None:
    """One line for each file with rows dated ahead: they count from their day on."""
    for each in ahead:
        typer.echo(format_ahead(each))


def count(number: int, noun: str) -> str:
    """A number with its noun: 0 rows, 1 row, 1,200 rows."""
    return f"{number:,} {pluralise(number, noun)}"
