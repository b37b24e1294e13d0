"""The chain of the access log: what is found, what is mended, and what somebody may declare."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safeguards.errors import LogError
from safeguards.files import write_private
from safeguards.home.home import create_demo
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.audit import Fault, Gap, Verdict, verify
from safeguards.journal.journal import Journal
from safeguards.keys.heads import FILE as HEADS
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
#: What says what a line of the log might, without a place in the chain.
_BARE = b'{"at": "2026-11-19T08:00:00.000+00:00", "event": "open"}'


class Kept:
    """A home with a log of lines, and its head."""

    def __init__(self, folder: Path, lines: int = 0) -> None:
        self.home = create_demo(folder, random.Random(1))
        self.keys = Keys.create(self.home, keys_at(folder))
        self.log = AccessLog(self.home, self.keys, clock=lambda: NOON)
        self.head = self.keys.folder / HEADS
        self.grow(lines)

    def grow(self, lines: int = 1, actor: str = "Sam") -> None:
        for _ in range(lines):
            self.log.append(Event("view", actor, "dsl", page="today"))

    @property
    def lines(self) -> list[bytes]:
        return self.log.path.read_bytes().split(b"\n")[:-1]

    @lines.setter
    def lines(self, lines: list[bytes]) -> None:
        self.log.path.write_bytes(b"".join(line + b"\n" for line in lines))

    def declare(self, event: str, why: str) -> None:
        self.log.append(Event(event, "office", "office", purpose=why))

    def verdict(self) -> Verdict:
        return verify(self.home, self.keys)

    def first(self) -> Fault:
        return self.verdict().faults[0]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "home", 6)


def test_a_log_is_whole_from_its_first_line_on(tmp_path: Path) -> None:
    """Before it, too; verifying writes nothing."""
    kept = Kept(tmp_path / "home")
    assert kept.verdict() == Verdict(0, (), ())
    assert not kept.log.path.exists()
    for number in range(1, 4):
        kept.grow()
        assert kept.verdict() == Verdict(number, (), ())
    assert [json.loads(line)["number"] for line in kept.lines] == [1, 2, 3]


def _changed(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b"Sam", b"Kim"), *lines[3:]]


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (_changed, Fault("changed", 3)),
        (lambda lines: [*lines[:2], b"not a line", *lines[3:]], Fault("changed", 3)),
        (lambda lines: [*lines[:1], *lines[3:]], Fault("missing", 2, 2)),
        (lambda lines: lines[1:], Fault("missing", 1, 1)),
        (lambda lines: [*lines[:4], lines[1], *lines[4:]], Fault("changed", 5)),
        (lambda lines: [*lines[:4], b"not a line", *lines[4:]], Fault("changed", 5)),
        (lambda lines: [*lines[:2], _changed(lines)[2], *lines[2:]], Fault("changed", 3)),
        (lambda lines: [*lines, lines[-1]], Fault("changed", 7)),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], Fault("changed", 2)),
        (lambda lines: [lines[4], *lines[1:4], lines[0], lines[5]], Fault("changed", 1)),
        (lambda lines: lines[:-2], Fault("end", None, 2)),
        (lambda _: [], Fault("end", None, 6)),
    ],
)
def test_the_first_fault_is_told_by_place_and_kind(
    kept: Kept, tamper: Callable[[list[bytes]], list[bytes]], fault: Fault
) -> None:
    """And an append does not heal it: what was found once is found after it."""
    whole = kept.lines
    kept.lines = tamper(whole)
    assert kept.first() == fault
    kept.grow(2)
    assert not kept.verdict().is_whole
    assert len(kept.lines) >= len(tamper(whole)) + 2


def test_a_line_that_is_not_at_the_head_is_met_once(kept: Kept) -> None:
    """The next writer is not locked out; it writes down what it met, and the chain goes on."""
    kept.lines = kept.lines[:-2]
    kept.grow(3)
    before, *after = [json.loads(line) for line in kept.lines[3:]]
    assert [line.get("met") for line in after] == [[4, before["mac"]], None, None]
    assert [line["number"] for line in after] == [7, 8, 9]
    assert kept.verdict().faults == (Fault("break", 5, 2),)
    kept.lines = [*kept.lines[:3], *kept.lines[4:]]
    assert kept.first() == Fault("missing", 4, 3)


def test_a_head_one_behind_is_mended_by_the_next_line(kept: Kept) -> None:
    """A crash between the line and its head leaves that; the line stays."""
    before = kept.head.read_bytes()
    kept.grow()
    write_private(kept.head, before)
    assert kept.verdict().is_whole
    kept.grow()
    assert kept.verdict() == Verdict(8, (), ())


def test_the_first_line_without_its_head_is_mended(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "home", 1)
    kept.keys.heads.forget("access.jsonl")
    kept.grow()
    assert kept.verdict() == Verdict(2, (), ())


@pytest.mark.parametrize("head", [None, "6 " + "0" * 64])
def test_a_head_that_is_lost_or_wrong_is_found_and_stays_found(
    kept: Kept, head: str | None
) -> None:
    kept.keys.heads.set("access.jsonl", *([head] if head else []))
    assert kept.first() == (Fault("end") if head else Fault("head"))
    kept.grow(2)
    assert kept.first().kind == "break"


def test_a_head_put_back_by_more_than_one_is_found_and_stays_found(kept: Kept) -> None:
    before = kept.head.read_bytes()
    kept.grow(2)
    kept.head.write_bytes(before)
    assert kept.first() == Fault("head", None, 2)
    kept.grow()
    assert kept.first() == Fault("break", 9)


def test_half_of_the_last_line_is_a_line_cut_off(kept: Kept) -> None:
    kept.log.path.write_bytes(kept.log.path.read_bytes()[:-1])
    assert kept.first() == Fault("end", None, 1)


# A backup that was put back


def test_a_declared_gap_is_no_fault_and_hides_no_other(kept: Kept) -> None:
    """A restore leaves one that a lead has not seen yet."""
    backup = kept.lines[:4]
    kept.lines = backup
    assert kept.verdict().has_open_gap
    kept.declare("restore", "backup of 18 November put back")
    verdict = kept.verdict()
    assert verdict.gaps == (Gap(5, 2, "backup of 18 November put back"),)
    assert (verdict.is_whole, verdict.has_open_gap) == (True, True)
    kept.declare("gap", "that was right")
    assert kept.verdict().gaps == (Gap(5, 2, "backup of 18 November put back", is_seen=True),)
    assert not kept.verdict().has_open_gap
    kept.grow(3)
    whole = kept.lines
    assert kept.verdict().is_whole
    for lines, kind in (
        (whole[:-1], "end"),
        (whole[:5], "end"),
        (backup, "end"),
        ([*whole[:3], *whole[4:]], "missing"),
        ([*whole[:4], *whole[5:]], "missing"),
        ([*whole[:6], *whole[7:]], "missing"),
    ):
        kept.lines = lines
        assert kept.first().kind == kind
        if kind == "missing":
            kept.declare("gap", "that was no backup")
            assert kept.first().kind == kind
    kept.lines = whole[:-1]
    kept.keys.heads.set("access.jsonl", _head_of(whole[-1]))
    kept.grow()
    assert kept.verdict().faults == (Fault("break", 9, 1),)
    assert len(kept.verdict().gaps) == 1


def _head_of(line: bytes) -> str:
    record = json.loads(line)
    return f"{record['number']} {record['mac']}"


def test_a_gap_that_somebody_met_first_can_still_be_declared(kept: Kept) -> None:
    """A program may write before the lead says so; a line that was taken out later is found."""
    kept.lines = kept.lines[:4]
    kept.grow(2)
    assert kept.first().kind == "break"
    kept.declare("gap", "folder put back by hand")
    assert kept.verdict().gaps == (Gap(7, 2, "folder put back by hand", is_seen=True),)
    assert kept.verdict().is_whole
    kept.lines = [*kept.lines[:3], *kept.lines[4:]]
    assert kept.verdict().faults == (Fault("missing", 4, 3),)


@pytest.mark.parametrize("left", [0, 1, 4])
def test_a_lost_head_and_a_lost_log_can_be_declared(kept: Kept, left: int) -> None:
    kept.lines = kept.lines[:left]
    if left:
        kept.keys.heads.forget("access.jsonl")
    kept.declare("gap", "new computer")
    kept.grow()
    assert kept.verdict().is_whole


# Many writers, and failures


def test_a_head_that_cannot_be_kept_shows_nothing(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And however often it is tried, the log stays at most one line ahead."""

    def fail(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("safeguards.keys.heads.write_private", fail)
        for _ in range(3):
            with pytest.raises(LogError, match="Read-only"):
                kept.grow()
    assert len(kept.lines) == 7
    kept.grow()
    assert kept.verdict().is_whole


def test_an_append_reads_the_end_only(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the log is."""
    monkeypatch.setattr(Journal, "read_lines", lambda _: pytest.fail("the whole log was read"))
    kept.grow(2)
