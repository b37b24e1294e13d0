"""The settings of the dashboard's server and its sessions: home, role, day and port."""

import os
import socket
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.server.site import HOST, Site, build_own_site, build_shared_site
from safeguards.errors import ServeError

_USUAL_PORT = 8501


@dataclass(frozen=True)
class ServerSettings:
    """The settings that the app reads from its environment.

    `as_at` is None for today.  `name` is the address that people of the school's network type
    after https://, with a port if it is not the usual one.  It is "" for this computer only.
    """

    home: Path
    role: str
    as_at: date | None
    port: int
    name: str = ""

    @property
    def address(self) -> str:
        """Return the address at which a browser finds the server."""
        return f"https://{self.name}" if self.name else f"http://{HOST}:{self.port}"

    @property
    def site(self) -> Site:
        """Return the origins, cookie and port of this server."""
        return build_shared_site(self.name) if self.name else build_own_site(self.port)


def open_listener(port: int | None) -> socket.socket:
    """Open a socket at this port: 0 takes any free one, None the usual one or else any free one.

    Raise ServeError if the server cannot listen there.
    """
    for number in (_USUAL_PORT, 0) if port is None else (port,):
        try:
            return socket.create_server((HOST, number))
        except OSError as error:
            refused = error
    raise ServeError(
        f"Port {port} cannot be used: {refused.strerror}. Stop what listens there "
        "(see: ss -ltnp), or name another one: --port"
    ) from refused


def export_settings(settings: ServerSettings) -> None:
    """Put the settings into the environment, where sessions and child processes read them."""
    os.environ["LAC_HOME"] = str(settings.home)
    os.environ["LAC_ROLE"] = settings.role
    os.environ["LAC_COOKIE"] = settings.site.cookie
    if settings.name:
        os.environ["LAC_NAME"] = settings.name
    if settings.as_at is not None:
        os.environ["LAC_AS_AT"] = settings.as_at.isoformat()
