"""Processes that write to a home, one entry after another, and are killed at any moment.

    python -m tests.support.hostile.writers log|typed HOME KILLS ORDER SEED

Each writer tells of an entry once it is kept, or before, where ORDER is "told first".  After
each kill a new process looks at the home, and a line of JSON says what it found.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from intake.current import is_up_to_date
from intake.publish import files
from intake.publish.entries import add_fact, log_action
from queries.store import versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.audit import verify
from safeguards.journal.journal import parse_link
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)


class Writer(Protocol):
    """How to write an entry, and what is there after some were."""

    #: How many write at a time.
    at_once: int

    def write(self, actor: str, number: int) -> None:
        """Keep an entry; anything raised is a fault."""

    def look(self, told: Mapping[str, int]) -> tuple[bool, list[str]]:
        """Whether something that was told of is lost, or nothing goes on; and what was met.

        told: of how many entries each actor said that it was kept.
        """


class Log:
    """The access log."""

    at_once = 2

    def __init__(self, folder: Path) -> None:
        self.home = Home.open(folder)
        self.keys = Keys.load(self.home)
        self.log = AccessLog(self.home, self.keys)

    def write(self, actor: str, number: int) -> None:
        self.log.append(Event("view", actor, "dsl", page=f"{number % 2}"))

    def look(self, told: Mapping[str, int]) -> tuple[bool, list[str]]:
        lines, half = self.log.read_lines()
        is_behind = bool(lines) and parse_link(lines[-1]) != self.log.find_head()
        is_whole = verify(self.home, self.keys).is_whole
        self.write("next", 0)
        is_whole = is_whole and verify(self.home, self.keys).is_whole
        there = Counter(json.loads(line)["actor"] for line in lines)
        met = {
            "half a line": bool(half),
            "head one behind": is_behind,
            "lines not yet told of": any(there[actor] > count for actor, count in told.items()),
        }
        lost = any(there[actor] < count for actor, count in told.items())
        return lost or not is_whole, [name for name, is_met in met.items() if is_met]


class Typed:
    """Actions and facts that people type."""

    at_once = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, actor: str, number: int) -> None:
        session = access.open(self.folder, actor=actor, role="dsl", purpose="typing")
        handles = session.read("select handle from cohort_member order by 1")["handle"]
        given: dict[str, Any] = {"handle": handles[number % len(handles)], "now": NOW}
        if number % 2:
            day = date(2026, 11, 18) - timedelta(days=number * 7 % 300)
            values = {"date": str(day), "informant": "self", "total": str(number % 41)}
            kept = add_fact(session, file="sdq.csv", values=values, where_written="letter", **given)
        else:
            kept = log_action(session, kind="called the carer", line=f"entry {number}", **given)
        if kept.entry_id is None:
            raise RuntimeError(str(kept.problems))

    def look(self, told: Mapping[str, int]) -> tuple[bool, list[str]]:
        home = Home.open(self.folder)
        keys = Keys.load(home)
        Vault.open(home, keys)
        entries = TypedEntries.open(home, keys).list_entries()
        path = versions.find_current_version(home.store)
        if path is None:
            return True, []
        with files.open_version(path, keys.store) as version:
            query = "select rows_read from raw_source where sender = 'typed'"
            shown = sum(version.read(query)["rows_read"])
        kept = sum(entry.actor in told for entry in entries)
        met = {
            "not shown yet": not is_up_to_date(home, keys),
            "half a version": bool(list(home.store.glob("*.half*"))),
        }
        self.write("next", len(entries))
        # those of the writers before are shown by then, with the entry that came next
        lost = kept < sum(told.values()) or shown < len(entries) - kept + sum(told.values())
        lost = lost or not is_up_to_date(home, keys)
        return lost, [name for name, is_met in met.items() if is_met]


@contextmanager
def forked(work: Callable[[int], None]) -> Iterator[tuple[int, int]]:
    """A process that does this, with a pipe to tell by: its id, and our end of the pipe."""
    reading, telling = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        try:
            work(telling)
        finally:
            os._exit(0)
    os.close(telling)
    try:
        yield pid, reading
    finally:
        os.close(reading)
        os.waitpid(pid, 0)


def hear_out(reading: int) -> bytes:
    """All that a process tells until it ends."""
    parts = []
    while part := os.read(reading, 4096):
        parts.append(part)
    return b"".join(parts)


def keep_writing(writer: Writer, actor: str, *, is_told_first: bool) -> Callable[[int], None]:
    """What a writer does until it is killed: a byte for each entry."""

    def work(telling: int) -> None:
        number = 0
        while True:
            if is_told_first:
                os.write(telling, b"x")
            writer.write(actor, number)
            if not is_told_first:
                os.write(telling, b"x")
            number += 1

    return work


def kill_writers(
    writer: Writer, actors: list[str], longest_s: float, rng: random.Random, *, is_told_first: bool
) -> dict[str, int]:
    """So many writers at a time, each killed at a moment of its own; what each had told."""
    told = dict.fromkeys(actors, 0)
    if not actors:
        return told
    work = keep_writing(writer, actors[0], is_told_first=is_told_first)
    with forked(work) as (pid, reading):
        others = kill_writers(writer, actors[1:], longest_s, rng, is_told_first=is_told_first)
        for _ in range(rng.randrange(3)):
            told[actors[0]] += len(os.read(reading, 1))
        time.sleep(rng.random() * longest_s)
        os.kill(pid, signal.SIGKILL)
        told[actors[0]] += len(hear_out(reading))
    return told | others


def main(kind: str, folder: str, kills: str, order: str, seed: str) -> None:
    """Kill, look, and say what was found, again and again."""
    rng, number = random.Random(seed), 0
    make: Callable[[Path], Writer] = {"log": Log, "typed": Typed}[kind]  # type: ignore[assignment]

    def look(told: Mapping[str, int]) -> Callable[[int], None]:
        def work(telling: int) -> None:
            is_lost, met = make(Path(folder)).look(told)
            os.write(telling, json.dumps({"lost": is_lost, "met": met}).encode())

        return work

    began = time.monotonic()
    with forked(lambda _: make(Path(folder)).write("first", 0)) as (_, reading):
        hear_out(reading)
    usual_s = time.monotonic() - began
    while number < int(kills):
        writer = make(Path(folder))
        actors = [f"writer {number + each}" for each in range(writer.at_once)]
        number += len(actors)
        told = kill_writers(writer, actors, usual_s, rng, is_told_first=order == "told first")
        with forked(look(told)) as (_, reading):
            found = json.loads(hear_out(reading) or b'{"lost": true, "met": ["failed"]}')
        said = {**found, "told": sum(told.values()), "kills": len(actors)}
        sys.stdout.write(f"{json.dumps(said)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
