"""What the commands of `lac` share: options, how they tell what went wrong, exit codes."""

import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

LOADED, TO_FIX, CANNOT_READ = 0, 1, 2

HomeOption = Annotated[Path, typer.Option("--home", help="The school's home folder.")]
AsAt = Annotated[
    datetime | None,
    typer.Option("--as-at", formats=["%Y-%m-%d"], help="Show this day; the data's end if unset."),
]
Port = Annotated[int, typer.Option("--port", help="Port on this computer.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


def bring_up_to_date(home: Path) -> None:
    """Rebuild a store that other definitions made; the facts stay as they are."""
    from intake.build.load import rebuild_store  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415
    from stewardship.rights.erase import finish_erasures  # noqa: PLC0415

    rebuild_store(Home.open(home), finish_erasures=finish_erasures)


@contextmanager
def handle_user_errors() -> Iterator[None]:
    """Whatever a person can mend is told in a line or two, without a traceback."""
    import duckdb  # noqa: PLC0415

    from intake.problems import IntakeError  # noqa: PLC0415
    from queries.errors import StoreError  # noqa: PLC0415
    from safeguards.errors import SafeguardsError  # noqa: PLC0415

    try:
        yield
    except (IntakeError, StoreError, SafeguardsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(CANNOT_READ) from None
    except duckdb.Error as error:
        typer.echo(f"The query failed: {error}", err=True)
        raise typer.Exit(CANNOT_READ) from None
    except OSError as error:
        place = error.filename or "a file"
        typer.echo(f"Cannot use {place}: {error.strerror}. Nothing was changed.", err=True)
        raise typer.Exit(CANNOT_READ) from None


def say_ready(address: str, began: float, *, no_browser: bool, file: TextIO | None = None) -> None:
    """Say where the server is and open it, once it listens; `began` is when the command did.

    file: where to say it, if not to the standard output.
    """
    typer.echo(f"Ready in {time.monotonic() - began:.1f} s: {address}", file=file)
    if not no_browser:
        webbrowser.open(address)


def say_problems(problems: tuple[object, ...], *, with_rows: bool = True) -> None:
    """One line a problem; what was typed has no rows to count."""
    from intake.problems import Problem  # noqa: PLC0415

    for problem in problems:
        assert isinstance(problem, Problem)  # noqa: S101
        row = f"row {problem.row}" if problem.row else "whole file"
        place = f", {row}" if with_rows else ""
        column = f', column "{problem.column}"' if problem.column else ""
        typer.echo(f"{problem.file}{place}{column}: {problem.problem} {problem.fix}")
