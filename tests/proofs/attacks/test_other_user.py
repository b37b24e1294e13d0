"""Another user of the computer, with all that can be seen or stolen: each way in is refused.

A child process that has given up root asks a dashboard and a notebook of a real home, from
each loopback address and by both versions of the network, with an unused link, the browser's
cookie and the paths behind it.  In the control the user who started them asks the same.
"""

import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.schools.real_home import LEAD, at_full_cost, phrase_of, real_home
from tests.support.sizes import Count
from tests.support.web.requests import STREAM, Request, Target, send
from tests.support.web.servers import Served, notebook_serving, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/net/tcp").exists() or os.getuid() != 0, reason="only root may be others"
    ),
]

_NOBODY = 65534
_HERE, _BESIDE, _MAPPED, _SIXTH = "127.0.0.1", "127.0.0.2", "::ffff:127.0.0.1", "::1"
_LINK = "the link"
_REFUSED = {0, 403, 421}


@dataclass(frozen=True)
class Way:
    """One way in: to which server, from and to which address, what is asked.

    allowed: what the user who started the server gets; 0 where nothing listens for anybody.
    """

    server: str
    path: str
    allowed: int
    source: str = _HERE
    target: str = _HERE
    host: str | None = None


_BOTH = ("dashboard", "notebook")
_ADDRESSES = ((_HERE, _HERE), (_BESIDE, _HERE), (_MAPPED, _MAPPED))
WAYS = (
    *(Way(each, _LINK, 303, *ends) for ends in _ADDRESSES for each in _BOTH),
    *(Way(each, "/", 200, *ends) for ends in _ADDRESSES for each in _BOTH),
    *(Way(each, "/", 0, _SIXTH, _SIXTH) for each in _BOTH),
    Way("dashboard", "/", 0, target=_BESIDE),
    Way("dashboard", "/", 200, host="localhost:{port}"),
    Way("dashboard", "/children", 200),
    *(Way("dashboard", STREAM, 101, *ends) for ends in _ADDRESSES),
    Way("dashboard", "/download/a-word", 410),  # past the guard: the file is not there any more
    Way("dashboard", "/renew/a-word", 404),
    Way("dashboard", "/_stcore/host-config", 200),
    Way("dashboard", "/start/a-word", 303),
    *(Way("notebook", "/ws?session_id=s_abcdef", 101, *ends) for ends in _ADDRESSES[:2]),
)


@dataclass(frozen=True)
class Stolen:
    """A server, and what was stolen of it: an unused link, and the cookie of its browser."""

    served: Served
    cookie: str = ""

    def ask(self, way: Way) -> int:
        """The status of what comes back; 0 where there is nothing to connect to."""
        port = self.served.port

        def connect() -> socket.socket:
            return socket.create_connection((way.target, port), 30, (way.source, 0))

        is_link = way.path == _LINK
        path = urlsplit(self.served.link).path if is_link else way.path
        headers: dict[str, str | None] = {"Cookie": None} if is_link else {}
        headers |= {"Host": way.host} if way.host else {}
        target = Target(f"{_HERE}:{port}", "http", self.served.cookie_name, connect)
        asked = Request(path, headers=headers, is_socket=way.allowed == 101)
        with suppress(OSError):
            return send(target, self.cookie, asked)[0]
        return 0


def as_nobody(act: Callable[[], int]) -> int:
    """What a process of another user gets."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
            os.write(writing, struct.pack("i", act()))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        content = said.read()
    os.waitpid(child, 0)
    found: int = struct.unpack("i", content)[0]
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with at_full_cost():
        return real_home(tmp_path_factory.mktemp("other") / "home")


@pytest.fixture(scope="module")
def servers(home: Path) -> Iterator[dict[tuple[str, bool], Stolen]]:
    """Each server twice: one whose link is unused, and one whose browser has its cookie."""
    log = home.parent
    notebook = {"who": LEAD, "phrase": phrase_of(LEAD)}
    with (
        serving(home, log / "a.txt") as dashboard,
        serving(home, log / "b.txt") as opened,
        notebook_serving(home, log / "c.txt", **notebook) as other,
        notebook_serving(home, log / "d.txt", **notebook) as other_opened,
    ):
        yield {
            ("dashboard", True): Stolen(dashboard),
            ("dashboard", False): Stolen(opened, opened.come_in()),
            ("notebook", True): Stolen(other),
            ("notebook", False): Stolen(other_opened, other_opened.come_in()),
        }


def test_no_way_in_is_open_to_another_user(
    servers: dict[tuple[str, bool], Stolen], count: Count
) -> None:
    """Nor is a link used up by trying it: its owner comes in afterwards."""

    def ask(way: Way) -> int:
        return servers[way.server, way.path == _LINK].ask(way)

    broken = [way for way in WAYS if as_nobody(lambda way=way: ask(way)) not in _REFUSED]  # type: ignore[misc]
    # a link works once: its owner takes it by the last of the ways
    last = {(way.server, way.path): way for way in WAYS if way.path == _LINK}
    ours = {way: ask(way) for way in WAYS if way.path != _LINK or way in last.values()}
    control = [way for way, status in ours.items() if status not in _REFUSED]
    count("other_user", len(WAYS), len(broken), len(control))
    assert len(set(WAYS)) == len(WAYS) >= 20
    assert broken == []
    assert ours == {way: way.allowed for way in ours}


def test_another_user_takes_neither_port_nor_files(
    servers: dict[tuple[str, bool], Stolen], home: Path
) -> None:
    """To listen in the server's place, or to read the home and its keys."""
    port = servers["dashboard", False].served.port

    def take_port() -> int:
        with socket.socket() as probe:
            for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
                probe.setsockopt(socket.SOL_SOCKET, option, 1)
            with suppress(OSError):
                probe.bind((_HERE, port))
                return 1
        return 0

    def read_files() -> int:
        read = 0
        for folder in (home, home.with_name(f"{home.name}-keys")):
            with suppress(OSError):
                read += len(list(folder.iterdir()))
        return read

    assert as_nobody(take_port) == 0
    home.parent.chmod(0o711)
    assert as_nobody(read_files) == 0
    assert read_files() > 0
