"""Twenty people use the server of a school's network, and then beside 14 hostile addresses.

    python -m tests.benchmarks.hostile [SECONDS]

Each speaks to the server as the proxy hands it on.  Nobody may be signed out, p95 may double at
most, and the server stays under 700 MB.  Wall times are of whatever else the machine does.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException

from tests.benchmarks.units import begin_table, say
from tests.benchmarks.users import connect_to, make_people, run_scene, serving, summarise
from tests.support.schools.real_home import LEAD
from tests.support.web.network import NAME

_MEGABYTE = b"x" * (1 << 20)
#: So many connections of one address at a time, of those who hold many.
_MANY = 200
Answers = Counter[str]


class Hostile:
    """One address of the network in which nobody is signed in."""

    def __init__(self, port: int, number: int, end: float) -> None:
        self.port, self.end, self.address = port, end, f"10.66.0.{number}"
        self.answers = Answers()
        self.cookie = ""

    async def send(self, head: str, *parts: bytes, pause: float = 0, length: int = 0) -> str:
        """A request, its body part by part; the answer, or "" where the server hung up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            text = f"{head} HTTP/1.1\r\nHost: {NAME}\r\nX-Forwarded-For: {self.address}\r\n"
            text += f"X-Forwarded-Proto: https\r\nCookie: {self.cookie}\r\n"
            writer.write(f"{text}Content-Length: {length}\r\n\r\n".encode() if head else b"GET /")
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
            answer = (await asyncio.wait_for(reader.read(4096), 60)).decode(errors="replace")
        finally:
            writer.close()
        self.answers[answer[9:12] or "closed"] += 1
        return answer

    async def come(self) -> None:
        """Have a cookie, as every browser that opens the page."""
        answer = await self.send("GET /")
        self.cookie = answer.partition("set-cookie: ")[2].partition(";")[0] or self.cookie

    async def hold(self) -> None:
        """Open a page's socket, and have the page drawn again and again."""
        async with connect_to(self.port, self.cookie, self.address) as stream:
            self.answers["socket"] += 1
            while time.monotonic() < self.end:
                await stream.send(_ask().SerializeToString())
                await asyncio.wait_for(stream.recv(), 60)

    async def knock(self) -> None:
        """Open a socket, have a page drawn, and go."""
        async with connect_to(self.port, self.cookie, self.address) as stream:
            self.answers["socket"] += 1
            await stream.send(_ask().SerializeToString())
            await asyncio.wait_for(stream.recv(), 60)

    async def guess(self) -> None:
        """Try the lead's name and a passphrase in one page, again and again."""
        fields, button = dict[str, str](), ""
        async with connect_to(self.port, self.cookie, self.address) as stream:
            request = _ask()
            while time.monotonic() < self.end:
                await stream.send(request.SerializeToString())
                async for data in stream:
                    message = ForwardMsg.FromString(data)
                    element = message.delta.new_element
                    if message.WhichOneof("type") == "script_finished":
                        break
                    if element.WhichOneof("type") == "text_input":
                        fields[element.text_input.label] = element.text_input.id
                    if element.WhichOneof("type") == "button":
                        button = element.button.id
                request = _ask()
                widgets = request.rerun_script.widget_states.widgets
                for label, field in fields.items():
                    text = LEAD if "name" in label else "a guess of five whole words"
                    widgets.add(id=field, string_value=text)
                widgets.add(id=button, trigger_value=True)
                self.answers["guess"] += 1

    async def upload(self) -> None:
        """40 MB of a file that nobody asked for."""
        path = f"PUT /_stcore/upload_file/{self.address}/a"
        await self.send(path, *[_MEGABYTE] * 40, length=40 << 20)

    async def drip(self) -> None:
        """A body that comes a byte a second."""
        await self.send("POST /_stcore/stream", *[b"x"] * 60, pause=1, length=60)

    async def half(self) -> None:
        """Half a head, and then nothing."""
        await self.send("", b"")

    async def page(self) -> None:
        """The first page without a cookie, as fast as it comes."""
        self.cookie = ""
        await self.send("GET /")

    async def asset(self) -> None:
        """What every page brings along."""
        await self.send("GET /static/none.js")

    async def repeat(self, act: Callable[["Hostile"], Awaitable[None]], at_once: int) -> None:
        """Do one of these until the end, so many at a time."""

        async def again() -> None:
            while time.monotonic() < self.end:
                try:
                    await act(self)
                except (OSError, WebSocketException, TimeoutError) as error:
                    self.answers[type(error).__name__] += 1
                    await asyncio.sleep(0.01)

        with suppress(OSError):
            await self.come()
        await asyncio.gather(*(again() for _ in range(at_once)))


#: What the 14 addresses do, and how much of it at a time.
_ACTS: tuple[tuple[Callable[[Hostile], Awaitable[None]], int], ...] = (
    *[(Hostile.hold, 20)] * 2,
    (Hostile.hold, _MANY),
    *[(Hostile.knock, 4)] * 2,
    *[(Hostile.upload, 4)] * 2,
    (Hostile.drip, _MANY),
    (Hostile.half, _MANY),
    *[(Hostile.page, 4)] * 2,
    (Hostile.asset, 4),
    *[(Hostile.guess, 2)] * 2,
)


def _ask() -> BackMsg:
    request = BackMsg()
    request.rerun_script.query_string = ""
    return request


async def attack(port: int, seconds: float) -> None:
    """All 14 of them; what each was answered."""
    numbers = count(1)
    hostile = [Hostile(port, next(numbers), time.monotonic() + seconds) for _ in _ACTS]
    await asyncio.gather(*(each.repeat(*act) for each, act in zip(hostile, _ACTS, strict=True)))
    for each, (act, at_once) in zip(hostile, _ACTS, strict=True):
        say(f"{each.address} {act.__name__} x {at_once}: {dict(each.answers)}")


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600
    if sys.argv[2:]:  # the process of the hostile
        asyncio.run(attack(int(sys.argv[2]), seconds))
        return
    with tempfile.TemporaryDirectory(prefix="lac-hostile-") as temporary:
        folder = Path(temporary)
        home = make_people(folder / "home")
        with serving(home, folder, name=NAME) as (port, pid, cookies):
            run_scene(port, cookies, 3, (0, 0.1), 5, is_shared=True)
            for who in ("alone", "beside 14 hostile addresses"):
                begin_table(f"20 people, a page every 1 to 3 s, {who}")
                command = [
                    sys.executable,
                    "-m",
                    "tests.benchmarks.hostile",
                    f"{seconds}",
                    f"{port}",
                ]
                beside = None if who == "alone" else subprocess.Popen(command)
                tabs = run_scene(port, cookies, 20, (1, 3), seconds, is_shared=True)
                if beside:
                    beside.wait(timeout=120)
                summarise(tabs, pid)
                say(f"Load of the machine: {os.getloadavg()}")
        say((folder / "server.txt").read_text(encoding="utf-8")[-2000:])


if __name__ == "__main__":
    main()
