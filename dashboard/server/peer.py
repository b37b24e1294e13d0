"""Who on this computer holds the other end of a connection, where the system tells.

The browser is started with the link as an argument, and on Linux any user may read the
arguments of a program.  Whoever is quicker with it than the browser is another user.
"""

import os
from pathlib import Path

_TABLE = Path("/proc/net/tcp")
_LOCAL, _REMOTE, _USER = 1, 2, 7
_ROOT = 0


def is_other_os_user(
    client: tuple[str, int] | None, server_port: int, table: Path = _TABLE
) -> bool:
    """Whether another user of this computer asks: neither ours, nor the system's own.

    False where nobody can tell: on systems without such a table, and for a connection
    that comes through a relay.
    """
    if client is None or client[0] != "127.0.0.1":
        return False
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return False
    ends = [_address(client[1]), _address(server_port)]
    users = {
        int(fields[_USER])
        for fields in map(str.split, lines)
        if [fields[_LOCAL], fields[_REMOTE]] == ends
    }
    return bool(users - {os.getuid(), _ROOT})


def _address(port: int) -> str:
    """The loopback address and a port, as the table writes them."""
    return f"0100007F:{port:04X}"
