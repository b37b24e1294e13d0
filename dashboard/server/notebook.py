"""A notebook's server: marimo's own app behind the guard that stands before the dashboard.

It is one person's, and ends with what lets that person in.
"""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.network.site import HOST, build_own_site
from dashboard.server import guard
from dashboard.server.server import build_server
from dashboard.server.sessions import IDLE_TIMEOUT, MAX_SIGN_IN
from dashboard.server.start_link import BrowserSessions
from safeguards.access import admission
from safeguards.access.admission import Principal
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.keys import Keys

#: Seconds between two looks at whether the person is still let in.
_TICK_S = 5.0


def serve_notebook(
    path: Path,
    listener: socket.socket,
    is_open: Callable[[float], bool],
    *,
    on_ready: Callable[[str], None],
) -> None:
    """Serve a notebook until stopped, or until it is open no more.

    listener: see `open_listener`.  is_open: asked every few seconds, with those since
    anything came from a page.  on_ready: called with the start link once the server answers,
    in another thread.
    """
    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"  # it would ask its makers
    from marimo import create_asgi_app  # noqa: PLC0415 - it takes a second, and few need it

    port = listener.getsockname()[1]
    entry = BrowserSessions()
    app = _Activity(create_asgi_app(quiet=True).with_app(path="/", root=str(path)).build())
    server = build_server(
        guard.Guard(app, build_own_site(port), entry, policy=guard.NOTEBOOK_POLICY), port
    )

    def watch() -> None:
        while not server.started:
            time.sleep(0.02)
        on_ready(f"http://{HOST}:{port}{guard.START_PATH}{entry.generate_link()}")
        while is_open(time.monotonic() - app.last_at):
            time.sleep(_TICK_S)
        end()

    def end(*_: object) -> None:
        # marimo waits for its open pages; nothing of them is kept
        sys.stdout.flush()
        os._exit(0)

    # what Ctrl-C calls
    server.handle_exit = end  # type: ignore[method-assign, assignment]
    threading.Thread(target=watch, daemon=True).start()
    server.run([listener])


def is_still_open(home: Home, admitted: Principal | None, idle_s: float) -> bool:
    """Whether a notebook of this home may stay open; a made-up school's may for ever."""
    if admitted is None:
        return True
    return (
        idle_s < IDLE_TIMEOUT.total_seconds()
        and get_utc_now() - admitted.at < MAX_SIGN_IN
        and admission.is_still_valid(home, Keys.load(home), admitted)
    )


class _Activity:
    """An ASGI app that knows when a page last asked or said something."""

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
