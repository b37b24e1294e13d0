"""What a browser calls the server, under which cookie it is known, and by which way it comes.

A server for one computer is asked by its owner alone, in plain, and lets in who has its link.
One for the school's network has one name, is reached by TLS only, which a proxy on the same
computer does, and knows people by signing in.

Whose program holds the other end of a connection is asked of the system, where it tells.
"""

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import Scope

#: Where a server listens, for its owner or for its proxy.
HOST = "127.0.0.1"
#: Of the connections of this computer, each end's user beside it.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7
_ROOT = 0
#: How an address of the fourth version is written in the table of the sixth.
_MAPPED = "0000000000000000FFFF0000"


@dataclass(frozen=True)
class Site:
    """origins: what browsers say a page of ours is from.  cookie: the session's.

    own_port: of a server for one computer, which asks whose each connection is; None for one
    on the network, to which all requests come from a proxy on the same computer.
    """

    origins: frozenset[str]
    cookie: str
    own_port: int | None = None

    @property
    def is_shared(self) -> bool:
        """Whether people of the school's network come here."""
        return self.own_port is None

    @property
    def hosts(self) -> Mapping[str, str]:
        """The origin by what a request calls its host."""
        return {each.partition("://")[2]: each for each in self.origins}

    def find_client(self, scope: Scope) -> str | None:
        """The address of who asks; None for who did not come by the proxy, or not by TLS.

        Each proxy writes the one before it at the end of a line, so only the last is ours.
        """
        peer = _normalise(scope["client"][0]) if scope.get("client") else None
        headers = Headers(scope=scope)
        said = ",".join(headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
        is_secure = headers.getlist("x-forwarded-proto") == ["https"]
        return _normalise(said) if is_secure and peer == HOST else None


def build_shared_site(name: str) -> Site:
    """That of a server for the school's network; name: as people type it after https://.

    A cookie of this prefix is taken from this very name only, and only over TLS.
    """
    return Site(frozenset({f"https://{name}"}), "__Host-lac")


def build_own_site(port: int) -> Site:
    """That of a server for one computer: a browser sends a host's cookies to each of its ports."""
    hosts = (f"{HOST}:{port}", f"localhost:{port}")
    return Site(frozenset(f"http://{each}" for each in hosts), f"lac_{port}", own_port=port)


#: Of the request that is being answered.
CLIENT: ContextVar[str | None] = ContextVar("client", default=None)


def _normalise(address: str) -> str | None:
    """An address as it is written in one way only; None for what is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def is_other_os_user(
    client: tuple[str, int] | None, server_port: int, tables: Sequence[Path] = _TABLES
) -> bool:
    """Whether another user of this computer asks: neither ours, nor the system's own.

    So it is with whoever is in no table, from whatever address.  False where nobody can tell:
    on systems without such a table.
    """
    found = [table for table in tables if table.exists()]
    if not found:
        return False
    if client is None:
        return True
    lines = [line for table in found for line in table.read_text("ascii").splitlines()[1:]]
    ends = [_format_address(*client), _format_address(HOST, server_port)]
    both = (ends, [_MAPPED + end for end in ends])
    users = {
        int(fields[_USER])
        for fields in map(str.split, lines)
        if [fields[_LOCAL], fields[_REMOTE]] in both
    }
    return not users or bool(users - {os.getuid(), _ROOT})


def _format_address(host: str, port: int) -> str:
    """An address and a port, as the table writes them; one that is none is in no line."""
    try:
        return f"{IPv4Address(host).packed[::-1].hex().upper()}:{port:04X}"
    except ValueError:
        return ""
