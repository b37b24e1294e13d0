"""A school's network on one machine: a server, its desks, a test authority, and proxies.

Each computer is a network namespace of its own, joined to the server by a cable, and knows the
server's name from a hosts file.  Only root may lay such a network.
"""

import ctypes
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.schools.homes import keys_at
from tests.support.web.authority import Authority, Pair

NAME = "welfare.school.example"
#: Of a trust's schools, each with a server of its own behind one proxy.
SCHOOLS = {"school-a.trust.example": 8501, "school-b.trust.example": 8502}
EXAMPLES = Path(__file__).parents[3] / "docs" / "serve"
_CLONE_NEWNET = 0x40000000


@dataclass(frozen=True)
class Computer:
    """One namespace; address: of its end of the cable, or the server's own."""

    space: str
    address: str

    def start(self, *arguments: str, environ: dict[str, str], log: Path) -> "subprocess.Popen[str]":
        """A program of this computer; what it says goes to the log."""
        with log.open("ab") as said:
            return subprocess.Popen(
                ["ip", "netns", "exec", self.space, *arguments],
                env=environ, stdin=subprocess.DEVNULL, stdout=said, stderr=said, text=True,
            )  # fmt: skip

    @contextmanager
    def inside(self) -> Iterator[None]:
        """What this thread connects in the block, it connects from this computer."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/proc/thread-self/ns/net").open() as here:
            with Path(f"/run/netns/{self.space}").open() as there:
                assert libc.setns(there.fileno(), _CLONE_NEWNET) == 0
            try:
                yield
            finally:
                assert libc.setns(here.fileno(), _CLONE_NEWNET) == 0


@dataclass(frozen=True)
class School:
    """The server's computer and the desks."""

    server: Computer
    desks: tuple[Computer, ...]


@contextmanager
def school_network(desks: int) -> Iterator[School]:
    """A network until the end of the block; every program in it has ended by then."""
    stem = f"lac{os.getpid()}"
    with ExitStack() as laid:
        server = laid.enter_context(_computer(f"{stem}s", "10.77.1.1"))
        found = []
        for number in range(1, desks + 1):
            near, far = f"10.77.{number}.1", f"10.77.{number}.2"
            desk = laid.enter_context(_computer(f"{stem}d{number}", near))
            cable = f"v{os.getpid()}n{number}"
            _ip("link", "add", cable, "netns", server.space, "type", "veth",
                "peer", "name", "eth0", "netns", desk.space)  # fmt: skip
            for space, end, address in ((server.space, cable, near), (desk.space, "eth0", far)):
                _ip("-n", space, "addr", "add", f"{address}/24", "dev", end)
                _ip("-n", space, "link", "set", end, "up")
            found.append(Computer(desk.space, far))
        yield School(server, tuple(found))


@contextmanager
def _computer(space: str, server: str) -> Iterator[Computer]:
    hosts = Path("/etc/netns") / space
    hosts.mkdir(parents=True)
    names = " ".join((NAME, *SCHOOLS))
    (hosts / "hosts").write_text(f"127.0.0.1 localhost\n{server} {names}\n", encoding="ascii")
    (hosts / "resolv.conf").write_text("", encoding="ascii")
    _ip("netns", "add", space)
    try:
        _ip("-n", space, "link", "set", "lo", "up")
        yield Computer(space, server)
    finally:
        _ip("netns", "del", space)
        shutil.rmtree(hosts)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def serve_arguments(home: Path, *more: str, name: str = NAME) -> list[str]:
    """How a person starts `lac serve` on this home."""
    return [sys.executable, "-m", "cli.main", "serve", "--home", str(home), "--name", name, *more]


@contextmanager
def network_serving(
    school: School, way: str, home: Path, authority: Authority, folder: Path
) -> Iterator["subprocess.Popen[str]"]:
    """`lac serve` on the school's server, behind "caddy" or "nginx"."""
    pair, log = authority.issue(NAME), folder / "lac.txt"
    environ = {**keys_at(home), "PYTHONUNBUFFERED": "1"}
    with ExitStack() as started:
        served = school.server.start(*serve_arguments(home), environ=environ, log=log)
        started.callback(stop, served)
        arguments = {"caddy": caddy_arguments, "nginx": nginx_arguments}[way](folder, pair)
        own = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
        proxy = school.server.start(*arguments, environ=own, log=folder / "proxy.txt")
        started.callback(stop, proxy)
        wait_until_ready(served, log)
        yield served


@contextmanager
def trust_serving(
    school: School, homes: dict[str, Path], authority: Authority, folder: Path
) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """A server for each home, by its name of `SCHOOLS`, behind one Caddy."""
    with ExitStack() as started:
        found = {}
        for name, home in homes.items():
            found[name] = school.server.start(
                *serve_arguments(home, "--port", str(SCHOOLS[name]), name=name),
                environ={**keys_at(home), "PYTHONUNBUFFERED": "1"},
                log=folder / name,
            )
            started.callback(stop, found[name])
        proxy = school.server.start(
            *caddy_arguments(folder, authority.issue(*homes), "Caddyfile.schools"),
            environ={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")},
            log=folder / "proxy.txt",
        )
        started.callback(stop, proxy)
        for name, served in found.items():
            wait_until_ready(served, folder / name, name)
        yield found


def wait_until_ready(served: "subprocess.Popen[str]", log: Path, name: str = NAME) -> None:
    """Until the server says so; AssertionError with its words if it ends before."""
    until = time.monotonic() + 120
    while f"Ready: https://{name}" not in log.read_text(encoding="utf-8"):
        assert served.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < until, log.read_text(encoding="utf-8")
        time.sleep(0.05)


def stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    process.wait(timeout=60)


def caddy_arguments(folder: Path, pair: Pair, example: str = "Caddyfile") -> list[str]:
    """Caddy with the example of docs/, whose paths alone are other ones."""
    path = folder / "Caddyfile"
    text = (EXAMPLES / example).read_text(encoding="utf-8")
    text = text.replace("/etc/caddy/certificate.pem", str(pair.certificate))
    path.write_text(text.replace("/etc/caddy/key.pem", str(pair.key)), encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(path)]


def nginx_arguments(folder: Path, pair: Pair) -> list[str]:
    """nginx with the example of docs/, whose paths alone are other ones."""
    site, path = folder / "site.conf", folder / "nginx.conf"
    text = (EXAMPLES / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/nginx/certificate.pem", str(pair.certificate))
    site.write_text(text.replace("/etc/nginx/key.pem", str(pair.key)), encoding="utf-8")
    path.write_text(
        f"daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/nginx.txt;\n"
        f"events {{}}\nhttp {{ access_log off; client_body_temp_path {folder}/body; "
        f"proxy_temp_path {folder}/proxy; include {site}; }}\n",
        encoding="utf-8",
    )
    return ["nginx", "-e", f"{folder}/nginx.txt", "-c", str(path)]


def connect(
    desk: Computer, server: Computer, authority: Authority, name: str = NAME
) -> ssl.SSLSocket:
    """A connection from a desk over TLS, to a server that is who it says it is."""
    trust = ssl.create_default_context(cafile=authority.path)
    with desk.inside():
        plain = socket.create_connection((server.address, 443), timeout=5)
    return trust.wrap_socket(plain, server_hostname=name)
