"""Whether the access log is as it was written, and who has looked at a child."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.journal.journal import START, Link
from safeguards.keys.keys import POINTER, Keys

#: What a lead says in the log of a gap, and what a restore says.
GAP, RESTORE = "gap", "restore"

#: "changed" is a line that was changed, moved or put in; "break" is where the next writer met
#: another end than the head's.
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

    @property
    def has_open_gap(self) -> bool:
        """Whether a lead who says that a backup was put back would change the verdict."""
        may_be_gap = any(fault.kind in ("break", "end", "head") for fault in self.faults)
        return may_be_gap or not all(gap.is_seen for gap in self.gaps)


def verify(home: Home, keys: Keys) -> Verdict:
    """Read the whole log against its chain and its head; it writes nothing.

    Programs may go on writing in the meantime.  LogError if it cannot be read.
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
        """links: of each line, as `Journal.parse_line` gives them."""
        self._links = links
        self._known = {START, *(parsed[1] for parsed in links if parsed)}
        self._numbers = {link.number for link in self._known}
        self._end = START
        self.faults: list[Fault] = []
        self.gaps: list[Gap] = []

    def check_line(self, place: int, line: bytes) -> None:
        """Hold a line against the one before it.

        place: of the line in the file, from 1.
        """
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
            # nobody can tell what the line after a changed one followed; a moved line is elsewhere
            if lost and self._end.number + 1 not in self._numbers:
                self.faults.append(Fault("missing", place, lost))
            else:
                self.faults.append(Fault("changed", place))
        self._end = link
        if record["event"] in (GAP, RESTORE):
            self._declare_gap(place, record)

    def check_end(self, before: Link | None, after: Link | None, *, is_used: bool) -> None:
        """Hold the end of the lines against the head, as it was before they were read and after."""
        if before is None and after is None:
            if is_used:
                self.faults.append(Fault("head"))
        elif before is not None and before not in self._known:
            self.faults.append(Fault("end", None, max(before.number - self._end.number, 0)))
        elif after is not None and self._end.number > after.number + 1:
            self.faults.append(Fault("head", None, self._end.number - after.number))

    def _declare_gap(self, place: int, record: Mapping[str, Any]) -> None:
        """Take each break up to a line that says that a backup was put back for a gap."""
        breaks = [fault for fault in self.faults if fault.kind == "break"]
        self.faults = [fault for fault in self.faults if fault.kind != "break"]
        if breaks:
            lost = sum(fault.lines for fault in breaks)
            self.gaps.append(Gap(place, lost, str(record["purpose"])))
        if record["event"] == GAP:
            self.gaps = [replace(gap, is_seen=True) for gap in self.gaps]
