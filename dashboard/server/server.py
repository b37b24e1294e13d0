"""The dashboard's server: Streamlit behind the guard, one process, one home."""

import gc
import importlib
import socket
import threading
import time
import tomllib
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from streamlit import config, delta_generator
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.bidi_component import serialization

from dashboard.server import downloads, guard, oidc, sessions
from dashboard.server.attempts import find_address
from dashboard.server.settings import ServerSettings, export_settings, open_listener
from dashboard.server.site import HOST, Site
from dashboard.server.start_link import BROWSER_SESSIONS
from queries.errors import StoreError
from safeguards.access import access, roles
from safeguards.access import provider as providers
from safeguards.access.settings import Settings
from safeguards.errors import HomeError, SafeguardsError
from safeguards.home.home import Home
from safeguards.journal import access_log
from safeguards.keys.keys import Keys

_APP = Path(__file__).parents[1] / "app.py"
_CONFIG = _APP.parent / ".streamlit" / "config.toml"
#: The largest message of a page to the server: the fields of a form, never a file.
_MAX_MESSAGE_BYTES = 1 << 20
#: Seconds for open pages to close once somebody stops the server.
_SHUTDOWN_TIMEOUT_S = 2
#: Seconds between two checks for a new day, and how long before midnight it is prepared.
_DAY_LOOK_S, _BEFORE_MIDNIGHT = 5, timedelta(minutes=2)


def serve(
    settings: ServerSettings,
    *,
    on_ready: Callable[[str], object],
    listener: socket.socket | None = None,
) -> bool:
    """Serve until stopped, and return whether the server started.

    Raise HomeError, KeysError or ServeError if the way to sign in cannot be used, and ServeError
    if the port is not free.

    Args:
        settings: The home, and the address at which it is served.
        on_ready: Is called in another thread once the server answers, with the start link, or on
            the network with the address.
        listener: Where to listen, if it is open already: see `open_listener`.

    """
    provider = _provider_secrets(settings)
    export_settings(settings)
    entry, site = BROWSER_SESSIONS, settings.site
    app = _build_app(site, provider)
    is_demo = Home.open(settings.home).is_demo
    guarded = guard.Guard(
        app, site, entry,
        has_provider=provider is not None,
        may_upload=(lambda _: True) if is_demo else _may_load,  # a demo's browser has any role
    )  # fmt: skip
    server = build_server(guarded, settings.port)
    if site.is_shared:
        access_log.set_address_source(find_address)

    def watch() -> None:
        await_start(server)
        link = "" if site.is_shared else f"{guard.START_PATH}{entry.generate_link()}"
        on_ready(f"{settings.address}{link}")

    days = (Home.open(settings.home), settings.as_at)
    threading.Thread(target=_prepare_days, args=days, daemon=True).start()
    threading.Thread(target=watch, daemon=True).start()
    server.run([listener or open_listener(settings.port)])
    return server.started


def _may_load(session: str) -> bool:
    """Return whether the person who is signed in in a browser may bring files in."""
    admitted = sessions.ACTIVE_SIGN_INS.find_admitted(session)
    return admitted is not None and roles.is_allowed(admitted.role, "bring_in", "load")


def build_server(app: guard.Guard, port: int) -> uvicorn.Server:
    """Build the server that listens on the loopback address for a guarded app."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=HOST,
            port=port,
            http="h11",  # gives the guard the same client object throughout a connection
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # only the guard decides whose address to believe
            ws_max_size=_MAX_MESSAGE_BYTES,
            ws_per_message_deflate=False,  # small messages gain little on a school's network
            timeout_graceful_shutdown=_SHUTDOWN_TIMEOUT_S,
        )
    )


def await_start(server: uvicorn.Server) -> None:
    """Return once the server answers."""
    while not server.started:
        time.sleep(0.02)


def load_streamlit_options() -> dict[str, Any]:
    """Return every setting of our config.toml under its dotted name."""
    options: dict[str, Any] = {}

    def take(section: str, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if isinstance(value, dict):
                take(f"{section}.{name}", value)
            else:
                options[f"{section}.{name}"] = value

    for section, values in tomllib.loads(_CONFIG.read_text(encoding="utf-8")).items():
        take(section, values)
    return options


def _provider_secrets(settings: ServerSettings) -> Mapping[str, Any] | None:
    """Return the secrets that Streamlit needs for the school's provider, or None without one."""
    home = Home.open(settings.home)
    keys = Keys.load(home)
    provider = Settings.load(home, keys).provider
    if provider is None:
        return None
    secret = providers.load_secret(home, keys, provider)
    return oidc.build_streamlit_secrets(provider, secret, settings.address)


def _spare_streamlit() -> None:
    """Keep Streamlit from three searches that cost each start half a second.

    The first is for components in all installed packages: we register ours one by one, and want no
    others.  The second reads the source of every module at the first element, to see whether it
    runs in a shell.  The third is for tables in what a component gets, and imports pandas and
    Arrow for that: our components get none.
    """
    manifest_scanner.scan_component_manifests = lambda max_workers=None: []  # noqa: ARG005
    delta_generator._use_warning_has_been_displayed = True  # noqa: SLF001 - there is no option
    serialization._extract_dataframes_from_dict = lambda data, arrow_blobs=None: data  # noqa: ARG005, SLF001


def _prepare_days(home: Home, chosen: date | None) -> None:
    """Prepare each day shortly before it begins, and the first at once, so that nobody waits.

    `chosen` is the only day that this server shows, or None for each day in turn.
    """
    ready: set[date | None] = set()
    while True:
        now = access_log.get_utc_now()
        for at in (now, now + _BEFORE_MIDNIGHT):
            day = chosen or home.find_default_day(at)
            if day not in ready:
                # if it fails, each page says why, and works the day out itself
                with suppress(SafeguardsError, StoreError):
                    access.prepare_day(home, day)
                ready.add(day)
        time.sleep(_DAY_LOOK_S)


def _build_app(site: Site, provider: Mapping[str, Any] | None = None) -> Any:
    _spare_streamlit()
    options = load_streamlit_options()
    if site.is_shared:
        options["server.allowedHosts"] = [host.partition(":")[0] for host in site.hosts]
    # `streamlit run` passes its options so, and they outrank other files and the environment
    config.get_config_options(force_reparse=True, options_from_flags=options)
    if site.is_shared:
        for name in ("altair", "pandas"):  # imported here, so that no session waits for them
            importlib.import_module(name)
    if provider is not None:
        try:
            importlib.import_module("authlib.deprecate")  # it turns its own warnings on
        except ImportError as error:
            raise HomeError(
                "What signing in with Microsoft Entra or Google needs is not installed. "
                "Run: pip install -e '.[provider]'"
            ) from error
        with warnings.catch_warnings():
            # these are between libraries, and nobody at the terminal can fix them
            warnings.simplefilter("ignore")
            importlib.import_module("authlib.integrations.starlette_client")

    @asynccontextmanager
    async def live(_: Any) -> AsyncIterator[None]:
        # what is imported by now stays, so the collector need not walk it again
        gc.collect()
        gc.freeze()
        yield None

    return st.App(
        _APP, secrets=provider, lifespan=live, routes=[downloads.build_route(site.cookie)]
    )
