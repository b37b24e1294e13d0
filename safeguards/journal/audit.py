"""Checks that the access log is as it was written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.journal.journal import START, Link
from safeguards.keys.keys import POINTER, Keys

#: The events of a gap that a lead declares, and of a restore.
GAP, RESTORE = "gap", "restore"

#: "changed" is a line that was changed, moved or put in; "break" is a place where the next writer
#: met another end than the head's.
Kind = Literal["changed", "missing", "break", "end", "head"]


@dataclass(frozen=True)
class Fault:
    """One place where the log is not as it was written.

    `line` is counted from 1 in the file; None at its end.  `lines` is the number of missing lines,
    or at the end the number by which the head is behind; 0 if that is not known.
    """

    kind: Kind
    line: int | None = None
    lines: int = 0


@dataclass(frozen=True)
class Gap:
    """A place where somebody declared that a backup had been restored.

    `lines` is the number of earlier lines that are missing; 0 if that is not known.  `is_seen` says
    whether a safeguarding lead has since declared that this was right.
    """

    line: int
    lines: int
    why: str
    is_seen: bool = False


@dataclass(frozen=True)
class Verdict:
    """The result of a check of the log.

    The faults are in the order of the file.  Look at the first one: it may have caused those after
    it.
    """

    lines: int
    gaps: tuple[Gap, ...]
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether every line is there as it was written, except for gaps that were declared."""
        return not self.faults

    @property
    def has_open_gap(self) -> bool:
        """Say whether the verdict changes if a lead declares that a backup was restored."""
        may_be_gap = any(fault.kind in ("break", "end", "head") for fault in self.faults)
        return may_be_gap or not all(gap.is_seen for gap in self.gaps)


def verify(home: Home, keys: Keys) -> Verdict:
    """Check the whole log against its chain and its head, and write nothing.

    Programs may go on writing in the meantime.  LogError means that the log cannot be read.
    """
    log = AccessLog(home, keys)
    # before the lines and after them: another program's lines are no fault
    head_before = log.find_head()
    lines = log.read_lines()
    head_after = log.find_head()
    reading = _Reading([log.parse_line(line) for line in lines])
    for place, line in enumerate(lines, start=1):
        reading.check_line(place, line)
    # no home is used without a line
    is_used = bool(lines) or (home.store / POINTER).exists()
    reading.check_end(head_before, head_after, is_used=is_used)
    return Verdict(len(lines), tuple(reading.gaps), tuple(reading.faults))


class _Reading:
    """One pass over the lines, which goes on after a fault as well as it can."""

    def __init__(self, links: Sequence[tuple[Link, Link] | None]) -> None:
        """Take the links of each line, as `Journal.parse_line` returns them."""
        self._links = links
        self._known = {START, *(parsed[1] for parsed in links if parsed)}
        self._numbers = {link.number for link in self._known}
        self._end = START
        self.faults: list[Fault] = []
        self.gaps: list[Gap] = []

    def check_line(self, place: int, line: bytes) -> None:
        """Compare a line with the one before it; `place` is its number in the file, from 1."""
        links = self._links[place - 1]
        if links is None:
            self.faults.append(Fault("changed", place))
            return
        record: dict[str, Any] = json.loads(line)
        before, link = links
        met = Link(*record["met"]) if "met" in record else before
        lost = max(before.number - self._end.number, 0)
        if met == self._end and met != before:
            self.faults.append(Fault("break", place, lost))
        elif met != self._end and (place == 1 or self._links[place - 2] is not None):
            # it is not known which line the one after a changed line followed; a moved line is
            # elsewhere in the file
            if lost and self._end.number + 1 not in self._numbers:
                self.faults.append(Fault("missing", place, lost))
            else:
                self.faults.append(Fault("changed", place))
        self._end = link
        if record["event"] in (GAP, RESTORE):
            self._declare_gap(place, record)

    def check_end(self, before: Link | None, after: Link | None, *, is_used: bool) -> None:
        """Compare the end of the lines with the head, as it was before they were read and after."""
        if before is None and after is None:
            if is_used:
                self.faults.append(Fault("head"))
        elif before is not None and before not in self._known:
            self.faults.append(Fault("end", None, max(before.number - self._end.number, 0)))
        elif after is not None and self._end.number > after.number + 1:
            self.faults.append(Fault("head", None, self._end.number - after.number))

    def _declare_gap(self, place: int, record: Mapping[str, Any]) -> None:
        """Turn each break up to a line about a restored backup into a gap."""
        breaks = [fault for fault in self.faults if fault.kind == "break"]
        self.faults = [fault for fault in self.faults if fault.kind != "break"]
        if breaks:
            lost = sum(fault.lines for fault in breaks)
            self.gaps.append(Gap(place, lost, str(record["purpose"])))
        if record["event"] == GAP:
            self.gaps = [replace(gap, is_seen=True) for gap in self.gaps]
