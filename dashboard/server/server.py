"""The dashboard's server: Streamlit on the loopback address, one process, one home."""

import gc
import importlib
import sys
import threading
import tomllib
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from streamlit import config
from uvicorn.protocols.http.h11_impl import H11Protocol

from dashboard.server import downloads, first_session, guard, oidc
from dashboard.server.settings import HOST, ServerSettings, export_settings
from dashboard.server.start_link import BrowserSessions, format_cookie_name
from safeguards.access import provider as providers
from safeguards.access.settings import Settings
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

_APP = Path(__file__).parents[1] / "app.py"
_CONFIG = _APP.parent / ".streamlit" / "config.toml"
#: Of one message of a page to the server: a form's fields, never a file.
_MAX_MESSAGE_BYTES = 1 << 20
_FIRST_PAGE_TIMEOUT_S = 120
#: For the first request of a connection to arrive.
_REQUEST_TIMEOUT_S = 10.0
#: For open pages to let go, once somebody stops the server.
_SHUTDOWN_TIMEOUT_S = 2


def serve(settings: ServerSettings, *, on_ready: Callable[[str], bool]) -> bool:
    """Serve until stopped; whether a first session ran Today to its end.

    on_ready: called then with the start link, in another thread; the server stops when it
    returns True.  HomeError and KeysError where the way to sign in is not to be used.
    """
    provider = _provider_secrets(settings)
    export_settings(settings)
    entry = BrowserSessions()
    app = _build_app(settings.port, provider)
    server = build_server(
        guard.Guard(app, settings.port, entry, has_provider=provider is not None), settings.port
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


def build_server(app: guard.Guard, port: int) -> uvicorn.Server:
    """What listens on the loopback address for the guard of an app."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=HOST,
            port=port,
            http=_ImpatientProtocol,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nobody stands before us, so nobody may say who asks
            ws_max_size=_MAX_MESSAGE_BYTES,
            timeout_graceful_shutdown=_SHUTDOWN_TIMEOUT_S,
        )
    )


class _ImpatientProtocol(H11Protocol):
    """Closes a connection on which no whole request came in time."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.loop.call_later(_REQUEST_TIMEOUT_S, self._close_if_silent)

    def _close_if_silent(self) -> None:
        # a websocket has the connection for itself, and another protocol
        if self.cycle is None and self.transport.get_protocol() is self:
            self.transport.close()


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
    home = Home.open(settings.home)
    keys = Keys.load(home)
    provider = Settings.load(home, keys).provider
    if provider is None:
        return None
    secret = providers.load_secret(home, keys, provider)
    return oidc.build_streamlit_secrets(provider, secret, settings.address)


def _build_app(port: int, provider: Mapping[str, Any] | None = None) -> Any:
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
