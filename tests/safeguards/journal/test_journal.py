"""A journal, plain or sealed: nothing in it can be changed, moved or taken out without a word."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safeguards.errors import LedgerError
from safeguards.home.home import Home, create_demo
from safeguards.journal.journal import START, Journal, Link
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys

MARKER = "Rang Mrs Quillfeather"

Tamper = Callable[[list[bytes]], list[bytes]]


class Plain(Journal):
    """Notes that anybody can read."""

    FILE = "notes.jsonl"
    IS_SEALED = False
    ERROR = LedgerError


class Sealed(Plain):
    """The same, which nobody can read without the keys."""

    IS_SEALED = True


class Other(Sealed):
    """Another file of the same kind."""

    FILE = "others.jsonl"


@pytest.fixture(params=[Plain, Sealed])
def kind(request: pytest.FixtureRequest) -> type[Journal]:
    found: type[Journal] = request.param
    return found


@pytest.fixture
def journal(kind: type[Journal], home: Home, keys: Keys) -> Journal:
    """One of five notes."""
    made = kind(home, keys)
    for number in range(5):
        write(made, number)
    return made


def write(journal: Journal, *numbers: int) -> None:
    with journal.open_for_append() as append:
        append(*({"note": number, "text": MARKER} for number in numbers))


def notes(journal: Journal) -> list[Any]:
    """What is on the disk, read anew."""
    journal.load()
    return [record["note"] for record in journal.records]


def test_the_head_goes_with_every_line(journal: Journal) -> None:
    assert journal.find_head() == Link(5, journal.head)
    write(journal, 5, 6)
    assert journal.find_head() == Link(7, journal.head)
    assert notes(journal) == [*range(7)]


def test_no_file_is_made_by_reading_or_by_a_rewriting(home: Home, keys: Keys) -> None:
    journal = Plain.open(home, keys)
    journal.rewrite(lambda _: None)
    assert (journal.records, journal.head) == ([], START.mac)
    assert not list((home.folder / "written").iterdir())


def test_what_is_sealed_is_nowhere_in_the_clear_and_says_little_of_its_length(
    home: Home, keys: Keys
) -> None:
    """The same search finds it in a plain journal."""
    plain, sealed = Plain(home, keys), Other(home, keys)
    for journal in (plain, sealed):
        write(journal, 1, 10_000)
    assert MARKER.encode() in plain.path.read_bytes()
    assert MARKER.encode() not in sealed.path.read_bytes()
    assert len({len(line) for line in sealed.path.read_bytes().splitlines()}) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_it_is_for_its_owner_only(journal: Journal) -> None:
    for path in journal.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


# What somebody did to it


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
        pytest.param(lambda lines: [*lines[:2], b"not ours", *lines[3:]], id="forge"),
        pytest.param(lambda lines: [*lines[:4], lines[4] + b"\r"], id="another line end"),
    ],
)
def test_a_change_is_found_and_nothing_is_written_after_it(
    journal: Journal, tamper: Tamper
) -> None:
    lines = tamper(journal.path.read_bytes().splitlines())
    journal.path.write_bytes(b"".join(line + b"\n" for line in lines))
    before = journal.path.read_bytes()
    with pytest.raises(LedgerError, match="was changed at line"):
        journal.load()
    with pytest.raises(LedgerError, match="was changed at line"):
        write(journal, 6)
    with pytest.raises(LedgerError, match="was changed at line"):
        journal.rewrite(lambda _: None)
    assert journal.path.read_bytes() == before


@pytest.mark.parametrize("left", [0, 3])
def test_lines_taken_off_the_end_are_found_by_the_head(
    journal: Journal, keys: Keys, left: int
) -> None:
    """Also all of them; nothing is written then.  Without it, whoever kept a head can tell."""
    head = journal.head
    lines = journal.read_lines()
    journal.path.write_bytes(b"".join(line + b"\n" for line in lines[:left]))
    before = journal.path.read_bytes()
    with pytest.raises(LedgerError, match="lacks lines"):
        journal.load()
    with pytest.raises(LedgerError, match="lacks lines"):
        write(journal, 6)
    assert journal.path.read_bytes() == before
    keys.heads.forget(journal.path.name)
    assert notes(journal) == [*range(left)]
    assert not journal.has_head(head)
    assert journal.has_head(journal.head)
    assert journal.has_head(START.mac)


def test_another_home_key_or_file_does_not_open_it(
    journal: Journal, kind: type[Journal], home: Home, keys: Keys, tmp_path: Path,
    environ: dict[str, str],
) -> None:  # fmt: skip
    other = create_demo(tmp_path / "other")
    other_keys = Keys.create(other, environ)
    (other.folder / "written" / kind.FILE).write_bytes(journal.path.read_bytes())
    for its_keys in (other_keys, keys):
        with pytest.raises(LedgerError, match="not its keys"):
            kind.open(other, its_keys)
    (home.folder / "written" / Other.FILE).write_bytes(journal.path.read_bytes())
    with pytest.raises(LedgerError, match="was changed at line 1"):
        Other.open(home, keys)


# Another file of the same journal, as a backup has it


@pytest.mark.parametrize(("here", "there"), [(5, 2), (3, 5), (0, 5), (5, 0)])
def test_what_only_the_other_file_has_is_appended(
    home: Home, keys: Keys, tmp_path: Path, here: int, there: int
) -> None:
    """The number is of the lines that only this file had."""
    journal, other = Plain(home, keys), tmp_path / Plain.FILE
    write(journal, *range(5))
    lines = journal.path.read_bytes().splitlines(keepends=True)
    other.write_bytes(b"".join(lines[:there]))
    journal.path.write_bytes(b"".join(lines[:here]))
    assert journal.add_missing(other) == max(0, here - there)
    assert notes(journal) == [*range(5)]


def test_what_is_in_neither_file_or_was_changed_is_found(
    home: Home, keys: Keys, tmp_path: Path
) -> None:
    journal, other = Plain(home, keys), tmp_path / Plain.FILE
    write(journal, *range(5))
    lines = journal.path.read_bytes().splitlines(keepends=True)
    for there, message in ((lines[:4], "lacks lines"), (_flip(lines), "was changed at line 3")):
        journal.path.write_bytes(b"".join(lines[:3]))
        other.write_bytes(b"".join(there))
        with pytest.raises(LedgerError, match=message):
            Plain(home, keys).add_missing(other)
        journal.set_heads(Link(5, journal.head))


# Crashes, full disks and many writers


def test_a_head_that_is_behind_is_brought_up_by_the_next_line(journal: Journal) -> None:
    """A crash between a line and its head leaves that."""
    journal.set_heads(START)
    journal.load()
    write(journal, 5)
    assert journal.find_head() == Link(6, journal.head)


@pytest.mark.parametrize("left", [1, 50, -2, -1])
def test_half_a_line_at_the_end_is_written_over(journal: Journal, left: int) -> None:
    """A crash cut the last line: its writer was never told that it is safe."""
    *whole, last = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"".join(whole) + last[:left])
    links = journal.parse_line(whole[-1].rstrip())
    assert links is not None
    journal.set_heads(links[1])
    assert notes(journal) == [*range(4)]
    write(journal, 9)
    assert notes(journal) == [*range(4), 9]


def test_a_rewriting_has_another_head_and_one_that_changes_nothing_has_not(
    journal: Journal,
) -> None:
    before, content = journal.head, journal.path.read_bytes()
    journal.rewrite(lambda record: record)
    assert (journal.head, journal.path.read_bytes()) == (before, content)
    journal.rewrite(lambda record: None if record["note"] == 1 else record)
    assert journal.find_head() == Link(4, journal.head)
    assert not journal.has_head(before)
    assert notes(journal) == [0, 2, 3, 4]


_WRITER = """
import sys
from pathlib import Path
from safeguards.home.home import Home
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
home = Home.open(Path(sys.argv[1]))
journal = TypedEntries(home, Keys.load(home))
for number in range(20):
    with journal.open_for_append() as write:
        write({"note": sys.argv[2] + str(number)})
"""


def test_two_people_may_write_at_once(home: Home, keys: Keys, environ: dict[str, str]) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(home.folder), name], env=environ)
        for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    found = notes(TypedEntries(home, keys))
    for name in ("one", "two"):
        own = [note for note in found if note.startswith(name)]
        assert own == [f"{name}{number}" for number in range(20)]
    assert len(found) == 40
