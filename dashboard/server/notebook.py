"""The server of a notebook: marimo's app behind the dashboard's guard.

It belongs to one person, and ends when that person's sign-in does.  The editor is marimo's own
command: the server that it starts is put behind the same guard.
"""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from functools import partial
from importlib.metadata import distribution
from io import StringIO
from multiprocessing import connection
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server import guard
from dashboard.server.server import await_start, build_server
from dashboard.server.sessions import IDLE_TIMEOUT, MAX_SIGN_IN
from dashboard.server.site import HOST, build_own_site
from dashboard.server.start_link import BrowserSessions
from safeguards.access import admission
from safeguards.access.admission import Principal
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.keys import Keys

#: Seconds between two checks that the person may still come in.
_TICK_S = 5.0
#: Paths that nobody needs to read or write a notebook: to files, to a shell, to other programs,
#: and to exports that marimo would write of the answers.
_CLOSED = (
    *(
        "/api/export/",
        "/api/ai/",
        "/api/packages/add",
        "/api/packages/remove",
        "/api/secrets/",
        "/api/storage/",
    ),
    *("/api/files/", "/terminal/", "/lsp/", "/mcp/", "/api/home/"),
)


def serve_notebook(
    path: Path,
    listener: socket.socket,
    is_open: Callable[[float], bool],
    *,
    on_ready: Callable[[str], None],
) -> None:
    """Serve a notebook until somebody stops it, or until `is_open` returns False.

    `listener` comes from `open_listener`.  `is_open` gets the seconds since a page last sent
    anything, every few seconds.  `on_ready` gets the start link once the server answers, in another
    thread.
    """
    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"  # else it asks its makers' server
    from marimo import create_asgi_app  # noqa: PLC0415 - it takes a second, and few need it

    port = listener.getsockname()[1]
    entry = BrowserSessions()
    app = _Activity(create_asgi_app(quiet=True).with_app(path="/", root=str(path)).build())
    server = build_server(_guard(app, port, entry), port)

    # uvicorn calls this on Ctrl-C
    server.handle_exit = lambda *_: _end()  # type: ignore[method-assign]
    _watch(app, port, entry, is_open, on_ready, partial(await_start, server))
    server.run([listener])


def edit_notebook(
    path: Path,
    listener: socket.socket,
    is_open: Callable[[float], bool],
    *,
    on_ready: Callable[[str], None],
) -> None:
    """Serve a notebook as `serve_notebook` does, for editing; end by SystemExit, as marimo does.

    Cells run in a process that marimo starts, and that ends with this one.
    """
    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"
    port = listener.getsockname()[1]
    listener.close()  # marimo opens its own
    entry, terminal = BrowserSessions(), sys.stdout

    def say_ready(address: str) -> None:
        with redirect_stdout(terminal):
            on_ready(address)

    class GuardedConfig(uvicorn.Config):
        def __init__(self, app: Any, **settings: Any) -> None:
            active = _Activity(app)
            super().__init__(_guard(active, port, entry), **settings)
            _watch(active, port, entry, is_open, say_ready, lambda: _await_port(port))

    uvicorn.Config = GuardedConfig  # type: ignore[misc, assignment]
    if os.name == "posix":
        # on a TCP port, whoever connects first would be taken for the process of the cells
        connection.Listener = _PrivateListener  # type: ignore[misc]
    (command,) = distribution("marimo").entry_points.select(group="console_scripts", name="marimo")
    marimo = command.load()
    with redirect_stdout(StringIO()):  # hides its tips, some about assistants
        marimo(
            [
                *("--log-level", "ERROR", "--yes", "edit", str(path)),
                *("--host", HOST, "--port", str(port)),
                *("--no-token", "--headless", "--no-sandbox"),
            ],
            prog_name="marimo",
        )


class _PrivateListener(connection.Listener):
    """A socket that only processes of this user can connect to, not others on this computer."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__(family="AF_UNIX")


def _guard(app: ASGIApp, port: int, entry: BrowserSessions) -> guard.Guard:
    return guard.Guard(
        app, build_own_site(port), entry, policy=guard.NOTEBOOK_POLICY, closed_paths=_CLOSED
    )


def _watch(
    app: "_Activity",
    port: int,
    entry: BrowserSessions,
    is_open: Callable[[float], bool],
    on_ready: Callable[[str], None],
    await_server: Callable[[], None],
) -> None:
    """Report the start link once the server answers, and end the process once it may not run."""

    def watch() -> None:
        await_server()
        on_ready(f"http://{HOST}:{port}{guard.START_PATH}{entry.generate_link()}")
        while is_open(time.monotonic() - app.last_at):
            time.sleep(_TICK_S)
        _end()

    threading.Thread(target=watch, daemon=True).start()


def _await_port(port: int) -> None:
    while True:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)


def _end() -> None:
    # marimo would wait for its open pages, and nothing of them is kept
    sys.stdout.flush()
    os._exit(0)


def is_still_open(home: Home, admitted: Principal | None, idle_s: float) -> bool:
    """Return whether a notebook of this home may stay open; in a made-up school it always may."""
    if admitted is None:
        return True
    return (
        idle_s < IDLE_TIMEOUT.total_seconds()
        and get_utc_now() - admitted.at < MAX_SIGN_IN
        and admission.is_still_valid(home, Keys.load(home), admitted)
    )


class _Activity:
    """An ASGI app that notes when a page last sent anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.last_at = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noted() -> Message:
            message = await receive()
            if scope["type"] != "lifespan":
                self.last_at = time.monotonic()
            return message

        await self._app(scope, noted, send)
