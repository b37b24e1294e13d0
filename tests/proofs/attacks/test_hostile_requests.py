"""Twenty-five requests that nobody of ours sends, to a real server: each is refused.

The control is the same address asked as our own page asks, which is answered: a server
that refused everything would pass for a safe one.
"""

import base64
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dashboard.server import guard
from tests.support.schools.homes import demo_home
from tests.support.web.servers import Served, serving

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Hostile:
    """One request: what it is, how it is sent, which answers are right."""

    what: str
    path: str = "/"
    status: tuple[int, ...] = (403,)
    method: str = "GET"
    #: "{own}" is the host with its port, "{cookie}" the session's cookie; None leaves out.
    headers: dict[str, str | None] = field(default_factory=dict)
    body: bytes = b""
    is_socket: bool = False


_STREAM = "/_stcore/stream"
_NO_COOKIE: dict[str, str | None] = {"Cookie": None}
_HOSTILE = (
    # another name for this computer, as when a name's address is changed under a page
    Hostile("a foreign host", headers={"Host": "evil.test"}, status=(421,)),
    Hostile("a foreign host with our port", headers={"Host": "evil.test:{port}"}, status=(421,)),
    Hostile("our host at another port", headers={"Host": "127.0.0.1:1"}, status=(421,)),
    Hostile("no host", headers={"Host": None}, status=(400, 421)),
    Hostile("two hosts", headers={"Host": "{own}\r\nHost: evil.test"}, status=(400, 421)),
    Hostile(
        "a socket with a foreign host and its own origin",
        _STREAM,
        headers={"Host": "evil.test:{port}", "Origin": "http://evil.test:{port}"},
        status=(421, 403),
        is_socket=True,
    ),
    # another site in the same browser
    Hostile("a foreign origin", headers={"Origin": "http://evil.test"}),
    Hostile("an origin that is none", headers={"Origin": "null"}),
    Hostile("another server on this computer", headers={"Sec-Fetch-Site": "same-site"}),
    Hostile("a socket of a foreign origin", _STREAM, headers={"Origin": "http://evil.test"},
            is_socket=True),
    Hostile("a socket of another port", _STREAM, headers={"Origin": "http://127.0.0.1:1"},
            is_socket=True),
    Hostile("a socket without an origin", _STREAM, headers={"Origin": None}, is_socket=True),
    # nobody who came by the link
    Hostile("no cookie", headers=_NO_COOKIE),
    Hostile("a wrong cookie", headers={"Cookie": "lac_{port}=AAAA"}),
    Hostile("the cookie under another name", headers={"Cookie": "lac_1={session}"}),
    Hostile("a socket without a cookie", _STREAM, headers=_NO_COOKIE, is_socket=True),
    Hostile("a socket with a wrong cookie", _STREAM, headers={"Cookie": "lac_{port}=AAAA"},
            is_socket=True),
    Hostile("a file of Streamlit's without a cookie", "/media/0123.csv", headers=_NO_COOKIE),
    Hostile("a link that never was", "/start/AAAA", headers=_NO_COOKIE),
    # out of the folder, or into the machinery
    Hostile("a way out of the folder", "/static/../../app.py", status=(400, 403, 404)),
    Hostile("a way out, written otherwise", "/static/%2e%2e%2f%2e%2e%2fapp.py",
            status=(400, 403, 404)),
    Hostile("the server's figures", "/_stcore/metrics", status=(404,)),
    Hostile("the pages for programs", "/_stcore/agent/interact", status=(404,), method="POST",
            headers={"Content-Type": "application/json"}, body=b"{}"),
    # too much, and a file nobody asked for
    Hostile("a body that is too large", "/_stcore/upload_file/a/b", status=(413,), method="PUT",
            headers={"Content-Length": str(guard.MAX_BODY_BYTES + 1)}),
    Hostile("an upload without its token", "/_stcore/upload_file/a/b", status=(400, 403),
            method="PUT", body=b"x"),
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("hostile")
    with serving(demo_home(root / "home", children=3), root / "log.txt") as found:
        yield found


@pytest.fixture(scope="module")
def session(served: Served) -> str:
    return served.come_in()


def sent(served: Served, session: str, asked: Hostile) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and the start of the body of what came back."""
    own = f"127.0.0.1:{served.port}"
    headers: dict[str, str | None] = {"Host": own, "Cookie": f"lac_{served.port}={session}"}
    if asked.is_socket:
        headers |= {
            "Origin": f"http://{own}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Protocol": "streamlit",
        }
    elif asked.method != "GET":
        headers["Content-Length"] = str(len(asked.body))
    headers |= asked.headers
    lines = [f"{asked.method} {asked.path} HTTP/1.1"]
    for name, value in headers.items():
        if value is not None:
            line = f"{name}: {value}".replace("{own}", own).replace("{port}", str(served.port))
            lines.append(line.replace("{session}", session))
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + asked.body)
        answer = b""
        while b"\r\n\r\n" not in answer and (part := connection.recv(65536)):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    named = (line.partition(": ") for line in rest)
    return int(first.split()[1]), {name.lower(): value for name, _, value in named}, body


def test_there_are_twenty_five() -> None:
    """As the security plan counts them, each another."""
    assert len({asked.what for asked in _HOSTILE}) == len(_HOSTILE) == 25


@pytest.mark.parametrize("asked", _HOSTILE, ids=lambda asked: asked.what)
def test_a_hostile_request_is_refused(served: Served, session: str, asked: Hostile) -> None:
    """With the right number, our headers, and nothing of the dashboard."""
    status, headers, body = sent(served, session, asked)
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
        (Hostile("a socket", _STREAM, is_socket=True), 101),
        (Hostile("our own origin", headers={"Origin": "http://{own}"}), 200),
        (Hostile("the other name", headers={"Host": "localhost:{port}"}), 200),
    ],
    ids=lambda value: value.what if isinstance(value, Hostile) else "",
)
def test_what_our_own_page_asks_is_answered(
    served: Served, session: str, asked: Hostile, status: int
) -> None:
    """The control: the same server, the same cookie, the right way."""
    assert sent(served, session, asked)[0] == status


def test_every_page_carries_the_headers(served: Served, session: str) -> None:
    """Also those that Streamlit answers itself."""
    _, headers, _ = sent(served, session, Hostile("a page"))
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
