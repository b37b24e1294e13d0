"""What each person waits for when many use one server, and whether anybody sees another's.

    python -m tests.benchmarks.users [SECONDS]

A school's own home with the demo's children, `lac run`'s server and guard, and N people over
the websocket, each with a cookie, a name, a role and half-typed words of their own.  They open
pages as people do, and their tabs look by themselves as a browser's do; they run on the same
processor.  Nothing is asserted; what must be nought is printed beside its bar.
"""

import asyncio
import json
import os
import random
import re
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
from tests.benchmarks.units import begin_table, measure_unit, say, say_row
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import real_home
from tests.support.web.servers import free_port

_ROLES = ("pastoral", "teacher", "dsl")
_PEOPLE = 20
_ROUNDS = 20
_CANARY = re.compile(rb"Canary([0-9]{3})")
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
home = Home.open(Path(sys.argv[1]))
keys, cookies = Keys.load(home), {}
for person in People.load(home, keys):
    if person.person.startswith("Canary"):
        cookie = cookies[person.person] = BROWSER_SESSIONS.create_session()
        sessions.ACTIVE_SIGN_INS.sign_in(cookie, admission.admit(home, keys, person))
def say(_):
    print(json.dumps(cookies), flush=True)
    return False
settings = ServerSettings(home.folder, "none", None, int(sys.argv[2]))
server.serve(settings, on_ready=say)
"""


@dataclass
class Tab:
    """One person's browser tab: what it was sent, and what it saw that was not its own."""

    name: str
    times: list[tuple[str, float]] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    signed_out: int = 0
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    page: str = "today"
    state: dict[str, str] = field(default_factory=dict)
    child: str = ""
    log_button: tuple[str, str] | None = None
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
                    self._finished.set()
            elif kind == "auto_rerun":
                again = message.auto_rerun
                self._ticks[again.fragment_id] = asyncio.create_task(
                    self._tick(stream, again.fragment_id, again.interval)
                )
            elif kind == "navigation":  # of a whole run, which draws each fragment anew
                self.stop()
                for page in message.navigation.app_pages:
                    name = page.url_pathname or "today"  # which has an address of its own too
                    self.pages.setdefault(name, (page.page_script_hash, ""))
            elif kind == "delta":
                self._look(message.delta.new_element)

    def _look(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        self.errors += kind == "exception"
        if kind == "bidi_component" and '"parts"' in element.bidi_component.json:  # a list
            data = json.loads(element.bidi_component.json)
            row: dict[str, Any] = next((row for part in data["parts"] for row in part["rows"]), {})
            if "to" in row:
                self.child = self.child or f"child={row['to']}"
            if data["button"] and row and not self.log_button:
                word = f"$$STREAMLIT_INTERNAL_KEY_{element.bidi_component.id}__events"
                press = json.dumps([{"event": "press", "value": row["key"]}])
                self.log_button = (word, press)
        elif kind == "text_input" and element.text_input.label == "Your name":
            self.signed_out += 1
        elif kind == "text_input" and element.text_input.label.startswith("In a few words"):
            self.state[element.text_input.id] = f"{self.name} has half typed this"

    async def _tick(self, stream: ClientConnection, fragment: str, seconds: float) -> None:
        """A fragment that runs by itself, until the page is drawn anew."""
        while True:
            await asyncio.sleep(seconds)
            request = self._ask_for(self.page)
            request.rerun_script.fragment_id = fragment
            request.rerun_script.is_auto_rerun = True
            with suppress(ConnectionClosed):
                await stream.send(request.SerializeToString())

    def stop(self) -> None:
        """No fragment runs by itself any more."""
        for task in self._ticks.values():
            task.cancel()
        self._ticks.clear()

    def _ask_for(self, name: str) -> BackMsg:
        request = BackMsg()
        state = request.rerun_script
        state.page_script_hash, state.query_string = self.pages.get(name, ("", ""))
        if name == "child":
            state.query_string = self.child
        return request

    async def open(
        self, stream: ClientConnection, name: str, *, press: tuple[str, str] | None = None
    ) -> None:
        """Open a page, or press a button on it, and wait until it is drawn."""
        request = self._ask_for(name)
        for key, text in self.state.items():
            request.rerun_script.widget_states.widgets.add(id=key, string_value=text)
        if press:
            request.rerun_script.widget_states.widgets.add(id=press[0], json_trigger_value=press[1])
        self.page = name
        self._finished.clear()
        began = time.perf_counter()
        await stream.send(request.SerializeToString())
        try:
            await asyncio.wait_for(self._finished.wait(), 60)
        except TimeoutError:
            self.errors += 1
        self.times.append((name, time.perf_counter() - began))

    def list_pages(self) -> list[str]:
        return sorted(each for each in self.pages if each != "child" or self.child)

    async def use(self, connection: connect, pause: tuple[float, float], end: float) -> None:
        """Be a person until `end`: open pages, think between."""
        rng = random.Random(self.name)
        async with connection as stream:
            reader = asyncio.create_task(self.read(stream))
            await self.open(stream, "today")
            if self.log_button:
                await self.open(stream, "today", press=self.log_button)
            # what opens a tab is told apart: its first page, and the first of a dialog
            for place, what in enumerate(("first page", "first of a dialog")[: len(self.times)]):
                self.times[place] = (what, self.times[place][1])
            while time.monotonic() < end:
                await asyncio.sleep(rng.uniform(*pause))
                await self.open(stream, rng.choice(self.list_pages() or ["today"]))
            self.stop()
            reader.cancel()


def connect_to(port: int, cookie: str) -> connect:
    """Return the socket of a page, for the person of a cookie."""
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
def serving(home: Path, folder: Path) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Serve this home: give the port, the process, and the cookie of each person."""
    port = free_port()
    command = [sys.executable, "-c", _SERVE, str(home), str(port)]
    with (folder / "server.txt").open("ab") as faults:
        server = subprocess.Popen(
            command, env=keys_at(home), stdout=subprocess.PIPE, stderr=faults, text=True
        )
        try:
            assert server.stdout is not None
            yield port, server.pid, json.loads(server.stdout.readline())
        finally:
            server.terminate()
            server.wait(timeout=60)


def read_processor(pid: int) -> float:
    """Seconds that the server has taken of the processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def cycle(tab: Tab, port: int, pid: int, cookie: str) -> None:
    """Open each page again and again, alone: what it takes of the server's processor."""
    bars = {"today": 25, "children": 25, "plans": 25, "attendance": 35, "child": 40}  # ms
    async with connect_to(port, cookie) as stream:
        reader = asyncio.create_task(tab.read(stream))
        await tab.open(stream, "today")
        await tab.open(stream, "children")  # where a link to a child stands
        for name in tab.list_pages():
            spent = []
            for count in (1, 2, _ROUNDS):  # warm first
                before = read_processor(pid)
                for _ in range(count):
                    await tab.open(stream, name)
                    tab.stop()  # nothing but the page
                spent.append((read_processor(pid) - before) / count)
            note = f"the first time {spent[0]:.2f} s"
            note += f", bar {bars[name]} ms" if name in bars else ""
            say_row(name, spent[-1], note=note)
        reader.cancel()


def run_scene(
    port: int, cookies: dict[str, str], people: int, pause: tuple[float, float], seconds: float
) -> list[Tab]:
    """Let so many people use the server for so long."""
    tabs = [Tab(name) for name in list(cookies)[:people]]

    async def run() -> None:
        end = time.monotonic() + seconds
        doors = [connect_to(port, cookies[tab.name]) for tab in tabs]
        await asyncio.gather(
            *(tab.use(door, pause, end) for tab, door in zip(tabs, doors, strict=True))
        )

    asyncio.run(run())
    return tabs


def summarise(tabs: list[Tab], pid: int, most: int = 500) -> None:
    """The lines of one scene: what people waited for by the clock, and what must be nought.

    most: the bar of the server's megabytes.
    """
    unit, by_page = measure_unit(), dict[str, list[float]]()
    for tab in tabs:
        for name, took in tab.times:
            by_page.setdefault(name, []).append(took)
    all_pages = [took for name in by_page if not name.startswith("first") for took in by_page[name]]
    for name, times in (*sorted(by_page.items()), ("all pages again", all_pages)):
        p95 = sorted(times)[int(0.95 * (len(times) - 1))]
        note = f"{len(times)} pages, median {statistics.median(times):.3f} s, "
        say_row(f"{name}, p95", p95, note=f"{note}worst {max(times):.3f} s", unit=unit)
    crossed = sum(
        count for tab in tabs for found, count in tab.seen.items() if not tab.name.endswith(found)
    )
    errors = sum(tab.errors for tab in tabs)
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    megabytes = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) // 1024
    told = f"Canaries of others seen: {crossed} (bar 0). Errors: {errors} (bar 0). "
    told += f"Signed out: {sum(tab.signed_out for tab in tabs)} (bar 0). "
    say(f"\n{told}Server: {megabytes} MB (bar {most}).")


def make_people(folder: Path) -> Path:
    """A school's own home at `folder`, with the demo's children and 20 people."""
    home = real_home(folder, children=24, years=3)
    made = Home.open(home)
    keys = Keys.load(made, keys_at(home))
    people = People.load(made, keys)
    for number in range(_PEOPLE):
        role = _ROLES[number % len(_ROLES)]
        people = people.add_or_replace(Person(f"Canary{number:03}", role))
    people.save(made, keys)
    return home


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory(prefix="lac-users-") as temporary:
        folder = Path(temporary)
        home = make_people(folder / "home")
        with serving(home, folder) as (port, pid, cookies):
            run_scene(port, cookies, 3, (0, 0.1), 5)  # what each page asks first is no click
            begin_table("One person alone, a page again: the server's processor")
            lead = list(cookies)[_ROLES.index("dsl")]
            asyncio.run(cycle(Tab(lead), port, pid, cookies[lead]))
            begin_table("20 people, a page every 1 to 3 s; bar of p95 150 ms")
            summarise(run_scene(port, cookies, _PEOPLE, (1, 3), seconds), pid)
        say((folder / "server.txt").read_text(encoding="utf-8")[-2000:])


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
