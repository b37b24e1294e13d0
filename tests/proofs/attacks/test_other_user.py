"""Another user of the computer, with all that can be seen or stolen: each way in is refused.

A child process that has given up root asks a dashboard and a notebook of a real home, from
each loopback address and by both versions of the network, with an unused link, the browser's
cookie and the paths behind it.  In the control the user who started them asks the same.
"""

import os
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.schools.real_home import LEAD, phrase_of, real_home
from tests.support.sizes import Count
from tests.support.web.servers import Served, notebook_serving, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/net/tcp").exists() or os.getuid() != 0, reason="only root may be others"
    ),
]

_NOBODY = 65534
_HERE, _BESIDE, _MAPPED, _SIXTH = "127.0.0.1", "127.0.0.2", "::ffff:127.0.0.1", "::1"
_SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Origin": "http://127.0.0.1:{port}",
}


@dataclass(frozen=True, eq=False)
class Way:
    """One way in: to which server, from and to which address, what is asked with what.

    allowed: what the user who started the server gets; 0 where nothing listens for anybody.
    """

    server: str
    path: str
    allowed: int
    source: str = _HERE
    target: str = _HERE
    has_cookie: bool = True
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.server} {self.path} {self.source} {self.target} {self.headers or ''}"


def link(server: str, **more: str) -> Way:
    return Way(server, "{link}", 303, has_cookie=False, **more)  # type: ignore[arg-type]


WAYS = (
    *(link(each) for each in ("dashboard", "notebook")),
    *(link(each, source=_BESIDE) for each in ("dashboard", "notebook")),
    *(link(each, source=_MAPPED, target=_MAPPED) for each in ("dashboard", "notebook")),
    *(Way(each, "/", 200) for each in ("dashboard", "notebook")),
    *(Way(each, "/", 200, _BESIDE) for each in ("dashboard", "notebook")),
    *(Way(each, "/", 200, _MAPPED, _MAPPED) for each in ("dashboard", "notebook")),
    *(Way(each, "/", 0, _SIXTH, _SIXTH) for each in ("dashboard", "notebook")),
    Way("dashboard", "/", 0, target=_BESIDE),
    Way("dashboard", "/", 200, headers={"Host": "localhost:{port}"}),
    Way("dashboard", "/children", 200),
    Way("dashboard", "/_stcore/stream", 101, headers=_SOCKET),
    Way("dashboard", "/_stcore/stream", 101, _BESIDE, headers=_SOCKET),
    Way("dashboard", "/_stcore/stream", 101, _MAPPED, _MAPPED, headers=_SOCKET),
    Way("dashboard", "/download/a-word", 410),  # past the guard: the file is not there any more
    Way("dashboard", "/renew/a-word", 404),
    Way("dashboard", "/_stcore/host-config", 200),
    Way("dashboard", "/start/a-word", 303),
    Way("notebook", "/ws?session_id=s_abcdef", 101, headers=_SOCKET),
    Way("notebook", "/ws?session_id=s_abcdef", 101, _BESIDE, headers=_SOCKET),
)


@dataclass(frozen=True)
class Target:
    """A server, and what was stolen of it: an unused link, and the cookie of its browser."""

    served: Served
    cookie: str

    def ask(self, way: Way) -> int:
        """The status of what comes back; 0 where there is nothing to connect to."""
        port = self.served.port
        headers = {"Host": f"127.0.0.1:{port}"}
        if way.has_cookie:
            headers["Cookie"] = f"{self.served.cookie_name}={self.cookie}"
        headers |= {name: value.format(port=port) for name, value in way.headers.items()}
        path = way.path.replace("{link}", urlsplit(self.served.link).path)
        lines = [f"GET {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        family = socket.AF_INET6 if ":" in way.source else socket.AF_INET
        with socket.socket(family) as connection:
            connection.settimeout(30)
            try:
                connection.bind((way.source, 0))
                connection.connect((way.target, port))
            except OSError:
                return 0
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            answer = connection.recv(65536)
        return int(answer.split(b" ", 2)[1])


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
    return real_home(tmp_path_factory.mktemp("other") / "home")


@pytest.fixture(scope="module")
def targets(home: Path) -> Iterator[dict[str, Target]]:
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
            "dashboard link": Target(dashboard, ""),
            "dashboard": Target(opened, opened.come_in()),
            "notebook link": Target(other, ""),
            "notebook": Target(other_opened, other_opened.come_in()),
        }


def find_target(targets: dict[str, Target], way: Way) -> Target:
    return targets[way.server if way.has_cookie else f"{way.server} link"]


def test_no_way_in_is_open_to_another_user(targets: dict[str, Target], count: Count) -> None:
    """Nor is a link used up by trying it: its owner comes in afterwards."""
    assert len({str(way) for way in WAYS}) == len(WAYS) >= 20
    refused = {0, 403, 421}
    found = {way: as_nobody(lambda way=way: find_target(targets, way).ask(way)) for way in WAYS}  # type: ignore[misc]
    broken = [f"{way}: {status}" for way, status in found.items() if status not in refused]
    links = [way for way in WAYS if not way.has_cookie]
    ours = {way: find_target(targets, way).ask(way) for way in WAYS if way.has_cookie}
    # a link works once: its owner takes it by the last of the ways
    for server in ("dashboard", "notebook"):
        last = [way for way in links if way.server == server][-1]
        ours[last] = find_target(targets, last).ask(last)
    control = [way for way, status in ours.items() if status not in refused]
    count("other_user", len(WAYS), len(broken), len(control))
    assert broken == []
    assert {str(way): status for way, status in ours.items()} == {
        str(way): way.allowed for way in ours
    }


def test_another_user_takes_neither_port_nor_files(targets: dict[str, Target], home: Path) -> None:
    """To listen in the server's place, or to read the home and its keys."""
    port = targets["dashboard"].served.port

    def take_port() -> int:
        with socket.socket() as probe:
            for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
                probe.setsockopt(socket.SOL_SOCKET, option, 1)
            try:
                probe.bind((_HERE, port))
            except OSError:
                return 0
            return 1

    def read_files() -> int:
        read = 0
        for folder in (home, home.with_name(f"{home.name}-keys")):
            try:
                read += len(list(folder.iterdir()))
            except OSError:
                continue
        return read

    assert as_nobody(take_port) == 0
    home.parent.chmod(0o711)
    assert as_nobody(read_files) == 0
    assert read_files() > 0
