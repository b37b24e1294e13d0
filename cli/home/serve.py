"""`lac serve`: the dashboard for the school's network, each person at a desk of their own."""

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
from dashboard.network import checks
from dashboard.server.server import serve
from dashboard.server.settings import ServerSettings
from safeguards.errors import ServeError
from safeguards.files import FILE_MODE
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from stewardship.doctor.doctor import run_checks

app = Commands()


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
    if not checks.is_name(name):
        raise typer.BadParameter(
            "a name in lower case with a dot in it, such as welfare.school.example",
            param_hint="--name",
        )
    if check:
        _check(at, name)
        return
    checks.require_servable(at.home)
    with _hold(at.home):
        at.bring_up_to_date()
        settings = ServerSettings(at.folder, "none", None, port, name)
        if not serve(settings, on_ready=lambda address: typer.echo(f"Ready: {address}")):
            raise typer.Exit(CANNOT_READ)


@contextmanager
def _hold(home: Home) -> Iterator[None]:
    """Hold the home for this server: who is signed in, and how often they tried, is in one."""
    lock = FileLock(home.folder / "serve.lock", mode=FILE_MODE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ServeError(
            "A server is already running for this folder. Stop that one first."
        ) from None
    with lock:
        yield


def _check(at: HomeContext, name: str) -> None:
    findings = checks.run_checks(at.home, name)
    doctor = run_checks(at.home, now=get_utc_now(), working_folder=Path.cwd())
    say_findings((*findings, *doctor))
