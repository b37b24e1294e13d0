"""What people type is sealed line by line: nothing in it can be read, changed or taken out."""

import json
import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from safeguards.errors import SealedLinesError
from safeguards.home.home import Home, create_demo
from safeguards.journal.journal import parse_link
from safeguards.journal.typed_entries import EMPTY_HEAD, Entry, TypedEntries, generate_entry_id
from safeguards.keys.keys import Keys

FILE = TypedEntries.FILE

AT = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
MARKER = "Rang Mrs Quillfeather"
CHILD = "0A1B2C3D4E"

Tamper = Callable[[list[bytes]], list[bytes]]


def entry(number: int = 0, **changes: Any) -> Entry:
    values = {"kind": "called the carer", "date": "2026-11-20", "line": f"{MARKER} {number}"}
    made = Entry(generate_entry_id(), AT, "office", "dsl", "action", CHILD, "", values)
    return replace(made, **changes)


def filled(home: Home, keys: Keys, count: int = 5) -> list[Entry]:
    entries = [entry(number) for number in range(count)]
    written = TypedEntries.open(home, keys)
    for each in entries:
        written.append(each)
    return entries


def test_a_home_where_nobody_has_typed_has_no_entries(home: Home, keys: Keys) -> None:
    written = TypedEntries.open(home, keys)
    assert written.list_entries() == written.list_current() == ()
    assert written.head == EMPTY_HEAD
    assert list(home.sealed_files.iterdir()) == []


def test_entries_come_back_as_they_were(home: Home, keys: Keys) -> None:
    entries = filled(home, keys)
    assert list(TypedEntries.open(home, keys).list_entries()) == entries


def test_what_is_corrected_is_not_current(home: Home, keys: Keys) -> None:
    """Of actions both are, unless one is undone: then it is in the log alone."""
    written = TypedEntries.open(home, keys)
    facts = [entry(number, kind="fact", file="sdq.csv") for number in range(2)]
    facts.append(replace(facts[0], entry_id=generate_entry_id(), corrects=facts[0].entry_id))
    wrong, slip = entry(1), entry(2)
    right = entry(3, corrects=wrong.entry_id)
    undo = entry(4, kind="undo", corrects=slip.entry_id)
    entries = (*facts, wrong, slip, right, undo)
    for each in entries:
        written.append(each)
    assert written.list_current() == (*facts[1:], wrong, right)
    assert written.list_entries() == entries


def test_what_an_erased_entry_had_corrected_does_not_hold_again(home: Home, keys: Keys) -> None:
    """All of a chain that ends with it goes; what corrected it, or something else, stays."""
    written = TypedEntries.open(home, keys)
    entries = [entry(number) for number in range(5)]
    for number, corrects in ((1, 0), (2, 1), (3, 2)):
        entries[number] = replace(entries[number], corrects=entries[corrects].entry_id)
    for each in entries:
        written.append(each)
    written.forget(lambda each: each.entry_id == entries[2].entry_id)
    left = TypedEntries.open(home, keys)
    assert left.list_entries() == (replace(entries[3], corrects=None), entries[4])
    head = left.head
    left.forget(lambda _: False)
    assert left.head == head


def test_an_id_is_given_once_and_corrects_what_is_there(home: Home, keys: Keys) -> None:
    (first,) = filled(home, keys, 1)
    written = TypedEntries.open(home, keys)
    with pytest.raises(ValueError, match="its own"):
        written.append(first)
    with pytest.raises(ValueError, match="one that is there"):
        written.append(entry(corrects=generate_entry_id()))
    assert TypedEntries.open(home, keys).list_entries() == (first,)


@pytest.mark.parametrize(
    "changes",
    [
        {"at": AT.replace(tzinfo=None)},
        {"pupil_id": "A001999926001"},
        {"entry_id": "1"},
        {"corrects": "../x"},
        {"kind": "note"},
        {"file": "sdq.csv"},
        {"kind": "fact"},
    ],
)
def test_an_entry_names_by_code_only(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"entry|entries"):
        entry(**changes)


def test_no_word_of_it_is_on_the_disk(home: Home, keys: Keys) -> None:
    filled(home, keys)
    stored = b"".join(path.read_bytes() for path in home.sealed_files.iterdir())
    shown = json.dumps([dict(each.values) for each in TypedEntries.open(home, keys).list_entries()])
    for word in (MARKER, "Quillfeather", "carer", "2026-11-20", "office", CHILD):
        assert word.encode() not in stored
    assert MARKER in shown, "the search would find it in the clear"


def test_a_line_says_little_of_its_length(home: Home, keys: Keys) -> None:
    written = TypedEntries.open(home, keys)
    for line in ("x", "a note that is rather longer than the other one"):
        written.append(entry(values={"line": line}))
    lengths = {len(line) for line in (home.sealed_files / FILE).read_bytes().splitlines()}
    assert len(lengths) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_it_is_for_its_owner_only(home: Home, keys: Keys) -> None:
    filled(home, keys)
    for path in home.sealed_files.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def _flip(lines: list[bytes]) -> list[bytes]:
    swapped = b"B" if lines[2][40:41] == b"A" else b"A"
    return [*lines[:2], lines[2][:40] + swapped + lines[2][41:], *lines[3:]]


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(_flip, id="edit"),
        pytest.param(lambda lines: lines[:2] + lines[3:], id="delete"),
        pytest.param(lambda lines: lines[1:], id="delete the first"),
        pytest.param(lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], id="swap"),
        pytest.param(lambda lines: lines[:2] + lines[1:], id="put in"),
        pytest.param(lambda lines: [*lines, lines[-1]], id="append a copy"),
        pytest.param(lambda lines: [*lines[:2], b"", *lines[2:]], id="blank line"),
        pytest.param(lambda lines: [*lines[:2], lines[2][:80], *lines[3:]], id="cut in the middle"),
        pytest.param(lambda lines: [*lines[:2], b"not sealed", *lines[3:]], id="forge"),
        pytest.param(lambda lines: [*lines[:4], lines[4] + b"\r"], id="another line end"),
    ],
)
def test_a_change_is_found(home: Home, keys: Keys, tamper: Tamper) -> None:
    filled(home, keys)
    written = TypedEntries.open(home, keys)
    path = home.sealed_files / FILE
    path.write_bytes(b"".join(line + b"\n" for line in tamper(path.read_bytes().splitlines())))
    before = path.read_bytes()
    with pytest.raises(SealedLinesError, match="was changed at line"):
        TypedEntries.open(home, keys)
    with pytest.raises(SealedLinesError, match="was changed at line"):
        written.append(entry())
    assert path.read_bytes() == before


def test_random_edits_are_found(home: Home, keys: Keys) -> None:
    filled(home, keys)
    path = home.sealed_files / FILE
    whole, rng = path.read_bytes(), random.Random(1)
    for _ in range(200):
        place = rng.randrange(len(whole) - 1)
        other = bytes([whole[place] ^ (1 << rng.randrange(8))])
        path.write_bytes(whole[:place] + other + whole[place + 1 :])
        with pytest.raises(SealedLinesError):
            TypedEntries.open(home, keys)


def test_lines_taken_off_the_end_are_missed_by_whoever_kept_the_head(
    home: Home, keys: Keys
) -> None:
    filled(home, keys)
    heads = [TypedEntries.open(home, keys).head]
    path = home.sealed_files / FILE
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    with pytest.raises(SealedLinesError, match="lacks lines"):
        TypedEntries.open(home, keys)
    keys.heads.forget(FILE)
    shorter = TypedEntries.open(home, keys)
    assert len(shorter.list_entries()) == 3
    assert not shorter.has_head(heads[0])
    assert shorter.has_head(shorter.head)
    assert shorter.has_head(EMPTY_HEAD)


def _get_head(line: bytes) -> str:
    link = parse_link(line.rstrip())
    assert link is not None
    return f"{link.number} {link.mac}"


@pytest.mark.parametrize("left", [1, 50, -2, -1])
def test_half_a_line_at_the_end_is_written_over(home: Home, keys: Keys, left: int) -> None:
    """A crash cut the last line: its writer was never told that it is safe."""
    entries = filled(home, keys)
    path = home.sealed_files / FILE
    *whole, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole) + last[:left])
    keys.heads.set(FILE, _get_head(whole[-1]))
    written = TypedEntries.open(home, keys)
    assert list(written.list_entries()) == entries[:4]
    new = entry(9)
    written.append(new)
    assert list(TypedEntries.open(home, keys).list_entries()) == [*entries[:4], new]


def test_another_home_or_key_does_not_open_it(
    home: Home, keys: Keys, tmp_path: Path, environ: dict[str, str]
) -> None:
    filled(home, keys)
    other = create_demo(tmp_path / "other")
    other_keys = Keys.create(other, environ)
    (other.sealed_files / FILE).write_bytes((home.sealed_files / FILE).read_bytes())
    for its_keys in (other_keys, keys):
        with pytest.raises(SealedLinesError, match="other keys"):
            TypedEntries.open(other, its_keys)


def test_a_newer_version_is_told(home: Home, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(TypedEntries, "VERSION", 3)
        filled(home, keys, 1)
    with pytest.raises(SealedLinesError, match="newer lac-monitor"):
        TypedEntries.open(home, keys)


_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
home = Home.open(Path(sys.argv[1]))
keys = Keys.load(home)
for number in range(20):
    at = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
    values = {"line": sys.argv[2] + str(number)}
    entry = Entry(generate_entry_id(), at, sys.argv[2], "dsl", "action", "0A1B2C3D4E", "", values)
    TypedEntries.open(home, keys).append(entry)
"""


def test_two_people_may_write_at_once(home: Home, keys: Keys, environ: dict[str, str]) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(home.folder), name], env=environ)
        for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    lines = [
        (each.actor, each.values["line"]) for each in TypedEntries.open(home, keys).list_entries()
    ]
    for name in ("one", "two"):
        assert [line for actor, line in lines if actor == name] == [
            f"{name}{number}" for number in range(20)
        ]
    assert len(lines) == 40


def test_a_full_disk_leaves_the_log_as_it_was(
    home: Home, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = filled(home, keys, 2)
    before = (home.sealed_files / FILE).read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:100]))
    with pytest.raises(SealedLinesError, match="nothing was kept"):
        TypedEntries.open(home, keys).append(entry())
    monkeypatch.undo()
    assert (home.sealed_files / FILE).read_bytes() == before
    assert list(TypedEntries.open(home, keys).list_entries()) == entries
