"""What the dashboard's server and its sessions are told: home, role, day and port."""

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
    """What the app is told by its environment; `as_at` None means today.

    name: as people of the school's network type it after https://, with a port if it is not the
    usual one; "" for this computer only.
    """

    home: Path
    role: str
    as_at: date | None
    port: int
    name: str = ""

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"https://{self.name}" if self.name else f"http://{HOST}:{self.port}"

    @property
    def site(self) -> Site:
        """What browsers call it."""
        return build_shared_site(self.name) if self.name else build_own_site(self.port)


def open_listener(port: int | None) -> socket.socket:
    """Where a server listens; None: at the usual port, or else at any free one.

    ServeError if it cannot listen at the port that was asked for; 0 asks for any.
    """
    for wanted in (_USUAL_PORT, 0) if port is None else (port,):
        try:
            return socket.create_server((HOST, wanted))
        except OSError as error:
            refused = error
    raise ServeError(
        f"Port {port} cannot be used: {refused.strerror}. Stop what listens there "
        "(see: ss -ltnp), or name another one: --port"
    ) from refused


def export_settings(settings: ServerSettings) -> None:
    """Put the settings where a session of this process, or of its children, finds them."""
    os.environ["LAC_HOME"] = str(settings.home)
    os.environ["LAC_ROLE"] = settings.role
    os.environ["LAC_COOKIE"] = settings.site.cookie
    if settings.name:
        os.environ["LAC_NAME"] = settings.name
    if settings.as_at is not None:
        os.environ["LAC_AS_AT"] = settings.as_at.isoformat()
