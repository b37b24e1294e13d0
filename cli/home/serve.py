"""`lac serve`: serve the dashboard to people at their own desks in the school's network."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout
from typer import Option

from cli.commands import Commands
from cli.context import HomeContext
from cli.home.backup import say_findings
from cli.options import CANNOT_READ
from dashboard.server.server import serve
from dashboard.server.settings import ServerSettings
from safeguards.access.people import People
from safeguards.errors import ServeError
from safeguards.files import FILE_MODE
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.key_ring import KeyRing
from stewardship.doctor.doctor import Finding, Said, check, run_checks

app = Commands()

_MADE_UP = (
    "Its children are made up, and nobody signs in to it: use lac demo or lac run. "
    "To make a school's own folder, use lac init."
)
_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII
)
_MOST_PORT = 65535


@app.add("serve")
def serve_home(
    at: HomeContext,
    name: Annotated[str, Option(help="The name that people type after https://, in lower case.")],
    port: Annotated[int, Option(help="Port to listen on, for the proxy.")] = 8501,
    check: Annotated[
        bool, Option("--check", help="Only list what is not safe yet, and do not start the server.")
    ] = False,
) -> None:
    """Show a real school's dashboard to people at their own desks.

    A proxy with TLS must run in front of the server.  Exit code of --check: 0 nothing to do;
    1 something to do; 2 the folder cannot be read.
    """
    if not _is_name(name):
        raise typer.BadParameter(
            "a name in lower case with a dot in it, such as welfare.school.example",
            param_hint="--name",
        )
    if check:
        doctor = run_checks(at.home, now=get_utc_now(), working_folder=Path.cwd())
        say_findings((*_check_server(at, name), *doctor))
        return
    if at.home.is_demo:
        raise ServeError(_MADE_UP)
    with _hold(at.home):
        at.bring_up_to_date()
        settings = ServerSettings(at.folder, "none", None, port, name)
        if not serve(settings, on_ready=lambda address: typer.echo(f"Ready: {address}")):
            raise typer.Exit(CANNOT_READ)


@contextmanager
def _hold(home: Home) -> Iterator[None]:
    """Lock the home for this server: only one server may keep who is signed in, and their tries."""
    lock = FileLock(home.folder / "serve.lock", mode=FILE_MODE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ServeError(
            "A server is already running for this folder. Stop that one first."
        ) from None
    with lock:
        yield


def _is_name(text: str) -> bool:
    """Say whether people can type this after https://: a host's name, with or without a port."""
    host, colon, port = text.partition(":")
    is_port = port.isascii() and port.isdecimal() and 1 <= int(port) <= _MOST_PORT
    return _NAME.fullmatch(host) is not None and (not colon or is_port)


def _check_server(at: HomeContext, name: str) -> tuple[Finding, ...]:
    """Return each finding about a server of this name, without those of `lac doctor`."""
    if at.home.is_demo:
        return (Finding("server", "to do", _MADE_UP),)
    words = f"https://{name} may be served, by a proxy on this computer."
    return (
        Finding("server", "good", words),
        check("people", _check_people, at),
        Finding("user", *_check_user()),
    )


def _check_people(at: HomeContext) -> Said:
    people = [member.person for member in People.load(at.home, at.keys)]
    holders = KeyRing(at.home, at.keys).people
    without = [name for name in people if at.settings.provider is None and name not in holders]
    if without:
        words = f"{len(without)} of {len(people)} on the list cannot sign in yet."
        return "to do", f"{words} For each: lac people passphrase"
    return "good", f"All {len(people)} on the list can sign in."


def _check_user() -> Said:
    if os.name == "posix" and os.getuid() == 0:
        words = "This runs as root. Give the server a user of its own: see docs/serve.md"
        return "to do", words
    return "good", "It has the rights of its own user only."
