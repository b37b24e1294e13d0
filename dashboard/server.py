"""The dashboard's server: Streamlit on the loopback address, one process, one home.

Streamlit is imported late, since no other command needs it.
"""

import gc
import importlib
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
_APP = Path(__file__).with_name("app.py")
_HEALTH = "/_stcore/script-health-check"
_PATIENCE = 120


@dataclass(frozen=True)
class Settings:
    """What the app is told by its environment; `as_at` None means the end of the data."""

    home: Path
    role: str
    as_at: date | None
    port: int

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.port}"


def free_port(wanted: int) -> int:
    """`wanted` if nothing listens there, else any free port."""
    with socket.socket() as probe, suppress(OSError):
        probe.bind((HOST, wanted))
        return wanted
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def serve(settings: Settings, *, on_ready: Callable[[], bool]) -> bool:
    """Serve until stopped; whether a first session ran Today to its end.

    on_ready: called then, in another thread; the server stops when it returns True.
    """
    _tell_app(settings)
    import uvicorn  # noqa: PLC0415 - see the module's first lines

    server = uvicorn.Server(
        uvicorn.Config(
            _app(), host=HOST, port=settings.port, log_level="warning", server_header=False
        )
    )
    outcome = _FirstSession(settings, on_ready, server)
    threading.Thread(target=outcome.watch, daemon=True).start()
    server.run()
    return outcome.has_run


class _FirstSession:
    """Asks the server for one run of Today, and tells what came of it."""

    def __init__(self, settings: Settings, on_ready: Callable[[], bool], server: Any) -> None:
        self._url = settings.address + _HEALTH
        self._on_ready = on_ready
        self._server = server
        self.has_run = False

    def watch(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and not self._server.should_exit:
            try:
                with urllib.request.urlopen(self._url, timeout=_PATIENCE):  # noqa: S310 - our own
                    self.has_run = True
                    break
            except urllib.error.HTTPError as error:
                sys.stderr.write(f"The first page failed: {error.read().decode()}\n")
                self._server.should_exit = True
                return
            except OSError:
                time.sleep(0.05)  # not listening yet
        if not self.has_run or self._on_ready():
            self._server.should_exit = True


def _tell_app(settings: Settings) -> None:
    os.environ["LAC_HOME"] = str(settings.home)
    os.environ["LAC_ROLE"] = settings.role
    if settings.as_at is not None:
        os.environ["LAC_AS_AT"] = settings.as_at.isoformat()
    # read from here by the first session's check alone; it answers no other question
    os.environ["STREAMLIT_SERVER_SCRIPT_HEALTH_CHECK_ENABLED"] = "true"


def _app() -> Any:
    import streamlit as st  # noqa: PLC0415

    for heavy in ("altair", "polars"):
        importlib.import_module(heavy)  # warmed here, so that no session waits for it

    @asynccontextmanager
    async def frozen(_: Any) -> AsyncIterator[None]:
        # what is imported by now stays for good: the collector need not walk it again
        gc.collect()
        gc.freeze()
        yield None

    return st.App(_APP, lifespan=frozen)
