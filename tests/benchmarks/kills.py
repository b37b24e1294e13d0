"""A worker of an engine that is killed in the middle of a run: how each of some runs ended.

    python -m tests.benchmarks.kills RAW AS_AT [TIMES]

RAW is what `lac export` wrote.  Sail has workers that are processes on Kubernetes alone, so what
it asks of Kubernetes is answered here, and its two workers are processes of this machine.  Every
fourth time it is their driver that is killed.  A run must end with the rows of one that nobody
disturbed, or say why not.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import polars as pl

from tests.benchmarks.units import say
from tests.support.engines import sort

_SAIL = [sys.executable, "-m", "pysail"]
_PORT = "15055"
#: Seconds that a driver may take to listen.
_START = 3
_CLUSTER = {
    "SAIL_MODE": "kubernetes-cluster",
    "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
    "SAIL_CLUSTER__WORKER_MAX_COUNT": "2",
    "SAIL_CLUSTER__DRIVER_LISTEN_HOST": "127.0.0.1",
    "SAIL_CLUSTER__DRIVER_EXTERNAL_HOST": "127.0.0.1",
    "RUST_LOG": "error",
}
Process = subprocess.Popen[bytes]


class Kubernetes(BaseHTTPRequestHandler):
    """So much of it as starts a process for each pod that is asked for."""

    workers: list[Process]

    def do_POST(self) -> None:
        """Start the worker of a pod."""
        pod = json.loads(self.rfile.read(int(self.headers["content-length"])))
        (container,) = pod["spec"]["containers"]
        given = {each["name"]: each.get("value", "127.0.0.1") for each in container["env"]}
        self.workers.append(subprocess.Popen([*_SAIL, "worker"], env={**os.environ, **given}))
        self._say(pod)

    def do_DELETE(self) -> None:
        """Say yes: workers end with their driver's session."""
        self._say({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"})

    def _say(self, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextmanager
def start_cluster(folder: Path) -> Iterator[tuple[Process, list[Process]]]:
    """A driver, and the workers that it has asked for so far."""
    workers: list[Process] = []
    handler = type("Handler", (Kubernetes,), {"workers": workers, "log_message": print_nothing})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    named: dict[str, dict[str, object]] = {
        "clusters": {"cluster": {"server": f"http://127.0.0.1:{server.server_port}"}},
        "users": {"user": {}},
        "contexts": {"context": {"cluster": "here", "user": "here"}},
    }
    lists = {kind: [{"name": "here", **each}] for kind, each in named.items()}
    config = folder / "kubeconfig"
    config.write_text(json.dumps({"current-context": "here", **lists}))
    environment = {**os.environ, **_CLUSTER, "KUBECONFIG": str(config)}
    driver = subprocess.Popen([*_SAIL, "spark", "server", "--port", _PORT], env=environment)
    try:
        yield driver, workers
    finally:
        for process in (driver, *workers):
            process.kill()
            process.wait()
        server.shutdown()


def print_nothing(*_: object) -> None:
    """In place of a line on each request."""


def run_over(raw: Path, as_at: str, out: Path, victim: str, after: float) -> tuple[bool, str]:
    """Whether a run ended well and its last words, where a victim is killed after some seconds."""
    command = ["engine", "run", "--remote", f"sc://127.0.0.1:{_PORT}", "--as-at", as_at]
    folders = ["--raw", str(raw), "--out", str(out)]
    with start_cluster(out.parent) as (driver, workers):
        time.sleep(_START)
        run = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "cli.main", *command, *folders],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if victim:
            time.sleep(after)
            while not workers:
                time.sleep(0.1)
            (driver if victim == "driver" else random.choice(workers)).kill()
        words, _ = run.communicate()
    return run.returncode == 0, " ".join(words.decode().split())


def read_rows(out: Path) -> dict[str, object]:
    """By view, the rows of a run; of one without any there may be no file."""
    found = {folder.name: sorted(folder.glob("*.parquet")) for folder in out.glob("*.parquet")}
    return {name: sort(pl.read_parquet(files).to_dicts()) for name, files in found.items() if files}


def main() -> None:
    """Kill, compare and print."""
    raw, as_at, times = Path(sys.argv[1]).resolve(), sys.argv[2], int([*sys.argv, "20"][3])
    with tempfile.TemporaryDirectory(prefix="lac-kills-") as temporary:
        out = Path(temporary) / "out"
        began = time.monotonic()
        _, words = run_over(raw, as_at, out, "", 0)
        lasted, wanted = time.monotonic() - began - _START, read_rows(out)
        say(f"nobody killed: {lasted:.0f} s, {words}")
        wrong = 0
        for number in range(times):
            victim = "driver" if number % 4 == 3 else "worker"
            after = random.uniform(0, lasted)
            again = out.with_name(f"out{number}")
            began = time.monotonic()
            is_well, words = run_over(raw, as_at, again, victim, after)
            took = time.monotonic() - began - _START
            is_same = is_well and read_rows(again) == wanted
            wrong += (is_well and not is_same) or not words
            ending = "the same rows" if is_same else "OTHER ROWS" if is_well else "refused"
            say(f"{victim} killed after {after:.0f} s: {ending} after {took:.0f} s, {words[:200]}")
    sys.exit(wrong)


if __name__ == "__main__":
    main()
