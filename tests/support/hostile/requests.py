"""Requests that nobody of ours sends, and how each is put to a server, byte by byte."""

import base64
import os
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from dashboard.server import guard


@dataclass(frozen=True)
class Target:
    """A server under attack: what it calls itself, and a way to connect to it."""

    host: str
    scheme: str
    cookie: str
    connect: Callable[[], socket.socket]

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"


@dataclass(frozen=True)
class Hostile:
    """One request: what it is, how it is sent, which answers are right."""

    what: str
    path: str = "/"
    status: tuple[int, ...] = (403,)
    method: str = "GET"
    #: {own}, {origin}, {port}, {cookie} and {session} are the server's; None leaves out.
    headers: dict[str, str | None] = field(default_factory=dict)
    body: bytes = b""
    is_socket: bool = False


STREAM = "/_stcore/stream"
_NO_COOKIE: dict[str, str | None] = {"Cookie": None}
HOSTILE = (
    # another name for this computer, as when a name's address is changed under a page
    Hostile("a foreign host", headers={"Host": "evil.test"}, status=(421,)),
    Hostile("a foreign host with our port", headers={"Host": "evil.test:{port}"}, status=(421,)),
    Hostile("our host at another port", headers={"Host": "127.0.0.1:1"}, status=(421,)),
    Hostile("no host", headers={"Host": None}, status=(400, 421)),
    Hostile("two hosts", headers={"Host": "{own}\r\nHost: evil.test"}, status=(400, 421)),
    Hostile(
        "a socket with a foreign host and its own origin",
        STREAM,
        headers={"Host": "evil.test:{port}", "Origin": "http://evil.test:{port}"},
        status=(421, 403),
        is_socket=True,
    ),
    # another site in the same browser
    Hostile("a foreign origin", headers={"Origin": "http://evil.test"}),
    Hostile("an origin that is none", headers={"Origin": "null"}),
    Hostile("another server on this computer", headers={"Sec-Fetch-Site": "same-site"}),
    Hostile("a socket of a foreign origin", STREAM, headers={"Origin": "http://evil.test"},
            is_socket=True),
    Hostile("a socket of another port", STREAM, headers={"Origin": "http://127.0.0.1:1"},
            is_socket=True),
    Hostile("a socket without an origin", STREAM, headers={"Origin": None}, is_socket=True),
    # nobody who came by the link
    Hostile("no cookie", headers=_NO_COOKIE),
    Hostile("a wrong cookie", headers={"Cookie": "{cookie}=AAAA"}),
    Hostile("the cookie under another name", headers={"Cookie": "lac_1={session}"}),
    Hostile("a socket without a cookie", STREAM, headers=_NO_COOKIE, is_socket=True),
    Hostile("a socket with a wrong cookie", STREAM, headers={"Cookie": "{cookie}=AAAA"},
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


_END = b"\r\n\r\n"


def _is_whole(answer: bytes, asked: Hostile) -> bool:
    """Whether all of an answer is there, by the length that it says."""
    head, end, body = answer.partition(_END)
    length = re.search(rb"\ncontent-length: (\d+)", head, re.IGNORECASE)
    has_body = asked.method != "HEAD" and length is not None
    return bool(end) and not (has_body and len(body) < int(length[1]))  # type: ignore[index]


def send(target: Target, session: str, asked: Hostile) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and the start of the body of what came back; status 0 for nothing."""
    headers: dict[str, str | None] = {"Host": target.host, "Cookie": f"{target.cookie}={session}"}
    if asked.is_socket:
        headers |= {
            "Origin": target.origin,
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
    port = target.host.partition(":")[2] or "443"
    filled = {"own": target.host, "origin": target.origin, "port": port}
    filled |= {"cookie": target.cookie, "session": session}
    for name, value in headers.items():
        if value is not None:
            for word, text in filled.items():
                value = value.replace(f"{{{word}}}", text)  # noqa: PLW2901 - filled in
            lines.append(f"{name}: {value}")
    answer = b""
    with target.connect() as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + asked.body)
        with suppress(TimeoutError):  # a proxy may wait for the rest of a body that never comes
            while not _is_whole(answer, asked) and (part := connection.recv(65536)):
                answer += part
    if not answer:
        return 0, {}, b""
    head, _, body = answer.partition(_END)
    first, *rest = head.decode("latin-1").split("\r\n")
    named = (line.partition(": ") for line in rest)
    return int(first.split()[1]), {name.lower(): value for name, _, value in named}, body
