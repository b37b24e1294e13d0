"""The access log: a line for every opening, view and refusal, on the disk before it counts.

It says who, when, in which role, and which children by pseudonym; never a name, a UPN or
a figure.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from safeguards.errors import LogError
from safeguards.home import FILE_MODE, Home, sync_folder

FILE = "access.jsonl"

#: Of the record's shape; readers ignore fields that they do not know.
VERSION = 1

_WORD = re.compile(r"[a-z][a-z_]*")
_PUPIL_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")
_LONGEST = 200


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

    def __init__(self, home: Home, clock: Callable[[], datetime] = utc_now) -> None:
        """`clock` gives a time with its zone; it is written as UTC."""
        self.path = home.log / FILE
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


def _encoded(record: dict[str, object]) -> bytes:
    """One line of plain printable ASCII: JSON escapes all other characters."""
    return json.dumps(record, ensure_ascii=True).encode("ascii") + b"\n"
