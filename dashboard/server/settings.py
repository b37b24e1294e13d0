"""What the dashboard's server and its sessions are told: home, role, day and port."""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HOST = "127.0.0.1"


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
    os.environ["LAC_PORT"] = str(settings.port)
    if settings.as_at is not None:
        os.environ["LAC_AS_AT"] = settings.as_at.isoformat()
