"""`kill -9` of whoever types: what was said to be kept is kept and shown, and typing goes on."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import sizes
from tests.support.schools.homes import cast_handles, demo_home, keys_at
from tests.support.sizes import size

#: Forks a writer at a time, which adds actions and facts one after another and tells of each
#: that was kept; kills it at a moment of its own; then looks at the home in a process anew.
_KILLER = """
import json
import os
import random
import signal
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from intake.publish import files as build
from intake.current import is_up_to_date
from intake.publish.amend import publish_entries
from intake.publish.entries import add_fact, log_action
from intake.publish.load import rebuild_store
from queries.store import versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from safeguards.journal.typed_entries import TypedEntries

folder, kills, order, seed, *handles = sys.argv[1:]
folder, told_first = Path(folder), order == "told first"
draw = random.Random(seed)
NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)

def opened(actor):
    return access.open(folder, actor=actor, role="dsl", purpose="typing")

def typed(actor, number):
    handle = draw.choice(handles)
    if number % 2:
        day = date(2026, 11, 20) - timedelta(days=draw.randrange(300))
        values = {"date": str(day), "informant": "self", "total": str(draw.randrange(41))}
        return add_fact(opened(actor), handle=handle, file="sdq.csv", values=values,
                        where_written="letter", now=NOW)
    return log_action(opened(actor), handle=handle, kind="called the carer",
                      line=f"entry {number}", now=NOW)

def write(actor, out):
    number = 0
    while True:
        if told_first:
            os.write(out, b"x")
        recorded = typed(actor, number)
        if recorded.entry_id is None:
            os.write(out, b"!" * 1000)
        if not told_first:
            os.write(out, b"x")
        number += 1

def look(actor, told, out):
    home = Home.open(folder)
    keys = Keys.load(home)
    Vault.open(home, keys)
    entries = TypedEntries.open(home, keys).list_entries()
    ours = sum(entry.actor == actor for entry in entries)
    with closing(versions_store(home, keys)) as version:
        shown = version.read("select rows_read from raw_source where sender = 'typed'")
    shown = shown.item() if shown.height else 0
    state = {"actor": actor, "told": told, "kept": ours, "entries": len(entries), "shown": shown,
             "half": bool(list(home.store.glob("*.half*"))),
             "cut_off": not is_up_to_date(home, keys)}
    opened("next").read("select count(*) from cohort_member")
    state["next"] = typed("next", len(entries)).entry_id is not None and is_up_to_date(home, keys)
    os.write(out, json.dumps(state).encode())

def versions_store(home, keys):
    return build.store.Store(versions.find_current_version(home.store), keys.store)

def forked(work, *given):
    read, out = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(read)
        draw.seed(f"{seed}|{given}")
        try:
            work(*given, out)
        finally:
            os._exit(0)
    os.close(out)
    return pid, read

def heard(read):
    parts = []
    while part := os.read(read, 4096):
        parts.append(part)
    os.close(read)
    return b"".join(parts)

def killed(actor):
    pid, read = forked(write, actor)
    told = 0
    for _ in range(draw.randrange(3)):
        told += len(os.read(read, 1))
    time.sleep(draw.random() * usual)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return told + len(heard(read))

began = time.monotonic()
pid, read = forked(lambda out: typed("first", 0))
heard(read)
os.waitpid(pid, 0)
usual = time.monotonic() - began
for number in range(int(kills)):
    actor = f"writer {number}"
    told = killed(actor)
    pid, read = forked(look, actor, told)
    print(heard(read).decode() or json.dumps({"actor": actor, "told": told, "failed": True}),
          flush=True)
    os.waitpid(pid, 0)
"""


def _killed(folder: Path, kills: int, order: str) -> list[dict[str, Any]]:
    handles = sorted(cast_handles(folder).values())
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _KILLER,
            str(folder),
            str(kills),
            order,
            str(sizes.seed()),
            *handles,
        ],
        env=keys_at(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _lost(states: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kills after which an entry that was told of is not kept or not shown, or nothing goes on.

    Those of the writers before are shown by then, with the entry that came next.
    """
    return [
        state
        for state in states
        if state.get("failed")
        or not state["next"]
        or state["kept"] < state["told"]
        or state["shown"] < state["entries"] - state["kept"] + state["told"]
    ]


@pytest.mark.slow
def test_a_kill_loses_no_entry_that_was_told_of(
    tmp_path: Path, count: sizes.Count, record_property: Callable[[str, object], None]
) -> None:
    """The home opens, has every entry, and the next one shows with it; told too early, some go."""
    kills = max(3, size("typed.kills"))
    states = _killed(demo_home(tmp_path / "home"), kills, "kept first")
    control = _killed(demo_home(tmp_path / "control"), max(3, kills // 5), "told first")
    count("typed_killed", len(states), len(_lost(states)), len(_lost(control)))
    cut_off, half = (sum(bool(state.get(name)) for state in states) for name in ("cut_off", "half"))
    told = sum(state["told"] for state in states)
    record_property("COUNT", f"typed_killed: told of {told}, not shown {cut_off}, half made {half}")
    assert _lost(states) == []
    assert told > 0
    assert _lost(control) != []
    assert not any(state.get("failed") or not state["next"] for state in control)
