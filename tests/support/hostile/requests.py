"""Requests that nobody of ours sends, and how each is put to a server, byte by byte."""

import base64
import os
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product

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


#: A page, its like, and what only scripts of a page ask for.
_PAGES = ("/", "/children", "/download/AAAA")
_PARTS = ("/_stcore/health", "/_stcore/host-config", "/static/js/index.js")
_HOSTS = (
    *("evil.test", "evil.test:{port}", "{own}.evil.test", "{own}.", "{own}@evil.test"),
    *(
        "evil.test@{own}",
        "127.0.0.1:1",
        "[::1]:{port}",
        "0.0.0.0",
        "",
        "{own},evil.test",
        "localhost",
    ),
)
_ORIGINS = (
    *("http://evil.test", "https://evil.test", "null", "", "{origin}.evil.test", "{origin}:1"),
    *("{origin}/", "{origin} {origin}", "file://", "ftp://{own}", "https://localhost", "{own}"),
)
_COOKIES = (
    *(None, "", "{cookie}", "{cookie}=", "{cookie}=AAAA", "{cookie}={session}x"),
    *("lac_1={session}", "other={cookie}={session}"),
)
_CLOSED = (
    *("metrics", "agent/openapi.json", "agent/interact", "agent/mcp", "script-health-check"),
    *("bidi-components/x/y.js", ""),
)
_NOT_THERE = (
    *(f"/_stcore/{each}" for each in _CLOSED),
    *("/metrics", "/media/0123.csv", "/component/a.b/index.html", "/app/static/x.csv"),
    *("/auth/login", "/auth/logout", "/oauth2callback", "/renew/AAAA"),
)
_TRAVERSALS = (
    *("/static/../../app.py", "/static/%2e%2e%2f%2e%2e%2fapp.py", "/static/..%5c..%5capp.py"),
    *("/static/%2e%2e/%2e%2e/etc/passwd", "/static/%00", "/static/js/..%2f..%2f..%2fapp.py"),
)
_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def list_combinations() -> tuple[Hostile, ...]:
    """Some 300 more: each wrong host, origin, site, cookie and method at each kind of address."""
    everywhere = (*_PAGES, *_PARTS, STREAM)
    found = [
        Hostile(f"host {host!r}", path, (400, 403, 421), headers={"Host": host})
        for host, path in product(_HOSTS, everywhere)
    ]
    found += [
        Hostile(f"origin {origin!r}", path, headers={"Origin": origin})
        for origin, path in product(_ORIGINS, everywhere)
    ]
    found += [
        Hostile(f"{site} {mode}", path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})
        for site, mode, path in product(
            ("same-site", "cross-site"), ("no-cors", "cors", "same-origin"), (*_PAGES, *_PARTS)
        )
    ]
    found += [
        Hostile(f"cookie {cookie!r}", path, headers={"Cookie": cookie})
        for cookie, path in product(_COOKIES, (*_PARTS, STREAM))
    ]
    found += [
        Hostile(method, path, (404,), method)
        for method, path in product(("GET", "HEAD", "POST"), _NOT_THERE)
    ]
    found += [Hostile("a way out", path, (400, 403, 404)) for path in _TRAVERSALS]
    found += [
        Hostile(method, path, (400, 403, 404, 405, 501), method)
        for method, path in product(_METHODS, ("/", "/children", "/_stcore/host-config"))
    ]
    return tuple(replace(each, is_socket=each.path == STREAM) for each in found)


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
