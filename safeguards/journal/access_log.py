"""The access log: a line for every opening, view and refusal, on the disk before it counts.

A line holds the person, the time, the role and the children by pseudonym; never a name, a UPN or a
figure.
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
from safeguards.journal.journal import LAST_LINES, START, Journal, Link, Record
from safeguards.keys.keys import Keys

#: The most characters of a text that a line keeps.
MAX_TEXT_LENGTH = 200

#: How far a clock that corrects itself may go back.
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
    """One event of the log.

    `event` is a word: open, view, deny, load and so on.  `page` is None outside pages; `pupil_ids`
    are the children shown, empty if none; `purpose` is None where nobody was asked.  Anything in
    `pupil_ids` that is no pseudonym is a ValueError, so that a UPN or a name does not get in by
    mistake.  Longer texts are cut to 200 characters when they are written: a refusal must be logged
    whatever was asked for.
    """

    event: str
    actor: str
    role: str
    page: str | None = None
    pupil_ids: tuple[str, ...] = ()
    purpose: str | None = None

    def __post_init__(self) -> None:
        if not _WORD.fullmatch(self.event):
            raise ValueError("the event of a log line is one word in lower case")
        if not all(is_pupil_id(pupil_id) for pupil_id in self.pupil_ids):
            raise ValueError("a log line names children by pupil_id only")


def is_pupil_id(text: str) -> bool:
    """Say whether this has the form of a pseudonym."""
    return _PUPIL_ID.fullmatch(text) is not None


def get_utc_now() -> datetime:
    """Return the time of the computer's clock, for the edge of the program."""
    return datetime.now(UTC)


_find_address: list[Callable[[], str | None]] = []


def set_address_source(find_address: Callable[[], str | None]) -> None:
    """Make each line of this process hold the address of the person for whom it is written.

    `find_address` is called as a line is written; None means that no person on a network caused it.
    """
    _find_address[:] = [find_address]


class AccessLog(Journal):
    """The access log of one home."""

    FILE = "access.jsonl"
    FOLDER = "log"
    IS_SEALED = False
    ERROR = LogError

    def __init__(self, home: Home, keys: Keys, clock: Callable[[], datetime] = get_utc_now) -> None:
        """Take the home's keys, and a clock that gives a time with its zone, written as UTC."""
        super().__init__(home, keys)
        self._clock = clock

    def append(self, event: Event) -> None:
        """Write one line; when this returns, it is on the disk.

        It follows the line of the head.  If the file ends with another line, the new line names
        that one: so nobody is locked out, and `audit.verify` finds the place for good.  LogError
        means that it cannot be written: the caller must then show nothing.
        """
        record = self._build_record(**vars(event))
        with self.lock():
            head, (before, last) = self.find_head() or START, self._find_last_links()
            if head == before != last:  # a crash left the head one line behind
                self.set_heads(last)
                head = last
            if last != head:
                record["met"] = [last.number, last.mac]
            self._write_after(head, [record])

    def count_lost_lines(self) -> int:
        """Return how many lines are missing after those in the file, by the log's head."""
        head = self.find_head() or START
        return max(0, head.number - self._find_last_links()[1].number)

    def find_last_view(self, actor: str, page: str, *, before: date) -> datetime | None:
        """Return when a person last viewed a page before that day, in any role; UTC.

        A day is one of UTC.  A line that is no whole record is skipped.  It is None if there is no
        such view or no log yet; LogError means that the log cannot be read.
        """
        values: dict[str, object] = {
            "event": "view",
            "actor": actor[:MAX_TEXT_LENGTH],
            "page": page[:MAX_TEXT_LENGTH],
        }
        # most lines are of other people and pages, and reading a record costs far more than this
        marks = [json.dumps(values[name]).encode("ascii") for name in ("actor", "page")]
        with closing(self.read_newest_first()) as lines:
            for line in lines:
                at = _parse_time(line, values) if all(mark in line for mark in marks) else None
                if at is not None and at.date() < before:
                    return at
        return None

    def find_views(self, pupil_id: str, *, since: date) -> tuple[PageView, ...]:
        """Return the views of this child's page from a day on: one for each day, person and role.

        The newest day is first.  A line that is no whole record is skipped; LogError means that the
        log cannot be read.
        """
        mark = json.dumps(pupil_id).encode("ascii")
        values: dict[str, object] = {"event": "view", "pupil_ids": [pupil_id]}
        views = set()
        for line in self.read_lines():
            at = _parse_time(line, values) if mark in line else None
            if at is not None and at.date() >= since:
                record = json.loads(line)
                views.add(PageView(at.date(), str(record.get("actor")), str(record.get("role"))))
        return tuple(sorted(views, key=lambda view: (-view.day.toordinal(), view.actor, view.role)))

    def read_records(self) -> Iterator[dict[str, Any]]:
        """Yield the records of the log, oldest first, without lines that are no whole record.

        There are none before the first line; LogError means that the log cannot be read.
        """
        for line in self.read_lines():
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
        """Return the record of a line, before its number and HMAC."""
        at = self._clock()
        if at.tzinfo is None:
            raise ValueError("the clock of the log must know its time zone")
        addresses = [address for find in _find_address if (address := find()) is not None]
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

    def _find_last_links(self) -> tuple[Link, Link]:
        """Return the link that the last line in the file follows, and its own."""
        with closing(self.read_newest_first(LAST_LINES)) as newest:
            next(newest)
            return next(filter(None, map(self.parse_line, newest)), (START, START))


def _parse_time(line: bytes, values: dict[str, object]) -> datetime | None:
    """Return when the record of a line was written; None if it is no record or has other values."""
    try:
        record = json.loads(line)
        if not values.items() <= record.items():
            return None
        return datetime.fromisoformat(record["at"]).astimezone(UTC)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
