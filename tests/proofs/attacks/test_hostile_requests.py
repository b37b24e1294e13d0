"""Requests that nobody of ours sends, to a real server: twenty-five.

The control is the same address asked as our own page asks, which is answered: a server
that refused everything would pass for a safe one.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.server import guard
from tests.support.hostile.requests import HOSTILE, STREAM, Hostile, Target, send
from tests.support.schools.homes import demo_home
from tests.support.web.servers import Served, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("hostile")
    with serving(demo_home(root / "home"), root / "log.txt") as found:
        yield found


@pytest.fixture(scope="module")
def session(served: Served) -> str:
    return served.come_in()


@pytest.fixture(scope="module")
def target(served: Served) -> Target:
    def connect() -> socket.socket:
        return socket.create_connection(("127.0.0.1", served.port), timeout=30)

    return Target(f"127.0.0.1:{served.port}", "http", served.cookie_name, connect)


def test_there_are_twenty_five() -> None:
    """As the security plan counts them, each another."""
    assert len({asked.what for asked in HOSTILE}) == len(HOSTILE) == 25


@pytest.mark.parametrize("asked", HOSTILE, ids=lambda asked: asked.what)
def test_a_hostile_request_is_refused(target: Target, session: str, asked: Hostile) -> None:
    """With the right number, our headers, and nothing of the dashboard."""
    status, headers, body = send(target, session, asked)
    assert status in asked.status
    assert b'<div id="root">' not in body
    if status != 400:  # what the server cannot read as a request never gets to us
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (Hostile("a page"), 200),
        (Hostile("a page by its name", "/children"), 200),
        (Hostile("the health", "/_stcore/health"), 200),
        (Hostile("a socket", STREAM, is_socket=True), 101),
        (Hostile("our own origin", headers={"Origin": "http://{own}"}), 200),
        (Hostile("the other name", headers={"Host": "localhost:{port}"}), 200),
    ],
    ids=lambda value: value.what if isinstance(value, Hostile) else "",
)
def test_what_our_own_page_asks_is_answered(
    target: Target, session: str, asked: Hostile, status: int
) -> None:
    """The control: the same server, the same cookie, the right way."""
    assert send(target, session, asked)[0] == status


def test_every_page_carries_the_headers(target: Target, session: str) -> None:
    """Also those that Streamlit answers itself."""
    _, headers, _ = send(target, session, Hostile("a page"))
    for name, value in guard.HEADERS.items():
        assert headers[name.lower()] == value


def test_the_log_of_the_server_holds_no_word_of_entry(
    served: Served, session: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither the link nor a session is written anywhere by the server."""
    assert session
    word = served.link.rpartition("/")[2]
    for log in Path(tmp_path_factory.getbasetemp()).rglob("hostile*/log.txt"):
        text = log.read_text(encoding="utf-8")
        assert word not in text
        assert session not in text
