"""The access log: a line for every opening, view and refusal, on the disk before it counts.

It says who, when, in which role, and which children by pseudonym; never a name, a UPN or
a figure.
"""

import json
import os
import re
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime

from safeguards.errors import LogError
from safeguards.home import FILE_MODE, Home, sync_folder
from safeguards.keys import Keys

FILE = "access.jsonl"

#: Of the record's shape; readers ignore fields that they do not know.
VERSION = 1

_WORD = re.compile(r"[a-z][a-z_]*")
_PUPIL_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")
_LONGEST = 200
#: Bytes that are read at once, from the end of the log.
_BLOCK = 1 << 18


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
        if not _WORD.fullmatch(self.event):
            raise ValueError("the event of a log line is one word in lower case")
        if not all(is_pupil_id(pupil_id) for pupil_id in self.pupil_ids):
            raise ValueError("a log line names children by pupil_id only")


def is_pupil_id(text: str) -> bool:
    """Whether this is a pseudonym by its form."""
    return _PUPIL_ID.fullmatch(text) is not None


def utc_now() -> datetime:
    """The clock, for the edge of the program."""
    return datetime.now(UTC)


class AccessLog:
    """The log of one home, which only grows."""

    def __init__(self, home: Home, keys: Keys, clock: Callable[[], datetime] = utc_now) -> None:
        """`keys` are those of the home; `clock` gives a time with its zone, written as UTC."""
        self.path = home.log / FILE
        self._keys = keys
        self._clock = clock

    def append(self, event: Event) -> None:
        """Write one line; when this returns, it is on the disk.

        LogError if it cannot be written: the caller must then show nothing.
        """
        at = self._clock()
        if at.tzinfo is None:
            raise ValueError("the clock of the log must know its time zone")
        line = _encoded(
            {
                "version": VERSION,
                "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
                "event": event.event,
                "actor": event.actor[:_LONGEST],
                "role": event.role[:_LONGEST],
                "page": None if event.page is None else event.page[:_LONGEST],
                "pupil_ids": list(event.pupil_ids),
                "purpose": None if event.purpose is None else event.purpose[:_LONGEST],
            }
        )
        try:
            self._append(line)
        except OSError as error:
            raise LogError(
                f"{self.path} cannot be written ({error.strerror}), so nothing is shown. "
                "Tell whoever looks after this computer."
            ) from error

    def last_view(self, actor: str, page: str, *, before: date) -> datetime | None:
        """When this person last viewed the page on a day before that one, as `last_view` has it.

        None if there is no log yet; LogError if it cannot be read.
        """
        try:
            with closing(self._newest_first()) as lines:
                return last_view(lines, actor, page, before=before)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LogError(
                f"{self.path} cannot be read ({error.strerror}). "
                "Tell whoever looks after this computer."
            ) from error

    def _newest_first(self) -> Generator[bytes, None, None]:
        """The lines from the last to the first; only as much is read as is asked for."""
        with self.path.open("rb") as file:
            position, begun = file.seek(0, os.SEEK_END), b""
            while position:
                size = min(_BLOCK, position)
                position -= size
                file.seek(position)
                begun, *lines = (file.read(size) + begun).split(b"\n")
                yield from reversed(lines)
            yield begun

    def _append(self, line: bytes) -> None:
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, flags, FILE_MODE)
        try:
            # a crash or a full disk may have left half a line, which must not spoil this one
            size = os.lseek(descriptor, 0, os.SEEK_END)
            if size:
                os.lseek(descriptor, size - 1, os.SEEK_SET)
                if os.read(descriptor, 1) != b"\n":
                    line = b"\n" + line
            # one write, so that lines of two programs do not mix
            if os.write(descriptor, line) != len(line):
                raise OSError(None, "only half of the line was taken")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self.path.parent)


def last_view(
    newest_first: Iterable[bytes], actor: str, page: str, *, before: date
) -> datetime | None:
    """When a person last viewed a page on a day before that one, in whatever role; UTC.

    A day is one of UTC.  A line that is no whole record says nothing.
    """
    wanted = {"event": "view", "actor": actor[:_LONGEST], "page": page[:_LONGEST]}
    # most lines are of other people and pages, and reading a record costs far more than this
    marks = [json.dumps(wanted[name]).encode("ascii") for name in ("actor", "page")]
    for line in newest_first:
        if all(mark in line for mark in marks):
            at = _time_of(line, wanted)
            if at is not None and at.date() < before:
                return at
    return None


def _time_of(line: bytes, wanted: dict[str, str]) -> datetime | None:
    """When the record of a line was written; None if it is none or says something else."""
    try:
        record = json.loads(line)
        if not wanted.items() <= record.items():
            return None
        return datetime.fromisoformat(record["at"]).astimezone(UTC)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def _encoded(record: dict[str, object]) -> bytes:
    """One line of plain printable ASCII: JSON escapes all other characters."""
    return json.dumps(record, ensure_ascii=True).encode("ascii") + b"\n"
