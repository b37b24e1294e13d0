"""Whose program holds the other end of a connection: asked of the system, where it tells."""

import os
from collections.abc import Sequence
from ipaddress import IPv4Address
from pathlib import Path

from dashboard.network.site import HOST

#: Of the connections of this computer, each end's user beside it.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7
_ROOT = 0
#: How an address of the fourth version is written in the table of the sixth.
_MAPPED = "0000000000000000FFFF0000"


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
