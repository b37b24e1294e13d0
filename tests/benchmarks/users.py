"""What each person waits for when many use one server, and whether anybody sees another's.

    python -m tests.benchmarks.users [SECONDS] [empty] [alone] [many] [load]

A school's own home with the demo's children, `lac run`'s server and guard, and N people over
the websocket, each with a cookie, a name, a role and half-typed words of their own.  They open
pages as people do, and their tabs look by themselves as a browser's do.  An empty page of
Streamlit's, served alike, is the yardstick.  The people run on the same processor.  Nothing is
asserted; what must be nought is printed beside its bar.
"""

import asyncio
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from safeguards.access.people import People, Person
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import LEAD, phrase_of, real_exports, real_home
from tests.support.web.servers import free_port

_ROLES = ("pastoral", "teacher", "dsl")
_PEOPLE = 100
_ROUNDS = 20
_CANARY = re.compile(rb"Canary([0-9]{3})")
#: People, seconds between pages, and the bar of the 95th percentile in milliseconds.
_SCENES = ((20, (1, 3), 100), (100, (5, 15), 150), (100, (1, 3), 1000))
_SERVE = """
import json, sys
from pathlib import Path
from dashboard.server import server, sessions
from dashboard.server.settings import ServerSettings
from dashboard.server.start_link import BROWSER_SESSIONS
from safeguards.access import admission
from safeguards.access.people import People
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
if len(sys.argv) > 3:
    server._APP = Path(sys.argv[3])
home = Home.open(Path(sys.argv[1]))
keys, cookies = Keys.load(home), {}
for person in People.load(home, keys):
    if person.person.startswith("Canary"):
        cookie = cookies[person.person] = BROWSER_SESSIONS.create_session()
        sessions.ACTIVE_SIGN_INS.sign_in(cookie, admission.admit(home, keys, person))
def say(_):
    print(json.dumps(cookies), flush=True)
    return False
server.serve(ServerSettings(home.folder, "none", None, int(sys.argv[2])), on_ready=say)
"""
_EMPTY = "import streamlit as st\nst.title('Nothing')\n"


@dataclass
class Tab:
    """One person's browser tab: what it was sent, and what it saw that was not its own."""

    name: str
    times: list[tuple[str, float]] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    page: str = "today"
    state: dict[str, str] = field(default_factory=dict)
    child: str = ""
    log_button: tuple[str, str] | None = None
    refreshed_at: float = 0.0
    _finished: asyncio.Event = field(default_factory=asyncio.Event)
    _ticks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def read(self, stream: ClientConnection) -> None:
        """Take whatever comes, as a browser does."""
        async for data in stream:
            assert isinstance(data, bytes)
            self.seen.update(found.decode() for found in _CANARY.findall(data))
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    self.refreshed_at = time.time()
                    self._finished.set()
            elif kind == "auto_rerun":
                again = message.auto_rerun
                self._ticks[again.fragment_id] = asyncio.create_task(
                    self._tick(stream, again.fragment_id, again.interval)
                )
            elif kind == "navigation":  # of a whole run, which draws each fragment anew
                self._stop()
                for page in message.navigation.app_pages:
                    name = page.url_pathname or "today"  # which has an address of its own too
                    self.pages.setdefault(name, (page.page_script_hash, ""))
            elif kind == "delta":
                self._look(message.delta.new_element)

    def _look(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        self.errors += kind == "exception"
        if kind == "bidi_component":
            data = json.loads(element.bidi_component.json)
            row: dict[str, Any] = next((row for part in data["parts"] for row in part["rows"]), {})
            if "to" in row:
                self.child = self.child or f"child={row['to']}"
            if data["button"] and row and not self.log_button:
                word = f"$$STREAMLIT_INTERNAL_KEY_{element.bidi_component.id}__events"
                press = json.dumps([{"event": "press", "value": row["key"]}])
                self.log_button = (word, press)
        elif kind == "text_input" and element.text_input.label.startswith("In a few words"):
            self.state[element.text_input.id] = f"{self.name} has half typed this"

    async def _tick(self, stream: ClientConnection, fragment: str, seconds: float) -> None:
        """A fragment that runs by itself, until the page is drawn anew."""
        while True:
            await asyncio.sleep(seconds)
            request = BackMsg()
            state = request.rerun_script
            state.page_script_hash, state.query_string = self.pages.get(self.page, ("", ""))
            request.rerun_script.fragment_id = fragment
            request.rerun_script.is_auto_rerun = True
            with suppress(ConnectionClosed):
                await stream.send(request.SerializeToString())

    def _stop(self) -> None:
        for task in self._ticks.values():
            task.cancel()
        self._ticks.clear()

    async def open(
        self, stream: ClientConnection, name: str, *, press: tuple[str, str] | None = None
    ) -> None:
        """Open a page, or press a button on it, and wait until it is drawn."""
        request = BackMsg()
        state = request.rerun_script
        state.page_script_hash, state.query_string = self.pages.get(name, ("", ""))
        if name == "child":
            state.query_string = self.child
        for key, text in self.state.items():
            state.widget_states.widgets.add(id=key, string_value=text)
        if press:
            state.widget_states.widgets.add(id=press[0], json_trigger_value=press[1])
        self.page = name
        self._finished.clear()
        began = time.perf_counter()
        await stream.send(request.SerializeToString())
        try:
            await asyncio.wait_for(self._finished.wait(), 60)
        except TimeoutError:
            self.errors += 1
        self.times.append((name, 1000 * (time.perf_counter() - began)))

    async def cycle(self, port: int, pid: int, cookie: str) -> list[str]:
        """Open each page again and again, alone: what it takes of the server's processor."""
        lines = ["| page | ms of the processor | ms by the clock |", "| --- | ---: | ---: |"]
        async with _connect(port, cookie) as stream:
            reader = asyncio.create_task(self.read(stream))
            await self.open(stream, "today")
            for name in sorted(self.pages):
                if name == "child" and not self.child:
                    continue
                for count in (3, _ROUNDS):  # warm first
                    before, first = read_processor_ms(pid), len(self.times)
                    for _ in range(count):
                        await self.open(stream, name)
                        self._stop()  # nothing but the page
                took = statistics.median(each for _, each in self.times[first:])
                spent = (read_processor_ms(pid) - before) / _ROUNDS
                lines.append(f"| {name} | {spent:.0f} | {took:.0f} |")
            await self.open(stream, "help")
            before = read_processor_ms(pid)
            await asyncio.sleep(20)
            spent = (read_processor_ms(pid) - before) / 20
            lines += ["", f"An open tab that nobody touches: {spent:.0f} ms a second.", ""]
            reader.cancel()
        return lines

    async def use(
        self, port: int, cookie: str, pause: tuple[float, float], end: float, begin: float
    ) -> None:
        """Be a person until `end`: come when it is their turn, open pages, think between."""
        rng = random.Random(self.name)
        await asyncio.sleep(begin)
        async with _connect(port, cookie) as stream:
            reader = asyncio.create_task(self.read(stream))
            await self.open(stream, "today")
            if self.log_button:
                await self.open(stream, "today", press=self.log_button)
            first = len(self.times)
            while time.monotonic() < end:
                await asyncio.sleep(rng.uniform(*pause))
                names = [each for each in self.pages if each != "child" or self.child]
                await self.open(stream, rng.choice(names) if names else "today")
            # what opens a tab is told apart: its first page, and the first of a dialog
            self.times[:first] = [(f"({name}, first)", took) for name, took in self.times[:first]]
            self._stop()
            reader.cancel()


def _connect(port: int, cookie: str) -> connect:
    return connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        origin=Origin(f"http://127.0.0.1:{port}"),
        additional_headers={"Cookie": f"lac_{port}={cookie}"},
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        compression=None,
        proxy=None,
        open_timeout=60,
    )


@contextmanager
def serving(
    home: Path, folder: Path, script: Path | None = None
) -> Iterator[tuple[int, int, dict[str, str]]]:
    """A server of this home: its port, its process, and the cookie of each person."""
    port = free_port()
    arguments = [
        sys.executable,
        "-c",
        _SERVE,
        str(home),
        str(port),
        *([str(script)] if script else []),
    ]
    with (folder / "server.txt").open("ab") as faults:
        server = subprocess.Popen(
            arguments, env=keys_at(home), stdout=subprocess.PIPE, stderr=faults, text=True
        )
        try:
            assert server.stdout is not None
            yield port, server.pid, json.loads(server.stdout.readline())
        finally:
            server.terminate()
            server.wait(timeout=60)


def run_scene(
    port: int, cookies: dict[str, str], people: int, pause: tuple[float, float], seconds: float
) -> list[Tab]:
    """So many people, for so long."""
    tabs = [Tab(name) for name in list(cookies)[:people]]

    async def run() -> None:
        spread = min(10.0, people / 10)
        end = time.monotonic() + spread + seconds
        each = (
            tab.use(port, cookies[tab.name], pause, end, spread * number / people)
            for number, tab in enumerate(tabs)
        )
        await asyncio.gather(*each)

    asyncio.run(run())
    return tabs


def read_processor_ms(pid: int) -> float:
    """What the server has taken of the processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_memory_mb(pid: int) -> float:
    """What the server holds at most, in megabytes."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    assert found
    return int(found[1]) / 1024


def summarise(title: str, tabs: list[Tab], bar: int | None, memory: float) -> list[str]:
    """The lines of one scene."""
    by_page: dict[str, list[float]] = {}
    for tab in tabs:
        for name, took in tab.times:
            by_page.setdefault(name, []).append(took)
    usual = [took for name, each in by_page.items() if name[0] != "(" for took in each]
    rows = [*sorted(by_page.items()), *([("all pages", usual)] if usual else [])]
    crossed = sum(
        count for tab in tabs for found, count in tab.seen.items() if not tab.name.endswith(found)
    )
    own = sum(any(tab.name.endswith(found) for found in tab.seen) for tab in tabs)
    errors = sum(tab.errors for tab in tabs)
    lines = [f"### {title}", "", "| page | pages | p50 ms | p95 ms | worst ms |",
             "| --- | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for name, times in rows:
        ordered = sorted(times)
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        lines.append(
            f"| {name} | {len(times)} | {statistics.median(times):.0f} | {p95:.0f} "
            f"| {max(times):.0f} |"
        )
    told = f"Canaries of others seen: {crossed} (bar 0; own seen by {own} of {len(tabs)}). "
    told += f"Errors: {errors} (bar 0). Server: {memory:.0f} MB (bar 500)."
    return [*lines, "", *([f"Bar of p95: {bar} ms."] if bar else []), told, ""]


def time_refresh(home: Path, port: int, cookies: dict[str, str], folder: Path) -> str:
    """How long after a load the figures of open pages are those of the load, without a click."""
    tabs = [Tab(name) for name in list(cookies)[:20]]
    typed = folder / "typed"
    typed.write_text(f"{phrase_of(LEAD)}\n", encoding="utf-8")
    flipped = 0.0

    async def run() -> None:
        nonlocal flipped
        far = time.monotonic() + 600
        tasks = [
            asyncio.create_task(tab.use(port, cookies[tab.name], (600, 601), far, 0))
            for tab in tabs
        ]
        await asyncio.sleep(6)
        began = time.time()
        load = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli.main", "load", str(real_exports(25, 3)),
            "--home", str(home), env=keys_at(home), stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert await load.wait() == 0
        flipped = (home / "store" / "CURRENT").stat().st_mtime
        assert flipped > began
        await asyncio.sleep(6)
        for task in tasks:
            task.cancel()

    asyncio.run(run())
    waits = [tab.refreshed_at - flipped for tab in tabs]
    errors = sum(tab.errors for tab in tabs)
    return (
        f"After a load, {sum(wait > 0 for wait in waits)} of {len(tabs)} open pages showed it by "
        f"themselves, p50 {statistics.median(waits):.1f} s, worst {max(waits):.1f} s (bar 2); "
        f"errors {errors}.\n"
    )


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    wanted = sys.argv[2:] or ("empty", "alone", "many", "load")
    folder = Path(tempfile.mkdtemp(prefix="lac-users-"))
    try:
        home = real_home(folder / "home", children=24, years=3)
        made = Home.open(home)
        keys = Keys.load(made, keys_at(home))
        people = People.load(made, keys)
        for number in range(_PEOPLE):
            role = _ROLES[number % len(_ROLES)]
            people = people.add_or_replace(Person(f"Canary{number:03}", role))
        people.save(made, keys)
        empty = folder / "empty.py"
        empty.write_text(_EMPTY, encoding="utf-8")
        with serving(home, folder, empty) as (port, pid, cookies):
            for count, pause, _ in _SCENES if "empty" in wanted else ():
                tabs = run_scene(port, cookies, count, pause, seconds / 2)
                title = f"An empty page, {count} people, a page every {pause[0]} to {pause[1]} s"
                sys.stdout.write("\n".join(summarise(title, tabs, None, read_memory_mb(pid))))
        with serving(home, folder) as (port, pid, cookies):
            run_scene(port, cookies, 3, (0, 0.1), 5)  # what each page asks first is not of a click
            lead = next(name for number, name in enumerate(cookies) if _ROLES[number % 3] == "dsl")
            if "alone" in wanted:
                alone = asyncio.run(Tab(lead).cycle(port, pid, cookies[lead]))
                sys.stdout.write("\n".join(["### One person alone (bar 25 ms)", "", *alone, ""]))
            for count, pause, bar in _SCENES if "many" in wanted else ():
                tabs = run_scene(port, cookies, count, pause, seconds)
                title = f"{count} people, a page every {pause[0]} to {pause[1]} s"
                sys.stdout.write("\n".join(summarise(title, tabs, bar, read_memory_mb(pid))))
            if "load" in wanted:
                sys.stdout.write(time_refresh(home, port, cookies, folder))
        sys.stdout.write((folder / "server.txt").read_text(encoding="utf-8")[-2000:])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
