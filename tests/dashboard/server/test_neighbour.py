"""Whose program holds the other end: from the system's own table, where there is one."""

import os
import socket
from pathlib import Path

import pytest

from dashboard.server.site import is_other_os_user

_HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
_CLIENT = ("127.0.0.1", 0xA1B2)
_PORT = 0x2135


def table(folder: Path, *rows: tuple[str, str, int]) -> Path:
    path = folder / "tcp"
    lines = (
        f"   0: {local} {remote} 01 00000000:00000000 00:00000000 00000000 {user:5d} 0 1 1\n"
        for local, remote, user in rows
    )
    path.write_text(_HEAD + "".join(lines), encoding="ascii")
    return path


@pytest.mark.parametrize(
    ("user", "strange"), [(os.getuid(), False), (0, False), (os.getuid() + 1, True)]
)
def test_another_users_program_is_a_stranger(tmp_path: Path, user: int, strange: bool) -> None:
    """Ours is not, nor the system's: a relay between two systems is its own."""
    listed = table(
        tmp_path,
        ("0100007F:2135", "00000000:0000", user + 7),
        ("0100007F:2135", "0100007F:A1B2", user + 7),  # our own end of it
        ("0100007F:A1B2", "0100007F:2135", user),
        ("0100007F:A1B2", "0100007F:2136", user + 7),
    )
    assert is_other_os_user(_CLIENT, _PORT, [listed]) == strange


def test_who_is_in_no_table_is_a_stranger_where_there_is_one(tmp_path: Path) -> None:
    """Whatever address it comes from; without a table nobody can tell."""
    for address in ("127.0.0.1", "127.0.0.2", "10.0.0.1", "::1", "nowhere"):
        assert is_other_os_user((address, 0xA1B2), _PORT, [table(tmp_path)])
        assert not is_other_os_user((address, 0xA1B2), _PORT, [tmp_path / "none"])


@pytest.mark.parametrize(("user", "strange"), [(os.getuid(), False), (os.getuid() + 1, True)])
def test_a_connection_by_another_address_is_found(tmp_path: Path, user: int, strange: bool) -> None:
    """Of the same network, or of the sixth version around one of the fourth."""
    mapped = "0000000000000000FFFF0000"
    other = table(tmp_path, ("0200007F:A1B2", "0100007F:2135", user))
    assert is_other_os_user(("127.0.0.2", 0xA1B2), _PORT, [other]) == strange
    sixth = table(tmp_path, (f"{mapped}0100007F:A1B2", f"{mapped}0100007F:2135", user))
    assert is_other_os_user(_CLIENT, _PORT, [tmp_path / "none", sixth]) == strange


def test_our_own_connection_is_none_of_a_strangers() -> None:
    """In the system's own table, on Linux."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert not is_other_os_user(client.getsockname(), port)
