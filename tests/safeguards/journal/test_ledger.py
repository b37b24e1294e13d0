"""Who was erased, and who is back: known beside the keys."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from safeguards.errors import LedgerError
from safeguards.home.home import Home
from safeguards.journal.ledger import (
    Erasure,
    Ledger,
    Line,
    Readmission,
    format_receipt,
    is_erased,
    parse_receipt,
)
from safeguards.keys.keys import Keys
from safeguards.vault.records import LookUp, PupilRecord

AT = datetime(2026, 11, 20, 8, 35, 0, 123, tzinfo=UTC)
CHILDREN = ("0A1B2C3D4E", "1B2C3D4E5F", "2C3D4E5F6G", "3D4E5F6G7H", "4E5F6G7H8J")


def erasure(number: int = 0) -> Erasure:
    look_ups = (LookUp("upn", f"{number:064x}"), LookUp("former_upn", f"{number + 99:064x}"))
    return Erasure(AT + timedelta(number), CHILDREN[number], look_ups, "retention")


def part(number: int = 0) -> Erasure:
    """The same child's marks only, by the schedule of a day."""
    return replace(erasure(number), tables=("raw_mark", "raw_sdq"), through=date(2026, 9, 1))


def filled(home: Home, keys: Keys, count: int = 5) -> list[Erasure]:
    erasures = [erasure(number) for number in range(count)]
    for each in erasures:
        Ledger.open(home, keys).append(each)
    return erasures


def test_erasures_come_back_as_they_were(home: Home, keys: Keys) -> None:
    erasures = filled(home, keys)
    assert list(Ledger.open(home, keys).list_entries()) == erasures


def test_an_erased_child_is_known_by_code_and_by_every_number(home: Home, keys: Keys) -> None:
    """Intake asks before it takes a child in."""
    first, *_ = filled(home, keys, 2)
    ledger = Ledger.open(home, keys)
    known_by: tuple[str | LookUp, ...] = (first.pupil_id, *first.look_ups)
    for child in known_by:
        assert ledger.find_erasures(child) == (first,)
    assert not ledger.find_erasures(CHILDREN[4])
    assert not ledger.find_erasures(LookUp("former_upn", first.look_ups[0].value))


def test_the_same_erasure_is_written_once(home: Home, keys: Keys) -> None:
    """Whoever was cut off appends it again."""
    (first,) = filled(home, keys, 1)
    Ledger.open(home, keys).append(first)
    assert Ledger.open(home, keys).list_entries() == (first,)


def test_who_was_erased_in_part_is_still_here(home: Home, keys: Keys) -> None:
    """It comes back as it was, and intake takes the child in."""
    Ledger.open(home, keys).append(part())
    ledger = Ledger.open(home, keys)
    assert ledger.list_entries() == (part(),)
    known_by: tuple[str | LookUp, ...] = (part().pupil_id, *part().look_ups)
    assert not any(map(ledger.find_erasures, known_by))
    ledger.append(erasure())
    ledger.append(replace(part(), at=AT + timedelta(1)))
    assert ledger.find_erasures(part().pupil_id) == (erasure(),)


def back(number: int = 0) -> Readmission:
    """The child of an erasure is here anew, under a code of its own."""
    number_of = erasure(number).look_ups[0]
    return Readmission(AT + timedelta(40), "ZZZZZZZZZ0", number_of, date(2027, 1, 4))


def test_a_readmission_comes_back_as_it_was(home: Home, keys: Keys) -> None:
    """It holds until the child is erased again, and then the next one does."""
    filled(home, keys, 2)
    Ledger.open(home, keys).append(back())
    ledger = Ledger.open(home, keys)
    assert ledger.list_entries() == (erasure(), erasure(1), back())
    number = back().look_up
    assert ledger.find_readmission(number) == back()
    assert ledger.find_readmission(erasure(1).look_ups[0]) is None
    ledger.append(replace(erasure(), at=AT + timedelta(50), pupil_id=back().pupil_id))
    assert ledger.find_readmission(number) is None
    assert len(ledger.find_erasures(number)) == 2
    again = replace(back(), at=AT + timedelta(60), pupil_id="ZZZZZZZZZ1")
    ledger.append(again)
    assert ledger.find_readmission(number) == again


@pytest.mark.parametrize("changes", [{"at": AT.replace(tzinfo=None)}, {"pupil_id": "Ann"}])
def test_a_readmission_names_by_code_only(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="readmission"):
        replace(back(), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "is_out"),
    [
        ([], False),
        ([part()], False),
        ([erasure()], True),
        ([erasure(), back()], False),
        ([replace(erasure(), why="request"), back()], True),
        ([back(), erasure()], True),
        ([erasure(), back(), replace(erasure(), pupil_id="ZZZZZZZZZ0")], True),
        ([erasure(), replace(back(), pupil_id="ZZZZZZZZZ1")], True),
        ([erasure(), back(), replace(part(), pupil_id="ZZZZZZZZZ0")], False),
    ],
    ids=["nothing", "a part", "the schedule", "back", "a request", "erased after",
         "erased under the new code", "another is back", "a part after"],
)  # fmt: skip
def test_who_is_back_is_not_erased_by_what_the_schedule_took_before(
    lines: list[Line], is_out: bool
) -> None:
    """A record of the old code is, whoever came back; and so is one that a request erased."""
    child = PupilRecord("ZZZZZZZZZ0", "copper lantern", (back().look_up,), "", "")
    assert is_erased(child, lines) == is_out
    old = msgspec.structs.replace(child, pupil_id=CHILDREN[0])
    assert is_erased(old, lines) == any(isinstance(e, Erasure) and e.is_whole for e in lines)


@pytest.mark.parametrize(
    "changes",
    [
        {"tables": ("raw_mark",)},
        {"through": date(2026, 9, 1)},
        {"tables": ("Ann's marks",), "through": date(2026, 9, 1)},
        {"at": AT.replace(tzinfo=None)},
        {"pupil_id": "A001999926001"},
        {"pupil_id": "copper lantern"},
        {"why": "Her mother asked for it"},
        {"why": ""},
    ],
)
def test_an_erasure_names_by_code_only(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="erasure"):
        replace(erasure(), **changes)  # type: ignore[arg-type]


def test_a_line_of_a_receipt_is_of_one_child_of_this_home(keys: Keys) -> None:
    """Typed with blanks or in small letters; none that is mistyped, and no code."""
    line = format_receipt(keys, CHILDREN[1])
    assert CHILDREN[1] not in line
    assert parse_receipt(keys, f" {line.lower()} ", CHILDREN) == CHILDREN[1]
    assert parse_receipt(keys, line, CHILDREN[2:]) is None
    for wrong in (line[:-1] + ("A" if line[-1] != "A" else "B"), "", CHILDREN[1]):
        with pytest.raises(LedgerError, match="not a line of this school's receipts"):
            parse_receipt(keys, wrong, CHILDREN)
