"""The access log: a line for every opening, view and refusal, on the disk before it counts.

It says who, when, in which role, and which children by pseudonym; never a name, a UPN or
a figure.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from safeguards.errors import LogError
from safeguards.home.home import Home
from safeguards.journal.journal import LAST_LINES, START, Journal, Link, Record, parse_link
from safeguards.keys.keys import Keys

#: Characters of a text that a line keeps.
MAX_TEXT_LENGTH = 200

#: What the log says of itself.
_CHAIN_EVENTS = ("break", "gap")
#: By how much a clock that keeps itself right may go back.
CLOCK_TOLERANCE = timedelta(minutes=1)
_WORD = re.compile(r"[a-z][a-z_]*")
_PUPIL_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")


@dataclass(frozen=True)
class PageView:
    """A day on which somebody viewed a child's page, in a role; the day is one of UTC."""

    day: date
    actor: str
    role: str


@dataclass(frozen=True)
class Event:
    """What happened.

    `event` is a word: open, view, deny, load and so on.  `page` is None outside pages;
    `pupil_ids` are the children shown, empty if none; `purpose` is None where nobody was
    asked.  ValueError for anything in `pupil_ids` that is no pseudonym, so that a UPN or
    a name does not get in by mistake.  Longer texts are cut to 200 characters when they
    are written: a refusal must be logged whatever was asked for.
    """

    event: str
    actor: str
    role: str
    page: str | None = None
    pupil_ids: tuple[str, ...] = ()
    purpose: str | None = None

    def __post_init__(self) -> None:
        if not _WORD.fullmatch(self.event) or self.event in _CHAIN_EVENTS:
            raise ValueError("the event of a log line is one word in lower case, and not the log's")
        if not all(is_pupil_id(pupil_id) for pupil_id in self.pupil_ids):
            raise ValueError("a log line names children by pupil_id only")


def is_pupil_id(text: str) -> bool:
    """Whether this is a pseudonym by its form."""
    return _PUPIL_ID.fullmatch(text) is not None


def get_utc_now() -> datetime:
    """The clock, for the edge of the program."""
    return datetime.now(UTC)


_find_address: list[Callable[[], str | None]] = []


def set_address_source(find_address: Callable[[], str | None]) -> None:
    """Have each line of this process hold the address of the person for whom it is written.

    find_address: asked as a line is written; None where no person on a network is the cause.
    """
    _find_address[:] = [find_address]


class AccessLog(Journal):
    """The log of one home, which only grows: each line's HMAC includes the one before."""

    FILE = "access.jsonl"
    FOLDER = "log"
    IS_SEALED = False
    ERROR = LogError

    def __init__(self, home: Home, keys: Keys, clock: Callable[[], datetime] = get_utc_now) -> None:
        """`keys` are those of the home; `clock` gives a time with its zone, written as UTC."""
        super().__init__(home, keys)
        self._clock = clock

    def append(self, event: Event) -> None:
        """Write one line; when this returns, it is on the disk.

        A log that does not end as its head says gets a line "break" first, which stays: so
        nobody is locked out, and `audit.verify` finds it for good.
        LogError if it cannot be written: the caller must then show nothing.
        """
        record = self._build_record(**vars(event))
        with self.lock():
            end = self._find_end()
            if end is None:
                met = self._build_record("break", "lac-monitor", "none")
                self._append_repair(met, record)
            else:
                self._write_after(end, [record])

    def declare_gap(self, why: str, *, actor: str) -> bool:
        """Say on purpose that the log does not go on where it ended, as after a restore.

        The line says what its head expected and what is there, and revokes each "break"
        before it; `audit.verify` then reports a declared gap.  Later lines are proved as
        ever.  False, and nothing is written, where there is no gap.  Call it when a backup
        has been put back, before anything else opens the home.  LogError as in `append`.
        """
        record = self._build_record("gap", actor, "office", purpose=why)
        with self.lock():
            end = self._find_end()
            breaks = self._find_open_breaks()
            if end is not None and not breaks:
                return False
            self._append_repair({**record, "breaks": breaks})
        return True

    def count_lost_lines(self) -> int:
        """How many lines the log had, by its head, after those that are here."""
        head = self.find_head()
        return 0 if head is None else max(0, head.number - self._find_last_link().number)

    def find_last_view(self, actor: str, page: str, *, before: date) -> datetime | None:
        """When a person last viewed a page on a day before that one, in whatever role; UTC.

        A day is one of UTC.  A line that is no whole record says nothing.  None if there is no
        log yet; LogError if it cannot be read.
        """
        wanted: dict[str, object] = {
            "event": "view",
            "actor": actor[:MAX_TEXT_LENGTH],
            "page": page[:MAX_TEXT_LENGTH],
        }
        # most lines are of other people and pages, and reading a record costs far more than this
        marks = [json.dumps(wanted[name]).encode("ascii") for name in ("actor", "page")]
        with closing(self.read_newest_first()) as lines:
            for line in lines:
                at = _parse_time(line, wanted) if all(mark in line for mark in marks) else None
                if at is not None and at.date() < before:
                    return at
        return None

    def find_views(self, pupil_id: str, *, since: date) -> tuple[PageView, ...]:
        """Who viewed this child's page from a day on: once a day, person and role.

        The newest day is first.  A line that is no whole record says nothing; LogError if the log
        cannot be read.
        """
        mark = json.dumps(pupil_id).encode("ascii")
        wanted: dict[str, object] = {"event": "view", "pupil_ids": [pupil_id]}
        found = set()
        for line in self.read_lines()[0]:
            at = _parse_time(line, wanted) if mark in line else None
            if at is not None and at.date() >= since:
                record = json.loads(line)
                found.add(PageView(at.date(), str(record.get("actor")), str(record.get("role"))))
        return tuple(sorted(found, key=lambda look: (-look.day.toordinal(), look.actor, look.role)))

    def read_records(self) -> Iterator[dict[str, Any]]:
        """What the log says, oldest first; a line that is no whole record is passed over.

        Nothing before the first line; LogError if it cannot be read.
        """
        for line in self.read_lines()[0]:
            record: object = None
            with suppress(ValueError):
                record = json.loads(line)
            if isinstance(record, dict):
                yield record

    def _build_record(
        self,
        event: str,
        actor: str,
        role: str,
        page: str | None = None,
        pupil_ids: tuple[str, ...] = (),
        purpose: str | None = None,
    ) -> Record:
        """What a line says, before its number and HMAC."""
        at = self._clock()
        if at.tzinfo is None:
            raise ValueError("the clock of the log must know its time zone")
        addresses = [found for find in _find_address if (found := find()) is not None]
        return {
            "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "event": event,
            "actor": actor[:MAX_TEXT_LENGTH],
            "role": role[:MAX_TEXT_LENGTH],
            "page": None if page is None else page[:MAX_TEXT_LENGTH],
            "pupil_ids": list(pupil_ids),
            "purpose": None if purpose is None else purpose[:MAX_TEXT_LENGTH],
            **({"address": addresses[0]} if addresses else {}),
        }

    def _find_end(self) -> Link | None:
        """Where the chain goes on; None if that is not where its head says.

        A crash may leave the head one line behind.  It is repaired here.
        """
        with closing(self.read_newest_first(LAST_LINES)) as newest:
            next(newest)
            last = next(newest, None)
        before = self.find_head() or START
        if (START if last is None else parse_link(last)) == before:
            return before
        link = None if last is None else self.parse_next(last, before)
        if link is not None:
            self._write_after(link, [])
        return link

    def _find_last_link(self) -> Link:
        """Where the lines that are there say that they end."""
        links = (parse_link(line) for line in reversed(self.read_lines()[0]))
        return next((link for link in links if link), START)

    def _append_repair(self, first: Record, *others: Record) -> None:
        """Append records, the first with where the chain should have ended and where it goes on."""
        head, there = self.find_head(), self._find_last_link()
        expected = None if head is None else [head.number, head.mac]
        first = {**first, "expected": expected, "found": [there.number, there.mac]}
        self._write_after(there, [first, *others], (head or there).number + 1)

    def _find_open_breaks(self) -> list[int]:
        """The numbers of the lines "break" that no gap has revoked.

        It believes what lines say of themselves: `audit.verify` believes their proofs.
        """
        met: set[int] = set()
        for record in self.read_records():
            number, declared = record.get("number"), record.get("breaks")
            if record.get("event") == "break" and isinstance(number, int):
                met.add(number)
            if record.get("event") == "gap" and isinstance(declared, list):
                met.difference_update(each for each in declared if isinstance(each, int))
        return sorted(met)


def _parse_time(line: bytes, wanted: dict[str, object]) -> datetime | None:
    """When the record of a line was written; None if it is none or says something else."""
    try:
        record = json.loads(line)
        if not wanted.items() <= record.items():
            return None
        return datetime.fromisoformat(record["at"]).astimezone(UTC)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
