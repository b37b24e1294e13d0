"""The command line: `lac`.  Parsing and printing only; each command is one call."""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard import (
    audit_cli,
    backup_cli,
    doctor_cli,
    identify_cli,
    init_cli,
    keys_cli,
    notebook_cli,
    retention_cli,
    rights_acts_cli,
    sql_cli,
    typed_cli,
    vault_cli,
)
from dashboard.cli_parts import CANNOT_READ, TO_FIX, AsAt, HomeOption, NoBrowser, Port, say_ready
from dashboard.cli_parts import bring_up_to_date as _bring_up_to_date
from dashboard.cli_parts import say_problems as _say_problems
from dashboard.cli_parts import told as _told
from dashboard.server import Settings, free_port, serve

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Attendance, wellbeing and plans of a school's looked-after children.\n\n"
    "lac demo                              a made-up school, in your browser\n\n"
    "lac check exports/                    what would be refused, and how to mend it\n\n"
    "lac load exports/ --home school/      take the exports in\n\n"
    "lac run --home school/                the dashboard\n\n"
    "lac notebook                          deeper looks, and what each one asks\n\n"
    "Nothing leaves this computer: no telemetry, no update checks.",
)

_UNTIL = date(2026, 11, 20)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder with the export files.")]


@app.command()
def demo(
    *,
    seed: Annotated[int, typer.Option(help="Another number makes another school.")] = 7,
    role: Annotated[str, typer.Option(help="pastoral, dsl, teacher, head, manager or none.")] = (
        "dsl"
    ),
    port: Port = 8501,
    no_browser: NoBrowser = False,
    exit_when_ready: Annotated[
        bool, typer.Option("--exit-when-ready", help="Stop once the first page has run.")
    ] = False,
) -> None:
    """Make a school, load it and show it: nobody in it is real, and nothing is kept."""
    began = time.monotonic()
    from random import Random  # noqa: PLC0415 - each command imports what it needs

    from intake.load import load as load_exports  # noqa: PLC0415
    from synthetic import write_school  # noqa: PLC0415

    with (
        _told(),
        tempfile.TemporaryDirectory(prefix="lac-demo-", ignore_cleanup_errors=True) as temporary,
    ):
        folder = Path(temporary)
        os.environ["LAC_KEYS"] = str(folder / "keys")
        write_school(folder / "exports", seed=seed, until=_UNTIL)
        home = folder / "home"
        load_exports(folder / "exports", home, now=_now(), actor="demo", rng=Random(seed))
        settings = Settings(home, role, _UNTIL, free_port(port))
        _serve(settings, began, no_browser=no_browser, exit_when_ready=exit_when_ready)


@app.command()
def run(
    home: HomeOption,
    *,
    as_at: AsAt = None,
    role: Annotated[str, typer.Option(help="The role to begin with, in a demo home.")] = "dsl",
    port: Port = 8501,
    no_browser: NoBrowser = False,
) -> None:
    """Show the dashboard of a home."""
    began = time.monotonic()
    with _told():
        _bring_up_to_date(home)
        settings = Settings(home, role, as_at.date() if as_at else None, free_port(port))
        _serve(settings, began, no_browser=no_browser, exit_when_ready=False)


@app.command()
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
    from intake.check import check as check_exports  # noqa: PLC0415
    from intake.handles import children_for  # noqa: PLC0415
    from intake.problems import write_problems  # noqa: PLC0415
    from intake.read import read_exports  # noqa: PLC0415

    with _told():
        read = read_exports(folder)
        checked = check_exports(read, children_for(read, home))
        _say_unknown(checked.unknown_files)
        _say_problems(checked.problems)
        if problems is not None:
            write_problems(checked.problems, problems)
        rows = sum(checked.rows_read.values())
        if checked.problems:
            raise typer.Exit(TO_FIX)
        typer.echo(f"Nothing to fix in {_count(rows, 'row')}.")


@app.command()
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
    from intake.load import load as load_exports  # noqa: PLC0415

    def confirm(rows: dict[str, int]) -> bool:
        for name, gone in rows.items():
            typer.echo(f"{_count(gone, 'earlier row')} of {name} will go.")
        with suppress(typer.Abort):  # nobody is there to answer, or they pressed Ctrl-C
            return yes or typer.confirm("Drop them?")
        return False

    with _told(), _progress() as progress:
        outcome = load_exports(
            folder, home, now=_now(), replace=replace or (), confirm=confirm, progress=progress
        )
    _say_unknown(outcome.unknown_files)
    _say_problems(outcome.problems)
    for day in sorted(set(outcome.erased_on)):
        number = outcome.erased_on.count(day)
        typer.echo(
            f"{_count(number, 'child', 'children')} in these files "
            f"{'was' if number == 1 else 'were'} erased on {day} and left out. "
            "Ask the business manager if that is wrong, and delete the old files."
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
        for name in outcome.refused:
            typer.echo(f"{name} was left out and keeps its earlier rows.")
        typer.echo(f"Next: lac run --home {home}")
    if outcome.problems:
        raise typer.Exit(TO_FIX)


@app.command()
def undo(home: HomeOption) -> None:
    """Go back to the load before this one."""
    from intake.load import undo as undo_load  # noqa: PLC0415
    from safeguards.home import Home  # noqa: PLC0415

    with _told():
        typer.echo(f"Back at {undo_load(Home.open(home))}.")


@app.command()
def template(
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="Workbook to write.")],
) -> None:
    """Write a workbook to fill in, with the children by handle: it holds no name and no UPN."""
    from intake.template import write_template  # noqa: PLC0415

    with _told():
        _bring_up_to_date(home)
        children = write_template(home, out, actor="command line")
        typer.echo(
            f"{out} offers {_count(children, 'child', 'children')} by handle. "
            "Fill it in, put it beside the exports and load them."
        )


@app.command()
def synth(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    *,
    seed: Annotated[int, typer.Option(help="The same number writes the same bytes.")] = 7,
    children: Annotated[int, typer.Option(help="Children in scope.", min=0)] = 24,
    years: Annotated[int, typer.Option(help="Academic years of register.", min=1)] = 3,
    until: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="The last day marked.", show_default=f"{_UNTIL}"),
    ] = datetime(_UNTIL.year, _UNTIL.month, _UNTIL.day),  # noqa: DTZ001 - a day has no zone
    dirty: Annotated[bool, typer.Option("--dirty", help="Plant faults, told in faults.csv.")] = (
        False
    ),
) -> None:
    """Write the export files of a made-up school."""
    from synthetic import write_school  # noqa: PLC0415

    with _told():
        write_school(
            out, seed=seed, children=children, years=years, until=until.date(), dirty=dirty
        )
    typer.echo(f"A made-up school is in {out}. Next: lac check {out}")


app.command()(sql_cli.sql)
app.command()(notebook_cli.notebook)
app.command()(typed_cli.action)
app.command()(typed_cli.fact)
app.command()(backup_cli.backup)
app.command()(backup_cli.restore)
app.command()(doctor_cli.doctor)
app.add_typer(audit_cli.app, name="audit")
app.add_typer(rights_acts_cli.rights, name="rights")
app.add_typer(retention_cli.retention, name="retention")
app.command()(init_cli.init)
app.command()(identify_cli.identify)
app.add_typer(keys_cli.app, name="keys")
app.add_typer(vault_cli.app, name="vault")


def main() -> None:
    """The entry point of `lac`."""
    os.umask(0o077)  # whatever is written here is for its owner's eyes
    if level := os.environ.get("LAC_LOG"):
        logging.basicConfig(level=level.upper(), format="%(name)s %(message)s", stream=sys.stderr)
    app()


def _now() -> datetime:
    return datetime.now(UTC)


def _serve(settings: Settings, began: float, *, no_browser: bool, exit_when_ready: bool) -> None:
    def on_ready(link: str) -> bool:
        say_ready(link, began, no_browser=no_browser or exit_when_ready)
        if not exit_when_ready:
            typer.echo("The link works once, within ten minutes. Stop with Ctrl-C.")
        return exit_when_ready

    if not serve(settings, on_ready=on_ready):
        raise typer.Exit(CANNOT_READ)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    from intake.load import PHASES  # noqa: PLC0415

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


if __name__ == "__main__":
    main()
