"""`lac check`, `lac load`, `lac undo` and `lac template`: exports in, and the sheet for them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from cli.context import Who, open_session
from cli.options import TO_FIX, HomeOption, handle_user_errors, say_problems
from cli.passphrases import PassphraseFd, Passphrases

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder with the export files.")]


def check(
    folder: Folder,
    problems: Annotated[
        Path | None, typer.Option("--problems", help="Write the rows to fix to this CSV file.")
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option("--home", help="The school's home, for sheets that name children by handle."),
    ] = None,
) -> None:
    """Say what is wrong with the exports in DIR, without loading anything.

    Exit code 0: nothing to fix; 1: rows to fix; 2: the folder cannot be read.
    """
    from intake.build.handles import find_pupils_by_handle  # noqa: PLC0415
    from intake.check.check import check_exports  # noqa: PLC0415
    from intake.problems import write_problems  # noqa: PLC0415
    from intake.read.read import read_exports  # noqa: PLC0415

    with handle_user_errors():
        read = read_exports(folder)
        checked = check_exports(read, find_pupils_by_handle(read, home))
        _say_unknown(checked.unknown_files)
        say_problems(checked.problems)
        if problems is not None:
            write_problems(checked.problems, problems)
        rows = sum(checked.rows_read.values())
        if checked.problems:
            raise typer.Exit(TO_FIX)
        typer.echo(f"Nothing to fix in {_count(rows, 'row')}.")


def load(
    folder: Folder,
    home: HomeOption,
    *,
    replace: Annotated[
        list[str] | None,
        typer.Option(
            "--replace", help="Drop the earlier rows of this export first, such as roll.csv."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before dropping rows.")] = False,
) -> None:
    """Check the exports in DIR and take them into a home, which is made if absent.

    A file with a fault is left out whole and keeps its earlier rows.
    Exit code 0: loaded; 1: rows to fix; 2: nothing could be read.
    """
    from intake.build.load import load_exports  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.rights.erase import finish_erasures  # noqa: PLC0415

    def confirm(rows: dict[str, int]) -> bool:
        for name, gone in rows.items():
            typer.echo(f"{_count(gone, 'earlier row')} of {name} will go.")
        with suppress(typer.Abort):  # nobody is there to answer, or they pressed Ctrl-C
            return yes or typer.confirm("Drop them?")
        return False

    with handle_user_errors(), _progress() as progress:
        outcome = load_exports(
            folder,
            home,
            now=get_utc_now(),
            replace=replace or (),
            confirm=confirm,
            progress=progress,
            finish_erasures=finish_erasures,
        )
    _say_unknown(outcome.unknown_files)
    say_problems(outcome.problems)
    for day in sorted(set(outcome.erased_on)):
        number = outcome.erased_on.count(day)
        typer.echo(
            f"{_count(number, 'child', 'children')} in these files "
            f"{'was' if number == 1 else 'were'} erased on {day} and left out. "
            "Ask the business manager if that is wrong, and delete the old files."
        )
    if outcome.erased_by_schedule:
        typer.echo(
            "Where the retention schedule did it and the child is at the school again, the "
            "safeguarding lead says so: lac retention readmit"
        )
    if outcome.expired_rows:
        typer.echo(
            f"{_count(outcome.expired_rows, 'row')} of these files left out: the retention "
            "schedule has deleted them. Delete the old files."
        )
    if outcome.version is None:
        refused = bool(outcome.problems)
        typer.echo("Nothing was changed." if refused else "These files are loaded already.")
    else:
        typer.echo(
            f"Loaded {_count(outcome.children, 'child', 'children')} and "
            f"{_count(outcome.marks, 'mark')}, up to {outcome.data_until}. "
            f"{_count(outcome.dropped_rows, 'row')} of other children dropped."
        )
        if not outcome.has_whole_school:
            typer.echo("There are no whole-school figures: see Data check.")
        for name in outcome.refused_files:
            typer.echo(f"{name} was left out and keeps its earlier rows.")
        typer.echo(f"Next: lac run --home {home}")
    if outcome.problems:
        raise typer.Exit(TO_FIX)


def undo(home: HomeOption) -> None:
    """Go back to the load before this one."""
    from intake.build.load import undo_load  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415

    with handle_user_errors():
        typer.echo(f"Back at {undo_load(Home.open(home))}.")


def run_template(
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="Workbook to write.")],
    *,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write a workbook to fill in, with the children by handle: it holds no name and no UPN."""
    from intake.read.template import write_template  # noqa: PLC0415

    with handle_user_errors():
        session = open_session(
            home, Passphrases(passphrase_fd), who=who, role="dsl", purpose="template"
        )
        children = write_template(session, out)
        typer.echo(
            f"{out} offers {_count(children, 'child', 'children')} by handle. "
            "Fill it in, put it beside the exports and load them."
        )


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    from intake.build.load import PHASES  # noqa: PLC0415

    # drawn only when a phase begins, so that it does not write over a question
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("read", total=len(PHASES))
        yield lambda phase: bar.update(
            task, description=phase, completed=PHASES.index(phase), refresh=True
        )


def _say_unknown(names: tuple[str, ...]) -> None:
    for name in names:
        typer.echo(f"{name} is no export file and was left alone.", err=True)


def _count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
