"""Output that several commands of `lac` print."""

import json
import time
import webbrowser
from collections.abc import Iterable
from dataclasses import is_dataclass
from decimal import Decimal

import typer

from cli import STARTED_AT
from dashboard.text.words import pluralise
from intake.problems import Problem, group_problems


def say_ready(address: str, *, no_browser: bool) -> None:
    """Print the address of a server that now listens on this computer, and open it."""
    typer.echo(f"Ready in {time.monotonic() - STARTED_AT:.1f} s: {address}")
    if not no_browser:
        webbrowser.open(address)
    typer.echo("The link works once, within ten minutes. Press Ctrl-C to stop.")


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 0 rows, 1 row, 1,200 rows."""
    return f"{number:,} {pluralise(number, noun)}"


def say_lines(lines: Iterable[str]) -> None:
    """Print the lines."""
    for line in lines:
        typer.echo(line)


def say_notes(unknown_files: tuple[str, ...], notes: tuple[str, ...]) -> None:
    """Print a line for each file that was ignored, and each note on how a file was read."""
    for name in unknown_files:
        typer.echo(f"{name} is not an export file, and was ignored.", err=True)
    for note in notes:
        typer.echo(note, err=True)


def say_faults(problems: tuple[Problem, ...]) -> None:
    """Print a line for each fault of a file and column, however many rows have it."""
    say_lines(list_faults(problems))


def list_faults(problems: tuple[Problem, ...]) -> list[str]:
    """Return the lines of `say_faults`."""
    groups = group_problems(problems)
    return [f"{group.place}: {group.first.problem} {group.first.fix}" for group in groups]


def say_json(result: object) -> None:
    """Print a command's result as JSON, with days such as 2026-11-20, nulls and named fields."""
    typer.echo(json.dumps(result, default=_to_json, ensure_ascii=False, indent=1))


def _to_json(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return vars(value) if is_dataclass(value) else str(value)
