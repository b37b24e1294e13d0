"""`lac demo` and `lac run`: the dashboard."""

import os
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import HomeContext
from cli.options import CANNOT_READ, AsAt, NoBrowser, Port
from cli.say import say_ready
from dashboard.server.server import serve
from dashboard.server.settings import ServerSettings, find_free_port
from intake.publish.amend import publish_entries
from intake.publish.load import load_exports
from intake.switches import save_switches
from safeguards.home.home import Home, create_demo
from safeguards.journal.access_log import get_utc_now
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic import CAST, CAST_ACTIONS, write_school

app = Commands()
UNTIL = date(2026, 11, 20)

#: No earlier than the evening of the last day that is made up.
_LOADED = datetime.combine(UNTIL, time(18), UTC)
_AFTER_SCHOOL = time(15, 45, tzinfo=UTC)


@app.add("demo")
def run_demo(
    seed: Annotated[int, Option(help="Another number makes another school.")] = 7,
    role: Annotated[str, Option(help="pastoral, dsl, teacher, head, manager or none.")] = "dsl",
    all_categories: Annotated[
        bool, Option("--all-categories", help="Also what a junior school does without at first.")
    ] = False,
    port: Port = 8501,
    no_browser: NoBrowser = False,
    exit_when_ready: Annotated[
        bool, Option("--exit-when-ready", help="Stop once the first page has run.")
    ] = False,
) -> None:
    """Make a school, load it and show it: nobody in it is real, and nothing is kept."""
    with tempfile.TemporaryDirectory(prefix="lac-demo-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        os.environ["LAC_KEYS"] = str(folder / "keys")
        write_school(folder / "exports", seed=seed, until=UNTIL, all_categories=all_categories)
        home = folder / "home"
        if all_categories:
            made = create_demo(home)
            save_switches(made, Keys.create(made), off=())
        load_exports(
            folder / "exports",
            home,
            now=max(get_utc_now(), _LOADED),
            actor="demo",
            rng=Random(seed),
        )
        log_cast_actions(Home.open(home), Random(seed))
        settings = ServerSettings(home, role, UNTIL, find_free_port(port))
        _serve(settings, no_browser=no_browser, exit_when_ready=exit_when_ready)


def log_cast_actions(home: Home, rng: Random) -> None:
    """Log what the cast's stories say was done, and show it; no reason is closed by it."""
    keys = Keys.load(home)
    vault, written = Vault.open(home, keys), TypedEntries.open(home, keys)
    upns = {member.preferred or member.forename: member.upn for member in CAST}
    for action in CAST_ACTIONS:
        record = vault.find_by_upn(upns[action["child"]])
        if record is None:
            continue
        values = {name: action[name] for name in ("kind", "line", "follow_up") if action[name]}
        written.append(
            Entry(
                entry_id=generate_entry_id(rng),
                at=datetime.combine(date.fromisoformat(action["day"]), _AFTER_SCHOOL),
                actor=action["actor"],
                role="pastoral",
                kind="action",
                pupil_id=record.pupil_id,
                file="",
                values={**values, "date": action["day"], "rules": "{}"},
            )
        )
    publish_entries(home, keys)


@app.add()
def run(
    at: HomeContext,
    as_at: AsAt = None,
    role: Annotated[
        str | None, Option(help="The role to begin with, in a demo home; dsl if unset.")
    ] = None,
    port: Port = 8501,
    no_browser: NoBrowser = False,
) -> None:
    """Show the dashboard of a home."""
    if role is not None and not at.home.is_demo:
        raise typer.BadParameter(
            "in a real home it is that of the person who signs in", param_hint="--role"
        )
    at.bring_up_to_date()
    day = as_at.date() if as_at else None
    settings = ServerSettings(at.folder, role or "dsl", day, find_free_port(port))
    _serve(settings, no_browser=no_browser, exit_when_ready=False)


def _serve(settings: ServerSettings, *, no_browser: bool, exit_when_ready: bool) -> None:
    def on_ready(link: str) -> bool:
        say_ready(link, no_browser=no_browser or exit_when_ready)
        if not exit_when_ready:
            typer.echo("The link works once, within ten minutes. Stop with Ctrl-C.")
        return exit_when_ready

    if not serve(settings, on_ready=on_ready):
        raise typer.Exit(CANNOT_READ)
