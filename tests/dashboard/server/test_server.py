"""The server itself: who sends half a request does not keep a connection."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from dashboard.server import guard, server
from dashboard.server.settings import open_listener
from dashboard.server.site import build_own_site
from dashboard.server.start_link import BrowserSessions
from safeguards.home.home import Home
from tests.support.schools.homes import lend_demo

_HEAD = "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A guard that listens, before an app that nobody reaches; patient for a moment only."""
    monkeypatch.setattr(server, "_REQUEST_TIMEOUT_S", 0.2)
    listener = open_listener(0)
    found = listener.getsockname()[1]

    async def app(*_: object) -> None:
        raise AssertionError("nobody has a session")

    running = server.build_server(guard.Guard(app, build_own_site(found), BrowserSessions()), found)
    running.config.lifespan = "off"
    thread = threading.Thread(target=running.run, args=[[listener]])
    thread.start()
    while not running.started:
        assert thread.is_alive()
    yield found
    running.should_exit = True
    thread.join()


@pytest.fixture
def connect(port: int) -> Iterator[Callable[[str], socket.socket]]:
    """A connection on which something was sent."""
    opened: list[socket.socket] = []

    def send(text: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        opened.append(connection)
        connection.sendall(text.format(port=port).encode())
        return connection

    yield send
    for each in opened:
        each.close()


@pytest.mark.parametrize("half", ["", "GET", _HEAD, f"{_HEAD}Cookie: lac="])
def test_half_a_request_is_closed(connect: Callable[[str], socket.socket], half: str) -> None:
    """Many at once as well; the socket's own patience is a hundred times as long."""
    for connection in [connect(half) for _ in range(50)]:
        assert connection.recv(1) == b""


def test_half_a_request_after_a_whole_one_is_closed(
    connect: Callable[[str], socket.socket],
) -> None:
    """Which is answered first."""
    connection = connect(f"{_HEAD}\r\n{_HEAD}")
    answer = b""
    while part := connection.recv(65536):
        answer += part
    assert answer.startswith(b"HTTP/1.1 403")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_day_is_worked_out_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A little before midnight the next one is; each of them once."""
    prepared: list[date | None] = []
    nights = [timedelta(minutes=3), timedelta(minutes=1), timedelta(0)]
    midnight = datetime(2026, 11, 30).astimezone()

    def sleep(_: float) -> None:
        if not nights:
            raise TimeoutError

    at = "dashboard.server.server"
    monkeypatch.setattr(f"{at}.access_log.get_utc_now", lambda: midnight - nights.pop(0))
    monkeypatch.setattr(f"{at}.access.prepare_day", lambda _, day: prepared.append(day))
    monkeypatch.setattr(f"{at}.time.sleep", sleep)
    monkeypatch.setattr(Home, "find_default_day", lambda _, now: now.date())
    with pytest.raises(TimeoutError):
        server._prepare_days(Home.open(lend_demo()), None)
    assert prepared == [date(2026, 11, 29), date(2026, 11, 30)]
