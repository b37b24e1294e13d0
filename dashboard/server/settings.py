"""What the dashboard's server and its sessions are told: home, role, day and port."""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.network.site import HOST, Network, Site, build_own_site


@dataclass(frozen=True)
class ServerSettings:
    """What the app is told by its environment; `as_at` None means the end of the data.

    network: how others of the school's network reach it; None for this computer only.
    """

    home: Path
    role: str
    as_at: date | None
    port: int
    network: Network | None = None

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"https://{self.network.name}" if self.network else f"http://{HOST}:{self.port}"

    @property
    def site(self) -> Site:
        """What browsers call it."""
        return self.network.site if self.network else build_own_site(self.port)


def find_free_port(preferred: int) -> int:
    """`preferred` if nothing listens there, else any free port (0 asks for any)."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            if os.name == "posix":  # a port that was closed a moment ago counts as free, as
                # it does for the server; elsewhere this would take a port from its listener
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            found: int = probe.getsockname()[1]
            return found
    raise OSError(None, "no port is free on this computer")


def export_settings(settings: ServerSettings) -> None:
    """Put the settings where a session of this process, or of its children, finds them."""
    os.environ["LAC_HOME"] = str(settings.home)
    os.environ["LAC_ROLE"] = settings.role
    os.environ["LAC_COOKIE"] = settings.site.cookie
    if settings.network is not None:
        os.environ["LAC_NAME"] = settings.network.name
    if settings.as_at is not None:
        os.environ["LAC_AS_AT"] = settings.as_at.isoformat()
