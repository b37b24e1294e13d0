"""Put a request to a server byte by byte, as no browser would."""

import base64
import os
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

STREAM = "/_stcore/stream"
_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Target:
    """A server: its host, the scheme, the name of its cookie, and a way to connect to it."""

    host: str
    scheme: str
    cookie: str
    connect: Callable[[], socket.socket]


@dataclass(frozen=True)
class Request:
    """A request: its path and headers; None leaves a header out, {port} and {cookie} are filled."""

    path: str = "/"
    headers: dict[str, str | None] = field(default_factory=dict)
    is_socket: bool = False


def _is_whole(answer: bytes) -> bool:
    """Return whether all of an answer is there, by the length that it says."""
    head, end, body = answer.partition(_END)
    length = re.search(rb"\ncontent-length: (\d+)", head, re.IGNORECASE)
    return bool(end) and (length is None or len(body) >= int(length[1]))


def send(target: Target, session: str, request: Request) -> tuple[int, dict[str, str], bytes]:
    """Return the status, headers and the start of the body of the answer; status 0 for none."""
    headers: dict[str, str | None] = {"Host": target.host, "Cookie": f"{target.cookie}={session}"}
    if request.is_socket:
        headers |= {
            "Origin": f"{target.scheme}://{target.host}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Protocol": "streamlit",
        }
    port = target.host.partition(":")[2] or "443"
    lines = [f"GET {request.path} HTTP/1.1"]
    for name, value in {**headers, **request.headers}.items():
        if value is not None:
            filled = value.replace("{port}", port).replace("{cookie}", target.cookie)
            lines.append(f"{name}: {filled}")
    answer = b""
    with target.connect() as connection, suppress(TimeoutError):
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        while not _is_whole(answer) and (part := connection.recv(65536)):
            answer += part
    if not answer:
        return 0, {}, b""
    head, _, body = answer.partition(_END)
    first, *rest = head.decode("latin-1").split("\r\n")
    named = (line.partition(": ") for line in rest)
    return int(first.split()[1]), {name.lower(): value for name, _, value in named}, body
