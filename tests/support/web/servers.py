"""A dashboard as a person starts it, for tests that ask it something: `lac run` and its link."""

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.schools.homes import keys_at


@dataclass(frozen=True)
class Served:
    """A server that listens: its address without a path, and its link, not yet used."""

    address: str
    link: str

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port
        return port

    @property
    def cookie_name(self) -> str:
        return f"lac_{self.port}"

    def come_in(self) -> str:
        """The session that the link is traded for; it works once."""
        status, headers, _ = ask(self.port, urlsplit(self.link).path)
        assert (status, headers["location"]) == (303, "/")
        found = re.fullmatch(
            rf"{self.cookie_name}=([\w-]+); HttpOnly; Path=/; SameSite=strict",
            headers["set-cookie"],
        )
        assert found, "the cookie is not what it must be"
        return found.group(1)


def ask(
    port: int,
    path: str,
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    body: bytes | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@contextmanager
def serving(
    home: Path,
    log: Path,
    *,
    port: int | None = None,
    role: str | None = None,
    as_at: str | None = None,
) -> Iterator[Served]:
    """`lac run` on a home until the end of the block; `log` takes what it says of faults.

    role: who to be in a demo home.  as_at: the day shown, as 2026-11-20.
    """
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    command = ["-m", "cli.main", "run", "--home", str(home), "--port", str(port)]
    command += ["--role", role] if role else []
    command += ["--as-at", as_at] if as_at else []
    with started([*command, "--no-browser"], address, keys_at(home), log) as found:
        yield found


def write_server(changes: str, home: Path, port: int, role: str = "none") -> list[str]:
    """What Python is given to be `lac run`'s server, once these lines have changed something."""
    settings = f"ServerSettings(Path({str(home)!r}), {role!r}, None, {port})"
    lines = (
        "from pathlib import Path",
        "from dashboard.server import server",
        "from dashboard.server.settings import ServerSettings",
        changes,
        f"server.serve({settings}, on_ready=lambda link: print('Ready', link, flush=True))",
    )
    return ["-c", "\n".join(lines)]


@contextmanager
def started(
    arguments: list[str],
    address: str,
    environ: Mapping[str, str],
    log: Path,
    *,
    typed: Path | None = None,
) -> Iterator[Served]:
    """A server of ours in Python, once it has told its link, until the end of the block.

    typed: what stands on its standard input.
    """
    with log.open("ab") as faults, open(typed or os.devnull, "rb") as answers:  # noqa: PTH123
        server = subprocess.Popen(
            [sys.executable, *arguments],
            env=environ,
            stdin=answers,
            stdout=subprocess.PIPE,
            stderr=faults,
            text=True,
        )
        assert server.stdout is not None
        try:
            said = next((line for line in server.stdout if line.startswith("Ready")), "")
            found = re.search(rf"{re.escape(address)}/start/\S+", said)
            assert found, f"the server said {said!r}; {log.read_text(encoding='utf-8')}"
            yield Served(address, found.group())
        finally:
            server.terminate()
            server.wait(timeout=120)  # a busy machine takes its time
            server.stdout.close()


@contextmanager
def notebook_serving(home: Path, log: Path, *, who: str, phrase: str) -> Iterator[Served]:
    """`lac notebook` on a real home as a person, until the end of the block."""
    port, typed = free_port(), log.with_name(f"{log.name}.typed")
    typed.write_text(f"{phrase}\n", encoding="utf-8")
    command = ["-m", "cli.main", "notebook", "attendance-without-percentages"]
    command += ["--home", str(home), "--port", str(port), "--as", who]
    command += ["--no-browser", "--passphrase-fd", "0"]
    with started(command, f"http://127.0.0.1:{port}", keys_at(home), log, typed=typed) as found:
        yield found
