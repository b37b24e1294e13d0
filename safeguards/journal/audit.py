"""Whether the access log is as it was written, and who has looked at a child."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.journal.journal import START, Journal, Link, parse_link
from safeguards.keys.keys import POINTER, Keys

#: "changed" is a line that was changed, moved or put in.
Kind = Literal["changed", "missing", "break", "end", "head"]


@dataclass(frozen=True)
class Fault:
    """One place where the log is not as it was written.

    line: counted from 1 in the file; None at its end.  lines: how many are missing, at
    the end by how many the head is behind; 0 where that cannot be told.
    """

    kind: Kind
    line: int | None = None
    lines: int = 0


@dataclass(frozen=True)
class Gap:
    """A place where somebody said that a backup had been put back.

    lines: how many lines that once were there are not; 0 where that cannot be told.
    is_seen: whether a safeguarding lead has said since that this was right.
    """

    line: int
    lines: int
    why: str
    is_seen: bool = False


@dataclass(frozen=True)
class Verdict:
    """What a log is worth.

    faults: in the order of the file; the first is the one to look at, since what follows
    it may be its doing.
    """

    lines: int
    gaps: tuple[Gap, ...]
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every line is there as it was written, but for gaps that were declared."""
        return not self.faults


def verify(home: Home, keys: Keys) -> Verdict:
    """Read the whole log against its chain and its head; it writes nothing.

    Programs may go on writing in the meantime.  LogError if it cannot be read.
    """
    log = AccessLog(home, keys)
    # before the lines and after them: another program's lines are no fault
    head_before = log.find_head()
    lines, _ = log.read_lines()
    head_after = log.find_head()
    reading = _Reading(log, lines)
    reading.check_lines()
    reading.check_head(head_before, head_after, is_used=(home.store / POINTER).exists())
    return Verdict(len(lines), tuple(reading.gaps), tuple(reading.faults))


class _Reading:
    """One pass over the lines, which goes on after a fault as well as it can."""

    def __init__(self, journal: Journal, lines: list[bytes]) -> None:
        self._journal = journal
        self._lines = lines
        self._links = [parse_link(line) for line in lines]
        self._end = START
        self._ends = {START}
        self._breaks: dict[int, Fault] = {}
        self.faults: list[Fault] = []
        self.gaps: list[Gap] = []

    def check_lines(self) -> None:
        numbers = {link.number for link in self._links if link}
        for place, (line, link) in enumerate(zip(self._lines, self._links, strict=True)):
            expected = self._end.number + 1
            if link is not None and self._journal.verify_line(line, self._end):
                self._note_chain_event(place, line, link)
            elif link is not None and link.number > expected and expected not in numbers:
                self.faults.append(Fault("missing", place + 1, link.number - expected))
            else:
                self.faults.append(Fault("changed", place + 1))
            if link is not None and link.number > self._end.number:
                self._end = link
            self._ends.add(self._end)
        self.faults.extend(self._breaks.values())
        self.faults.sort(key=lambda fault: fault.line or 0)

    def check_head(self, before: Link | None, after: Link | None, *, is_used: bool) -> None:
        """Hold the end of the lines against the head; no home is used without a line."""
        if before is None and after is None:
            if self._lines or is_used:
                self.faults.append(Fault("head"))
        elif before is not None and before not in self._ends:
            self.faults.append(Fault("end", None, max(before.number - self._end.number, 0)))
        elif after is not None and self._end.number > after.number + 1:
            self.faults.append(Fault("head", None, self._end.number - after.number))

    def _note_chain_event(self, place: int, line: bytes, link: Link) -> None:
        """Keep what a true line says of the chain itself."""
        if b'"event": "break"' in line:
            self._breaks[link.number] = Fault("break", place + 1, _count_lost(json.loads(line)))
        elif b'"event": "gap"' in line:
            record = json.loads(line)
            numbers = self._breaks.keys() & set(record.get("breaks", []))
            lost = _count_lost(record) + sum(self._breaks.pop(number).lines for number in numbers)
            self.gaps.append(Gap(place + 1, lost, record["purpose"]))
        elif b'"event": "gap_seen"' in line:
            self.gaps = [replace(gap, is_seen=True) for gap in self.gaps]


def _count_lost(record: Mapping[str, Any]) -> int:
    """How many lines were there when the log was left, and not when it was met."""
    expected, found = record["expected"], record["found"]
    return max(expected[0] - found[0], 0) if expected else 0
