"""The access log: a line for every opening, view and refusal, on the disk before it counts.

It says who, when, in which role, and which children by pseudonym; never a name, a UPN or
a figure.
"""

import json
import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from safeguards.errors import LogError
from safeguards.files import FILE_MODE, sync_folder
from safeguards.home.home import Home
from safeguards.journal.chain import Chain, Link, compute_start_link, parse_link
from safeguards.journal.page_views import MAX_TEXT_LENGTH, PageView, find_last_view, find_views
from safeguards.keys.keys import Keys

FILE = "access.jsonl"

#: Of the record's shape; readers ignore fields that they do not know.
VERSION = 1

#: What the log says of itself.
_CHAIN_EVENTS = ("break", "gap")
_WORD = re.compile(r"[a-z][a-z_]*")
_PUPIL_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")
#: Bytes that are read at once, from the end of the log.
_BLOCK = 1 << 18
_LAST_LINES = 1 << 12
#: Seconds: a line takes a few thousandths of one.
_LOCK_TIMEOUT_S = 30.0
_LOCK_POLL_S = 0.002


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


class AccessLog:
    """The log of one home, which only grows: each line hangs on the one before."""

    def __init__(self, home: Home, keys: Keys, clock: Callable[[], datetime] = get_utc_now) -> None:
        """`keys` are those of the home; `clock` gives a time with its zone, written as UTC."""
        self.path = home.log / FILE
        self._chain = Chain(home, keys)
        self._clock = clock

    def append(self, event: Event) -> None:
        """Write one line; when this returns, it is on the disk.

        A log that does not end as its head says gets a line "break" first, which stays: so
        nobody is locked out, and `audit.verify` finds it for good.
        LogError if it cannot be written: the caller must then show nothing.
        """
        record = self._build_record(**vars(event))
        with self._lock_file() as file:
            previous, half = self._find_end(file)
            lines = b""
            if previous is None:
                head, previous = self._chain.read_head(), self._find_last_link()
                met = self._build_record("break", "lac-monitor", "none")
                lines, previous = self._build_repair_line(head, previous, met)
            line, end = self._chain.build_line(previous, previous.number + 1, record)
            _write(file, half, lines + line)
            self._chain.write_head(end)

    def declare_gap(self, why: str, *, actor: str) -> bool:
        """Say on purpose that the log does not go on where it ended, as after a restore.

        The line says what its head expected and what is there, and takes back each "break"
        before it; `audit.verify` then tells of a declared gap.  Later lines are proved as
        ever.  False, and nothing is written, where there is no gap.  Call it when a backup
        has been put back, before anything else opens the home.  LogError as in `append`.
        """
        record = self._build_record("gap", actor, "office", purpose=why)
        with self._lock_file() as file:
            end, half = self._find_end(file)
            breaks = self._find_open_breaks()
            if end is not None and not breaks:
                return False
            head, there = self._chain.read_head(), end or self._find_last_link()
            line, end = self._build_repair_line(head, there, {**record, "breaks": breaks})
            _write(file, half, line)
            self._chain.write_head(end)
        return True

    def find_last_view(self, actor: str, page: str, *, before: date) -> datetime | None:
        """When this person last viewed the page on a day before that one, as `last_view` has it.

        None if there is no log yet; LogError if it cannot be read.
        """
        try:
            with closing(self._read_newest_first()) as lines:
                return find_last_view(lines, actor, page, before=before)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _build_read_error(self.path, error) from error

    def find_views(self, pupil_id: str, *, since: date) -> tuple[PageView, ...]:
        """Who viewed this child's page from a day on, as `looked.looks` has it.

        LogError if the log cannot be read.
        """
        return find_views(self.read_lines()[0], pupil_id, since=since)

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

    def read_lines(self) -> tuple[list[bytes], bytes]:
        """Every whole line, and the half one at the end that a crash may have left."""
        try:
            *lines, half = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return [], b""
        except OSError as error:
            raise _build_read_error(self.path, error) from error
        return lines, half

    def _read_newest_first(self, at_once: int = 0) -> Generator[bytes, None, None]:
        """The lines from the last to the first; only as much is read as is asked for.

        The first is what stands after the last end of a line: nothing, or half a line.
        at_once: bytes, if not the usual number.
        """
        with self.path.open("rb") as file:
            position, begun = file.seek(0, os.SEEK_END), b""
            while position:
                size = min(at_once or _BLOCK, position)
                position -= size
                file.seek(position)
                begun, *lines = (file.read(size) + begun).split(b"\n")
                yield from reversed(lines)
            yield begun

    def _build_record(
        self,
        event: str,
        actor: str,
        role: str,
        page: str | None = None,
        pupil_ids: tuple[str, ...] = (),
        purpose: str | None = None,
    ) -> dict[str, object]:
        """What a line says, before its number and mac."""
        at = self._clock()
        if at.tzinfo is None:
            raise ValueError("the clock of the log must know its time zone")
        return {
            "version": VERSION,
            "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "event": event,
            "actor": actor[:MAX_TEXT_LENGTH],
            "role": role[:MAX_TEXT_LENGTH],
            "page": None if page is None else page[:MAX_TEXT_LENGTH],
            "pupil_ids": list(pupil_ids),
            "purpose": None if purpose is None else purpose[:MAX_TEXT_LENGTH],
        }

    @contextmanager
    def _lock_file(self) -> Iterator[int]:
        """The open file, while no other program or thread writes to it; LogError if none is."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            with FileLock(
                f"{self.path}.lock", _LOCK_TIMEOUT_S, FILE_MODE, poll_interval=_LOCK_POLL_S
            ):
                is_new = not self.path.exists()
                file = os.open(self.path, flags, FILE_MODE)
                try:
                    if is_new:
                        sync_folder(self.path.parent)
                    yield file
                finally:
                    os.close(file)
        except Timeout:
            raise LogError("Somebody else is writing to the log. Try again in a moment.") from None
        except OSError as error:
            raise LogError(
                f"{self.path} or its head cannot be written ({error.strerror}), so nothing is "
                "shown. Tell whoever looks after this computer."
            ) from error

    def _find_end(self, file: int) -> tuple[Link | None, int]:
        """Where the chain goes on, None if that is not where its head says; bytes of a half line.

        A crash may leave the head one line behind: it is put right here.
        """
        with closing(self._read_newest_first(_LAST_LINES)) as found:
            half, last = next(found), next(found, b"")
        head, there = self._chain.read_head(), parse_link(last)
        if there is not None and there == head:
            return head, len(half)
        if head is None:
            lines = self.read_lines()[0]
            if all(parse_link(line) is None for line in lines):
                return compute_start_link(lines), len(half)
            before = compute_start_link(lines[:-1])
        else:
            before = head
        if there and there.number == before.number + 1 and self._chain.verify_line(last, before):
            os.fsync(file)
            self._chain.write_head(there)
            return there, len(half)
        return None, len(half)

    def _find_last_link(self) -> Link:
        """Where the lines that are there say that they end; where they begin if none says so."""
        lines = self.read_lines()[0]
        links = (parse_link(line) for line in reversed(lines))
        return next((link for link in links if link), None) or compute_start_link(lines)

    def _build_repair_line(
        self, head: Link | None, there: Link, record: dict[str, object]
    ) -> tuple[bytes, Link]:
        """The line that says where the chain should have ended and where it goes on."""
        expected = None if head is None else [head.number, head.mac]
        return self._chain.build_line(
            there,
            (head or there).number + 1,
            {**record, "expected": expected, "found": [there.number, there.mac]},
        )

    def _find_open_breaks(self) -> list[int]:
        """The numbers of the lines "break" that no gap has taken back.

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


def _write(file: int, half: int, lines: bytes) -> None:
    """Put lines on the disk in place of half a line, which is nobody's; all of them or none."""
    end = os.lseek(file, 0, os.SEEK_END) - half
    try:
        os.ftruncate(file, end)
        _write_all(file, lines)
    except OSError:
        os.ftruncate(file, end)
        raise


def _write_all(file: int, lines: bytes) -> None:
    # one write, so that a reader sees whole lines
    if os.write(file, lines) != len(lines):
        raise OSError(None, "only half of the line was taken")
    os.fsync(file)


def _build_read_error(path: Path, error: OSError) -> LogError:
    return LogError(
        f"{path} cannot be read ({error.strerror}). Tell whoever looks after this computer."
    )
