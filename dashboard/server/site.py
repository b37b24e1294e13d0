"""The addresses, the cookie and the connections of the server.

A server for one computer is used by its owner alone, over plain HTTP, and admits whoever has its
start link.  One for the school's network has one name and is reached only over TLS, through a
proxy on the same computer.  People sign in to it.

If the system keeps a table of connections, it names the user at the other end.
"""

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import Scope

#: The address at which a server listens, for its owner or for its proxy.
HOST = "127.0.0.1"
#: The system's tables of this computer's connections, with the user who holds each end.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7
_ROOT = 0
#: The prefix that the table for IPv6 puts before an IPv4 address.
_MAPPED = "0000000000000000FFFF0000"


@dataclass(frozen=True)
class Site:
    """The origins of our pages, the name of the session's cookie, and the port.

    `own_port` is for one computer only: the server checks the user of each connection there.  It
    is None on the network, where all requests come through a local proxy.
    """

    origins: frozenset[str]
    cookie: str
    own_port: int | None = None

    @property
    def is_shared(self) -> bool:
        """Return whether people of the school's network come here."""
        return self.own_port is None

    @property
    def hosts(self) -> Mapping[str, str]:
        """Map the host of a request to our origin there."""
        return {origin.partition("://")[2]: origin for origin in self.origins}

    def find_client(self, scope: Scope) -> str | None:
        """Return the client's address, or None if it did not come by the proxy and over TLS.

        Each proxy adds the address before it to the end of a list, so only the last entry is ours.
        """
        peer = _normalise(scope["client"][0]) if scope.get("client") else None
        headers = Headers(scope=scope)
        address = ",".join(headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
        is_secure = headers.getlist("x-forwarded-proto") == ["https"]
        return _normalise(address) if is_secure and peer == HOST else None


def build_shared_site(name: str) -> Site:
    """Build the site of a server for the school's network; people type `name` after https://.

    Browsers take a cookie with the prefix __Host- from this very name only, and only over TLS.
    """
    return Site(frozenset({f"https://{name}"}), "__Host-lac")


def build_own_site(port: int) -> Site:
    """Build the site of a server for one computer, whose ports all get a host's cookies."""
    hosts = (f"{HOST}:{port}", f"localhost:{port}")
    return Site(frozenset(f"http://{host}" for host in hosts), f"lac_{port}", own_port=port)


#: The address of the client whose request is being answered.
CLIENT: ContextVar[str | None] = ContextVar("client", default=None)


def _normalise(address: str) -> str | None:
    """Return an IP address in its one normal form, or None if it is not an address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)


def is_other_os_user(
    client: tuple[str, int] | None, server_port: int, tables: Sequence[Path] = _TABLES
) -> bool:
    """Return whether another user of this computer made the connection.

    Connections of this user and of root are ours; one that is in no table is not.  Return False
    on systems without such tables.
    """
    readable = [table for table in tables if table.exists()]
    if not readable:
        return False
    if client is None:
        return True
    lines = [line for table in readable for line in table.read_text("ascii").splitlines()[1:]]
    ends = [_format_address(*client), _format_address(HOST, server_port)]
    both = (ends, [_MAPPED + end for end in ends])
    users = {
        int(fields[_USER])
        for fields in map(str.split, lines)
        if [fields[_LOCAL], fields[_REMOTE]] in both
    }
    return not users or bool(users - {os.getuid(), _ROOT})


def _format_address(host: str, port: int) -> str:
    """Format an address and port as the table does, or return "" if it is no IPv4 address."""
    try:
        return f"{IPv4Address(host).packed[::-1].hex().upper()}:{port:04X}"
    except ValueError:
        return ""
