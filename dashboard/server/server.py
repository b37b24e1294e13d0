"""The dashboard's server: Streamlit on the loopback address, one process, one home.

Streamlit is imported late, since no other command needs it.
"""

import gc
import importlib
import os
import socket
import sys
import threading
import tomllib
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.server.start_link import BrowserSessions, format_cookie_name

HOST = "127.0.0.1"
_APP = Path(__file__).parents[1] / "app.py"
_CONFIG = _APP.parent / ".streamlit" / "config.toml"
#: Of one message of a page to the server: a form's fields, never a file.
_MAX_MESSAGE_BYTES = 1 << 20
_FIRST_PAGE_TIMEOUT_S = 120


@dataclass(frozen=True)
class ServerSettings:
    """What the app is told by its environment; `as_at` None means the end of the data."""

    home: Path
    role: str
    as_at: date | None
    port: int

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.port}"


def find_free_port(preferred: int) -> int:
    """`wanted` if nothing listens there, else any free port (0 asks for any)."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            if os.name == "posix":  # a port that was closed a moment ago counts as free, as
                # it does for the server; elsewhere this would take a port from its listener
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            found: int = probe.getsockname()[1]
            return found
    raise OSError(None, "no port is free on this computer")


def serve(settings: ServerSettings, *, on_ready: Callable[[str], bool]) -> bool:
    """Serve until stopped; whether a first session ran Today to its end.

    on_ready: called then with the start link, in another thread; the server stops when it
    returns True.  HomeError and KeysError where the way to sign in is not to be used.
    """
    provider = _provider_secrets(settings)
    export_settings(settings)
    import uvicorn  # noqa: PLC0415 - see the module's first lines

    from dashboard.server import first_session, guard  # noqa: PLC0415

    entry = BrowserSessions()
    server = uvicorn.Server(
        uvicorn.Config(
            guard.Guard(
                _build_app(settings.port, provider),
                settings.port,
                entry,
                has_provider=provider is not None,
            ),
            host=HOST,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nobody stands before us, so nobody may say who asks
            ws_max_size=_MAX_MESSAGE_BYTES,
        )
    )
    has_run = threading.Event()

    def watch() -> None:
        session = entry.create_session()
        cookie = f"{format_cookie_name(settings.port)}={session}"
        if first_session.run_first_page(HOST, settings.port, _FIRST_PAGE_TIMEOUT_S, cookie=cookie):
            has_run.set()
        else:
            sys.stderr.write("The first page failed: the lines above say why.\n")
        entry.end_session(session)
        if not has_run.is_set() or on_ready(
            f"{settings.address}{guard.START_PATH}{entry.generate_link()}"
        ):
            server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    server.run()
    return has_run.is_set()


def export_settings(settings: ServerSettings) -> None:
    """Put the settings where a session of this process, or of its children, finds them."""
    os.environ["LAC_HOME"] = str(settings.home)
    os.environ["LAC_ROLE"] = settings.role
    os.environ["LAC_PORT"] = str(settings.port)
    if settings.as_at is not None:
        os.environ["LAC_AS_AT"] = settings.as_at.isoformat()


def load_streamlit_options() -> dict[str, Any]:
    """Every setting of our config.toml under its dotted name."""
    found: dict[str, Any] = {}

    def take(section: str, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if isinstance(value, dict):
                take(f"{section}.{name}", value)
            else:
                found[f"{section}.{name}"] = value

    for section, values in tomllib.loads(_CONFIG.read_text(encoding="utf-8")).items():
        take(section, values)
    return found


def _provider_secrets(settings: ServerSettings) -> Mapping[str, Any] | None:
    """What Streamlit needs to reach the school's provider; None where there is none."""
    from safeguards.access import provider as providers  # noqa: PLC0415
    from safeguards.access.settings import Settings as OfHome  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    home = Home.open(settings.home)
    provider = OfHome.load(home).provider
    if provider is None:
        return None
    from dashboard.server import oidc  # noqa: PLC0415

    secret = providers.load_secret(home, Keys.load(home), provider)
    return oidc.build_streamlit_secrets(provider, secret, settings.address)


def _build_app(port: int, provider: Mapping[str, Any] | None = None) -> Any:
    import streamlit as st  # noqa: PLC0415
    from streamlit import config  # noqa: PLC0415

    from dashboard.server import downloads  # noqa: PLC0415

    # as `streamlit run` hands on its options, which outweigh other files and the environment
    config.get_config_options(force_reparse=True, options_from_flags=load_streamlit_options())
    for heavy in ("altair", "polars"):
        importlib.import_module(heavy)  # warmed here, so that no session waits for it
    if provider is not None:
        importlib.import_module("authlib.deprecate")  # has its warnings shown, come what may
        with warnings.catch_warnings():
            # between libraries, and nothing that a person at the terminal can mend
            warnings.simplefilter("ignore")
            importlib.import_module("authlib.integrations.starlette_client")

    @asynccontextmanager
    async def freeze_imports(_: Any) -> AsyncIterator[None]:
        # what is imported by now stays for good: the collector need not walk it again
        gc.collect()
        gc.freeze()
        yield None

    return st.App(
        _APP, secrets=provider, lifespan=freeze_imports, routes=[downloads.build_route(port)]
    )
