"""A journal held against its head, wherever that is kept; and records under their own key."""

import pytest

from safeguards.errors import LedgerError
from safeguards.home.home import Home
from safeguards.journal.journal import START, Journal, Link
from safeguards.keys.keys import Keys


class Plain(Journal):
    """Notes that anybody can read."""

    FILE = "notes.jsonl"
    IS_SEALED = False
    ERROR = LedgerError


class Sealed(Plain):
    """The same, which nobody can read without the keys."""

    IS_SEALED = True


@pytest.fixture(params=[Plain, Sealed])
def journal(request: pytest.FixtureRequest, home: Home, keys: Keys) -> Journal:
    made: Journal = request.param(home, keys)
    with made.open_for_append() as write:
        for number in range(4):
            write({"note": number})
    return made


def test_the_head_goes_with_every_line(journal: Journal) -> None:
    assert journal.find_head() == Link(4, journal.head)
    with journal.open_for_append() as write:
        write({"note": 4}, {"note": 5})
    assert journal.find_head() == Link(6, journal.head)
    journal.load()
    assert [record["note"] for record in journal.records] == [*range(6)]


@pytest.mark.parametrize("left", [0, 3])
def test_lines_taken_off_the_end_are_found_by_the_head(journal: Journal, left: int) -> None:
    """Also all of them; nothing is written then."""
    lines, _ = journal.read_lines()
    journal.path.write_bytes(b"".join(line + b"\n" for line in lines[:left]))
    before = journal.path.read_bytes()
    with pytest.raises(LedgerError, match="lacks lines"):
        journal.load()
    with pytest.raises(LedgerError, match="lacks lines"), journal.open_for_append():
        pass
    assert journal.path.read_bytes() == before


def test_a_head_that_is_behind_is_brought_up_by_the_next_line(journal: Journal) -> None:
    """A crash between a line and its head leaves that."""
    journal.set_heads(START)
    journal.load()
    with journal.open_for_append() as write:
        write({"note": 4})
    assert journal.find_head() == Link(5, journal.head)


def test_a_rewriting_has_another_head_and_one_that_changes_nothing_has_not(
    journal: Journal,
) -> None:
    before, content = journal.head, journal.path.read_bytes()
    journal.rewrite(lambda record: record)
    assert (journal.head, journal.path.read_bytes()) == (before, content)
    journal.rewrite(lambda record: None if record["note"] == 1 else record)
    assert journal.find_head() == Link(3, journal.head)
    assert not journal.has_head(before)
    journal.load()
    assert [record["note"] for record in journal.records] == [0, 2, 3]


def test_no_file_is_made_by_reading_or_by_a_rewriting(home: Home, keys: Keys) -> None:
    journal = Plain.open(home, keys)
    journal.rewrite(lambda _: None)
    assert (journal.records, journal.head) == ([], START.mac)
    assert not list(home.sealed_files.iterdir())
