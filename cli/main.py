"""The command line: `lac`.  Parsing and printing only; each command is one call."""

import logging
import os
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.data import load, notebook, sql, typed
from cli.duties import audit, identify, report, retention, rights_acts, share_leaver, vault
from cli.home import backup, doctor, init, keys, people, sign_in
from cli.options import (
    CANNOT_READ,
    AsAt,
    HomeOption,
    NoBrowser,
    Port,
    bring_up_to_date,
    handle_user_errors,
    say_ready,
)
from dashboard.server.server import ServerSettings, find_free_port, serve

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


@app.command("demo")
def run_demo(
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

    from intake.build.load import load_exports  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from synthetic import write_school  # noqa: PLC0415

    with (
        handle_user_errors(),
        tempfile.TemporaryDirectory(prefix="lac-demo-", ignore_cleanup_errors=True) as temporary,
    ):
        folder = Path(temporary)
        os.environ["LAC_KEYS"] = str(folder / "keys")
        write_school(folder / "exports", seed=seed, until=_UNTIL)
        home = folder / "home"
        load_exports(folder / "exports", home, now=get_utc_now(), actor="demo", rng=Random(seed))
        settings = ServerSettings(home, role, _UNTIL, find_free_port(port))
        _serve(settings, began, no_browser=no_browser, exit_when_ready=exit_when_ready)


@app.command()
def run(
    home: HomeOption,
    *,
    as_at: AsAt = None,
    role: Annotated[
        str | None, typer.Option(help="The role to begin with, in a demo home; dsl if unset.")
    ] = None,
    port: Port = 8501,
    no_browser: NoBrowser = False,
) -> None:
    """Show the dashboard of a home."""
    began = time.monotonic()
    from safeguards.home.home import Home  # noqa: PLC0415

    with handle_user_errors():
        if role is not None and not Home.open(home).is_demo:
            raise typer.BadParameter(
                "in a real home it is that of the person who signs in", param_hint="--role"
            )
        bring_up_to_date(home)
        settings = ServerSettings(
            home, role or "dsl", as_at.date() if as_at else None, find_free_port(port)
        )
        _serve(settings, began, no_browser=no_browser, exit_when_ready=False)


def run_synth(
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

    with handle_user_errors():
        write_school(
            out, seed=seed, children=children, years=years, until=until.date(), dirty=dirty
        )
    typer.echo(f"A made-up school is in {out}. Next: lac check {out}")


app.command()(load.check)
app.command()(load.load)
app.command()(load.undo)
app.command("template")(load.run_template)
app.command("synth")(run_synth)
app.command("sql")(sql.run_sql)
app.command("notebook")(notebook.run_notebook)
app.command("action")(typed.run_action)
app.command("fact")(typed.run_fact)
app.command("backup")(backup.run_backup)
app.command()(backup.restore)
app.command("doctor")(doctor.run_doctor)
app.add_typer(audit.app, name="audit")
app.add_typer(rights_acts.rights, name="rights")
app.add_typer(retention.retention, name="retention")
app.command("init")(init.run_init)
app.command()(identify.identify)
app.add_typer(people.app, name="people")
app.add_typer(keys.app, name="keys")
app.add_typer(sign_in.app, name="sign-in")
app.add_typer(vault.app, name="vault")
app.add_typer(share_leaver.share, name="share")
app.add_typer(report.app, name="report")


def main() -> None:
    """The entry point of `lac`."""
    os.umask(0o077)  # whatever is written here is for its owner's eyes
    if level := os.environ.get("LAC_LOG"):
        logging.basicConfig(level=level.upper(), format="%(name)s %(message)s", stream=sys.stderr)
    app()


def _serve(
    settings: ServerSettings, began: float, *, no_browser: bool, exit_when_ready: bool
) -> None:
    def on_ready(link: str) -> bool:
        say_ready(link, began, no_browser=no_browser or exit_when_ready)
        if not exit_when_ready:
            typer.echo("The link works once, within ten minutes. Stop with Ctrl-C.")
        return exit_when_ready

    if not serve(settings, on_ready=on_ready):
        raise typer.Exit(CANNOT_READ)


if __name__ == "__main__":
    main()
