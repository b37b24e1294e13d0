"""What people type, and what stands in for what: corrected, undone, erased."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys

FILE = TypedEntries.FILE

AT = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
MARKER = "Rang Mrs Quillfeather"
CHILD = "0A1B2C3D4E"

Tamper = Callable[[list[bytes]], list[bytes]]


def entry(number: int = 0, **changes: Any) -> Entry:
    values = {"kind": "called the carer", "date": "2026-11-20", "line": f"{MARKER} {number}"}
    made = Entry(generate_id(), AT, "office", "dsl", "action", CHILD, "", values)
    return replace(made, **changes)


def filled(home: Home, keys: Keys, count: int = 5) -> list[Entry]:
    entries = [entry(number) for number in range(count)]
    written = TypedEntries.open(home, keys)
    for each in entries:
        written.append(each)
    return entries


def test_entries_come_back_as_they_were(home: Home, keys: Keys) -> None:
    entries = filled(home, keys)
    assert list(TypedEntries.open(home, keys).list_entries()) == entries


def test_what_is_corrected_is_not_current(home: Home, keys: Keys) -> None:
    """Of actions both are, unless one is undone: then it is in the log alone."""
    written = TypedEntries.open(home, keys)
    facts = [entry(number, kind="fact", file="sdq.csv") for number in range(2)]
    facts.append(replace(facts[0], entry_id=generate_id(), corrects=facts[0].entry_id))
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
        written.append(entry(corrects=generate_id()))
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
