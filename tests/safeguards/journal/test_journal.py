"""A journal held against its head, wherever that is kept; and records under their own key."""

import pytest

from safeguards.errors import LedgerError
from safeguards.home.home import Home
from safeguards.journal.journal import START, Journal, JournalHead
from safeguards.keys.keys import Keys


@pytest.fixture(params=[False, True], ids=["plain", "sealed"])
def journal(request: pytest.FixtureRequest, home: Home, keys: Keys) -> Journal:
    made = Journal(
        home.sealed_files / "notes.jsonl",
        home,
        keys,
        version=1,
        error=LedgerError,
        is_sealed=request.param,
    )
    with made.open_for_append() as write:
        for number in range(4):
            write({"note": number})
    return made


def test_the_head_goes_with_every_line(journal: Journal, keys: Keys) -> None:
    head = JournalHead(keys.heads, journal.path.name)
    assert head.get() == journal.end
    with journal.open_for_append() as write:
        write({"note": 4}, {"note": 5})
    assert (journal.end.number, head.get()) == (6, journal.end)
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


def test_a_head_that_is_behind_is_brought_up_by_the_next_line(journal: Journal, keys: Keys) -> None:
    """A crash between a line and its head leaves that."""
    head = JournalHead(keys.heads, journal.path.name)
    head.set(START)
    journal.load()
    with journal.open_for_append() as write:
        write({"note": 4})
    assert head.get() == journal.end


def test_a_rewriting_has_another_head_and_one_that_changes_nothing_has_not(
    journal: Journal, keys: Keys
) -> None:
    head = JournalHead(keys.heads, journal.path.name)
    before, content = head.get(), journal.path.read_bytes()
    journal.rewrite(lambda record: record)
    assert (head.get(), journal.path.read_bytes()) == (before, content)
    journal.rewrite(lambda record: None if record["note"] == 1 else record)
    assert head.get() == journal.end != before
    assert before is not None
    assert not journal.has_line(before.mac)
    journal.load()
    assert [record["note"] for record in journal.records] == [0, 2, 3]


def test_no_file_is_made_by_reading_or_by_a_rewriting(home: Home, keys: Keys) -> None:
    path = home.sealed_files / "nothing.jsonl"
    journal = Journal(path, home, keys, version=1, error=LedgerError)
    journal.load()
    journal.rewrite(lambda _: None)
    assert (journal.records, journal.end) == ([], START)
    assert not list(home.sealed_files.iterdir())
