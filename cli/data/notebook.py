"""`lac notebook`: questions of one's own, in marimo.

A notebook is served by marimo's app behind the dashboard's guard.  To change one, in a demo home,
marimo is started by its own command in this process.
"""

import os
import re
import secrets
import socket
import sys
import threading
import time
from contextlib import redirect_stdout, suppress
from importlib.metadata import distribution
from io import StringIO
from pathlib import Path
from typing import Annotated, TextIO

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.data.ask import Analyst
from cli.options import CANNOT_READ, AsAt, NoBrowser, PassphraseFd, Port, Who
from cli.say import say_ready
from dashboard.network.site import HOST
from dashboard.server.notebook import is_still_open, serve_notebook
from dashboard.server.settings import ServerSettings, export_settings, open_listener
from safeguards.access import admission
from safeguards.access.access import Denied, Session

app = Commands()

_FOLDER = Path(__file__).parents[2] / "notebooks"
_QUESTION = re.compile(r"\*\*Question:\*\* (.+)")


@app.add("notebook")
def run_notebook(
    name: Annotated[
        str | None, Argument(metavar="NAME", help="The notebook; all are listed without it.")
    ] = None,
    home: Annotated[
        Path | None, Option(help="The school's home folder.", show_default=False)
    ] = None,
    as_at: AsAt = None,
    role: Annotated[str, Option(help="The role; it must be one that may ask by SQL.")] = "dsl",
    who: Who = None,
    edit: Annotated[
        bool, Option("--edit", help="Show the code as well, to change and run it.")
    ] = False,
    port: Port = None,
    no_browser: NoBrowser = False,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Open a notebook on a home; without NAME, list the notebooks and their questions.

    Exit code 0: shown; 2: no such notebook, not allowed, or the home cannot be read.
    """
    found = _notebooks()
    if name is None:
        typer.echo(_list_questions(found))
        return
    path = found.get(name.replace("-", "_"))
    if path is None:
        typer.echo(f'There is no notebook "{name}". There are:\n{_list_questions(found)}', err=True)
        raise typer.Exit(CANNOT_READ)
    if home is None:
        raise typer.BadParameter("Say which home to read.", param_hint="--home")
    caller = Analyst(home, as_at, who, passphrase_fd)
    caller.role = role
    session = caller.open_session("notebook")
    session.enter("sql", action="sql")
    if session.admitted is not None:
        if edit:
            raise Denied("A real home's notebooks are not changed: try it in a demo home.")
        admission.remember(session.admitted)
    day = as_at.date() if as_at else None
    with open_listener(port) as listener:
        export_settings(ServerSettings(home, role, day, listener.getsockname()[1]))
        _serve(path, listener, session, edit=edit, no_browser=no_browser)


def _notebooks() -> dict[str, Path]:
    """Every notebook by its name."""
    return {path.stem: path for path in sorted(_FOLDER.glob("[!_]*.py"))}


def _list_questions(found: dict[str, Path]) -> str:
    """A line a notebook: its name and its question."""
    width = max(map(len, found), default=0)
    lines = []
    for name, path in found.items():
        match = _QUESTION.search(path.read_text(encoding="utf-8"))
        question = match.group(1) if match else ""
        lines.append(f"{name:{width}}  {question[:1].upper()}{question[1:]}".rstrip())
    return "\n".join(lines)


def _serve(
    path: Path, listener: socket.socket, session: Session, *, edit: bool, no_browser: bool
) -> None:
    """Serve the notebook until stopped, or until the session's person is let in no more."""

    def on_ready(address: str) -> None:
        say_ready(address, no_browser=no_browser)
        typer.echo("The link works once, within ten minutes. Stop with Ctrl-C.")

    if edit:
        port = listener.getsockname()[1]
        listener.close()  # marimo opens its own
        _edit(path, port, no_browser=no_browser)
    else:
        serve_notebook(
            path,
            listener,
            lambda idle_s: is_still_open(session.home, session.admitted, idle_s),
            on_ready=on_ready,
        )


def _edit(path: Path, port: int, *, no_browser: bool) -> None:
    """Marimo's own editor, of made-up children only; always ends by SystemExit, as marimo does."""
    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"  # it would ask its makers
    (command,) = distribution("marimo").entry_points.select(group="console_scripts", name="marimo")
    marimo = command.load()
    # others of this computer reach the port too, so only the link opens it
    token = secrets.token_hex(16)
    address = f"http://{HOST}:{port}/?access_token={token}"

    def watch(terminal: TextIO) -> None:
        _wait_for(port)
        say_ready(address, no_browser=no_browser, file=terminal)
        typer.echo("Stop with Ctrl-C.", file=terminal)

    threading.Thread(target=watch, args=[sys.stdout], daemon=True).start()
    with redirect_stdout(StringIO()):  # its tips, of assistants among other things
        marimo(
            [
                *("--log-level", "ERROR", "--yes", "edit", str(path)),
                *("--host", HOST, "--port", str(port)),
                *("--token-password", token),
                *("--headless", "--no-sandbox"),
            ],
            prog_name="marimo",
        )


def _wait_for(port: int) -> None:
    while True:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)
