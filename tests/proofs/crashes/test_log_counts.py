"""How much tampering with the access log is found, and what a `kill -9` while it grows loses."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safeguards.home.home import Home, create_demo
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.audit import verify
from safeguards.journal.journal import parse_link
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.sizes import Count, rng, seed, size

_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_ACTORS = ("Sam", "Kim", "Ash", "M. Carer")
_CHILDREN = ("0123456789", "ABCDEFGHJK", "ZYXWVTSRQP")
_LINES = 40

Lines = list[bytes]


class Log:
    """A log of many people's looks, to be tampered with and put back."""

    def __init__(self, folder: Path) -> None:
        self.home = create_demo(folder, random.Random(1))
        self.keys = Keys.create(self.home, keys_at(folder))
        log = AccessLog(self.home, self.keys, lambda: _NOON)
        draw = rng("log")
        for _ in range(_LINES):
            child = (draw.choice(_CHILDREN),)
            log.append(Event("view", draw.choice(_ACTORS), "dsl", "child", child, "dashboard"))
        self.path, self._log = log.path, log
        self.content = log.path.read_bytes()
        self.lines = self.content.split(b"\n")[:-1]
        self.head = log.find_head()

    def is_found(self, content: bytes) -> bool:
        """Whether `verify` finds something wrong with a log of these bytes."""
        self.path.write_bytes(content)
        return not verify(self.home, self.keys).is_whole

    def is_found_without_anchor(self, lines: Lines) -> bool:
        """The same, with a head that knows no more than the lines do."""
        end = parse_link(lines[-1])
        assert end is not None
        assert self.head is not None
        self._log.set_heads(end)
        try:
            return self.is_found(_joined(lines))
        finally:
            self._log.set_heads(self.head)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return Log(tmp_path_factory.mktemp("tampered") / "home")


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _edited(lines: Lines, draw: random.Random) -> Lines:
    """One field of one line says something else that could be true."""
    place = draw.randrange(len(lines))
    record = json.loads(lines[place])
    field = draw.choice(("actor", "role", "at", "pupil_ids", "purpose", "event"))
    other = {
        "actor": next(actor for actor in _ACTORS if actor != record["actor"]),
        "role": "teacher",
        "at": f"2026-11-20T12:{draw.randrange(1, 60):02}:00.000+00:00",
        "pupil_ids": [next(child for child in _CHILDREN if [child] != record["pupil_ids"])],
        "purpose": "sql",
        "event": "deny",
    }
    changed = json.dumps({**record, field: other[field]}).encode("ascii")
    return [*lines[:place], changed, *lines[place + 1 :]]


def _deleted(lines: Lines, draw: random.Random) -> Lines:
    """One to three lines before the last are gone."""
    place, many = draw.randrange(len(lines) - 3), draw.randint(1, 3)
    return [*lines[:place], *lines[place + many :]]


def _inserted(lines: Lines, draw: random.Random) -> Lines:
    """A copy of another line, or one that is made up with a place of its own."""
    place = draw.randrange(len(lines) + 1)
    line = draw.choice(lines)
    if draw.random() < 0.5:
        record = json.loads(line)
        if "mac" in record:
            record |= {"number": place + 1, "mac": draw.randbytes(32).hex()}
        line = json.dumps({**record, "actor": "Lee"}).encode("ascii")
    return [*lines[:place], line, *lines[place:]]


def _swapped(lines: Lines, draw: random.Random) -> Lines:
    """Two lines stand in each other's place."""
    one, other = draw.sample(range(len(lines)), 2)
    swapped = list(lines)
    swapped[one], swapped[other] = lines[other], lines[one]
    return swapped


def _truncated(lines: Lines, draw: random.Random) -> Lines:
    """One line or more are off the end, but not all."""
    return lines[: draw.randrange(1, len(lines))]


def _parses(content: bytes) -> bool:
    """All that can be asked of lines without a chain."""
    try:
        return all(isinstance(json.loads(line), dict) for line in content.split(b"\n")[:-1])
    except ValueError:
        return False


def _unchained(lines: Lines) -> Lines:
    """The same records without a chain."""
    records = [json.loads(line) for line in lines]
    bare = [
        {name: value for name, value in record.items() if name not in ("number", "mac")}
        for record in records
    ]
    return [json.dumps(record).encode("ascii") for record in bare]


@pytest.mark.parametrize("tamper", [_edited, _deleted, _inserted, _swapped])
def test_every_tampering_is_found(log: Log, tamper: Callable[..., Lines], count: Count) -> None:
    """And none is where lines have no chain: they only have to parse."""
    cases, broken, control = size("log.tamperings"), 0, 0
    bare = _unchained(log.lines)
    for case in range(cases):
        broken += not log.is_found(_joined(tamper(log.lines, rng(f"log {case}"))))
        control += _parses(_joined(tamper(bare, rng(f"log {case}"))))
    assert not log.is_found(log.content)
    count(f"log{tamper.__name__}", cases, broken, control)
    assert (broken, control) == (0, cases)


def test_every_truncation_is_found(log: Log, count: Count) -> None:
    """By the head alone: what is left is a whole chain."""
    cases, broken, control = size("log.tamperings"), 0, 0
    for case in range(cases):
        lines = _truncated(log.lines, rng(f"log {case}"))
        broken += not log.is_found(_joined(lines))
        control += not log.is_found_without_anchor(lines)
    assert not log.is_found(log.content)
    count("log_truncated", cases, broken, control)
    assert (broken, control) == (0, cases)


def test_every_flipped_bit_is_found(log: Log, count: Count) -> None:
    """Wherever it is; without a chain about half of them are not."""
    cases, broken, control = size("log.flips"), 0, 0
    bare = _joined(_unchained(log.lines))
    for case in range(cases):
        broken += not log.is_found(_flipped(log.content, rng(f"log {case}")))
        control += _parses(_flipped(bare, rng(f"log {case}")))
    assert not log.is_found(log.content)
    count("log_flipped", cases, broken, control)
    assert broken == 0
    assert control * 4 > cases


def _flipped(content: bytes, draw: random.Random) -> bytes:
    place, bit = draw.randrange(len(content)), 1 << draw.randrange(8)
    return content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


#: Forks two writers at a time, kills each at a moment of its own, and tells how many lines
#: each was told that it had written, and how the log was then.
_KILLER = """
import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from safeguards.journal.audit import verify
from safeguards.journal.journal import parse_link
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.journal.access_log import AccessLog, Event

home = Home.open(Path(sys.argv[1]))
keys = Keys.load(home)
draw = random.Random(int(sys.argv[4]))
told_first = sys.argv[3] == "told first"
log = AccessLog(home, keys)

def writer(actor):
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return actor, pid, read
    while True:
        if told_first:
            os.write(write, b"x")
        log.append(Event("view", actor, "dsl", page="today"))
        if not told_first:
            os.write(write, b"x")

def killed(actor, pid, read):
    told = len(os.read(read, 1))
    time.sleep(draw.random() * 0.03)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    while part := os.read(read, 4096):
        told += len(part)
    return told

for number in range(int(sys.argv[2]) // 2):
    pair = [writer(f"writer {number} {each}") for each in "ab"]
    for actor, pid, read in pair:
        told = killed(actor, pid, read)
        print(json.dumps({"actor": actor, "told": told}), flush=True)
    lines, half = log.read_lines()
    ahead = bool(lines) and parse_link(lines[-1]) != log.find_head()
    whole = verify(home, keys).is_whole
    log.append(Event("view", "next", "dsl", page="today"))
    whole = whole and verify(home, keys).is_whole
    print(json.dumps({"whole": whole, "half": bool(half), "ahead": ahead}), flush=True)
"""


def _killed(home: Home, kills: int, order: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", _KILLER, str(home.folder), str(kills), order, str(seed())],
        env=keys_at(home.folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _lost(home: Home, told: list[dict[str, object]]) -> tuple[int, int]:
    """Of how many writers the log lacks a line, and how many have one more than they know."""
    text = (home.log / "access.jsonl").read_bytes()
    there = Counter(json.loads(line)["actor"] for line in text.split(b"\n")[:-1])
    writers = {row["actor"]: row["told"] for row in told if "actor" in row}
    assert len(writers) * 3 == 2 * len(told)
    lost = sum(there[str(actor)] < int(str(lines)) for actor, lines in writers.items())
    return lost, sum(there[str(actor)] > int(str(lines)) for actor, lines in writers.items())


@pytest.mark.slow
def test_a_kill_loses_no_line_that_counted(
    tmp_path: Path, count: Count, record_property: Callable[[str, object], None]
) -> None:
    """The log opens after each and is whole; a writer told too early does lose lines."""
    kills = max(2, size("log.kills"))
    found = {}
    for order in ("written first", "told first"):
        home = create_demo(tmp_path / order, random.Random(4))
        Keys.create(home, keys_at(home.folder))
        found[order] = home, _killed(home, kills, order)
    home, told = found["written first"]
    states = [row for row in told if "whole" in row]
    lost, more = _lost(home, told)
    control, _ = _lost(*found["told first"])
    broken = lost + sum(not row["whole"] for row in states)
    ahead, half = (sum(bool(row[name]) for row in states) for name in ("ahead", "half"))
    count("log_killed", kills, broken, control)
    record_property(
        "COUNT",
        f"log_killed: lines not yet told of {more}, head one behind {ahead}, half a line {half}",
    )
    assert broken == 0
    assert control > 0
