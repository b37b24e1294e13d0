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
from contextlib import suppress
from itertools import count
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException

from tests.benchmarks.units import begin_table, say
from tests.benchmarks.users import connect_to, make_people, run_scene, serving, summarise
from tests.support.schools.real_home import LEAD
from tests.support.web.network import NAME

#: So many connections of one address at a time, of those who hold many.
_MANY = 200
#: By what it is called: a request, and a part of its body, how often it comes, after what pause.
_REQUESTS: dict[str, tuple[str, bytes, int, float]] = {
    "first page": ("GET /", b"", 0, 0),
    "what every page brings along": ("GET /static/none.js", b"", 0, 0),
    "40 MB of a file": ("PUT /_stcore/upload_file/a/b", b"x" * (1 << 20), 40, 0),
    "a byte a second": ("POST /_stcore/stream", b"x", 60, 1),
    "half a request": ("", b"", 0, 0),
}
#: What the 14 addresses do, and how much of it at a time.
_ACTS = (
    *[("draw again", 20)] * 2,
    ("draw again", _MANY),
    *[("draw once", 4)] * 2,
    *[("40 MB of a file", 4)] * 2,
    ("a byte a second", _MANY),
    ("half a request", _MANY),
    *[("first page", 4)] * 2,
    ("what every page brings along", 4),
    *[("guess", 2)] * 2,
)


class Hostile:
    """One address of the network in which nobody is signed in."""

    def __init__(self, port: int, number: int, end: float) -> None:
        self.port, self.end, self.address = port, end, f"10.66.0.{number}"
        self.answers = Counter[str]()
        self.cookie = ""

    async def send(self, head: str, part: bytes, times: int, pause: float) -> str:
        """A request; the answer, or "" where the server hung up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            text = f"{head} HTTP/1.1\r\nHost: {NAME}\r\nX-Forwarded-For: {self.address}\r\n"
            text += f"X-Forwarded-Proto: https\r\nCookie: {self.cookie}\r\n"
            text += f"Content-Length: {len(part) * times}\r\n\r\n"
            writer.write(text.encode() if head else b"GET /")
            for _ in range(times):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
            answer = (await asyncio.wait_for(reader.read(4096), 60)).decode(errors="replace")
        finally:
            writer.close()
        self.answers[answer[9:12] or "closed"] += 1
        return answer

    async def draw(self, end: float) -> None:
        """Open a page's socket, and have the page drawn once at least, and until the end."""
        async with connect_to(self.port, self.cookie, self.address) as stream:
            self.answers["socket"] += 1
            while True:
                await stream.send(BackMsg(rerun_script=ClientState()).SerializeToString())
                await asyncio.wait_for(stream.recv(), 60)
                if time.monotonic() > end:
                    return

    async def guess(self) -> None:
        """Try the lead's name and a passphrase in one page, again and again."""
        fields, button = dict[str, str](), ""
        async with connect_to(self.port, self.cookie, self.address) as stream:
            request = BackMsg(rerun_script=ClientState())
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
                request = BackMsg(rerun_script=ClientState())
                widgets = request.rerun_script.widget_states.widgets
                for label, field in fields.items():
                    text = LEAD if "name" in label else "a guess of five whole words"
                    widgets.add(id=field, string_value=text)
                widgets.add(id=button, trigger_value=True)
                self.answers["guess"] += 1

    async def act(self, what: str) -> None:
        """Do one of these once."""
        if what in _REQUESTS:
            await self.send(*_REQUESTS[what])
        elif what == "guess":
            await self.guess()
        else:
            await self.draw(self.end if what == "draw again" else 0)

    async def repeat(self, what: str, at_once: int) -> None:
        """Do it until the end, so many at a time."""

        async def again() -> None:
            while time.monotonic() < self.end:
                try:
                    await self.act(what)
                except (OSError, WebSocketException, TimeoutError) as error:
                    self.answers[type(error).__name__] += 1
                    await asyncio.sleep(0.01)

        with suppress(OSError):
            answer = await self.send(*_REQUESTS["first page"])
            if what != "first page":  # whose requests are of browsers that are new each time
                self.cookie = answer.partition("set-cookie: ")[2].partition(";")[0]
        await asyncio.gather(*(again() for _ in range(at_once)))


async def attack(port: int, seconds: float) -> None:
    """All 14 of them; what each was answered."""
    numbers = count(1)
    hostile = [Hostile(port, next(numbers), time.monotonic() + seconds) for _ in _ACTS]
    await asyncio.gather(*(each.repeat(*act) for each, act in zip(hostile, _ACTS, strict=True)))
    for each, (what, at_once) in zip(hostile, _ACTS, strict=True):
        say(f"{each.address} {what} x {at_once}: {dict(each.answers)}")


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
