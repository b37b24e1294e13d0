"""A file of lines that only grows: each line names the one that it follows, and has an HMAC.

A line is one JSON object: its number, the HMAC of the line before, its content and its own HMAC.
The content is one sealed text, or fields of other names.  The key is derived for the home and the
file, so a line that was edited, moved, put in, taken out or copied from elsewhere is detected.
Without its last lines a chain is still whole: a head, kept elsewhere, shows that they are missing.
"""

import base64
import hmac
import json
import os
import re
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import Timeout

from safeguards.errors import SafeguardsError, SealedLinesError
from safeguards.files import FILE_MODE, lock_file, sync_folder, wipe_replaced, write_private
from safeguards.home.home import Home
from safeguards.keys.key_files import derive_key
from safeguards.keys.keys import Keys

_LINE = re.compile(
    r'(\{"number": ([1-9][0-9]{0,17}), "after": "([0-9a-f]{64})", .+), "mac": "([0-9a-f]{64})"\}'
)
_HEAD = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64})")
_NONCE = 12
# a longer note must not make a longer line
_PADDED_TO = 512
#: The bytes that are read at once, from the end of the file.
_BLOCK = 1 << 18
#: The same, if only the last line is needed.
LAST_LINES = 1 << 12
#: The longest wait in seconds; a line takes a few thousandths of one.
_LOCK_TIMEOUT_S = 30.0

Record = dict[str, Any]


def to_record(content: object) -> Record:
    """Return a dataclass or a dict as JSON gives it back; `msgspec.convert` restores it."""
    record: Record = msgspec.json.decode(msgspec.json.encode(content))
    return record


@dataclass(frozen=True)
class Link:
    """The end of a chain: the number of its last line, and that line's HMAC."""

    number: int
    mac: str


#: The end of a chain without lines.
START = Link(0, "0" * 64)


class Journal:
    """One file of lines of a home.  A subclass names the file and its records."""

    #: The file's name, and the folder of the home in which it is; None for a file beside the keys,
    #: which a restore of the home does not replace.
    FILE: ClassVar[str]
    FOLDER: ClassVar[str | None] = "written"
    IS_SEALED: ClassVar[bool] = True
    #: The error for a file that is not as it was written, or out of reach.
    ERROR: ClassVar[type[SafeguardsError]] = SealedLinesError

    def __init__(self, home: Home, keys: Keys) -> None:
        """Read nothing yet: `open` also loads the records of the home."""
        self.path = (home.folder / self.FOLDER if self.FOLDER else keys.folder) / self.FILE
        #: The records that `load` read, and those that were appended since.
        self.records: list[Record] = []
        self._heads = keys.heads
        self._links = [START]
        use = f"{self.path.stem}|v1|{home.home_id}"
        self._mac_key = derive_key(keys.log, f"journal|{use}")
        sealing_key = derive_key(bytes.fromhex(keys.store), f"sealed|{use}")
        self._cipher = AESGCM(sealing_key) if self.IS_SEALED else None

    @classmethod
    def open(cls, home: Home, keys: Keys) -> Self:
        """Return the journal of this home, empty if it has no file; errors are those of `load`."""
        journal = cls(home, keys)
        journal.load()
        return journal

    def list_heads(self) -> tuple[Link, ...]:
        """Return the possible ends of the file, by the home's heads; none before the first line.

        While the file is written anew, they include the end of the one before.
        """
        known = map(_HEAD.fullmatch, self._heads.get(self.path.name) or ())
        return tuple(Link(int(parts[1]), parts[2]) for parts in known if parts)

    def find_head(self) -> Link | None:
        """Return the link of the newest line, by the home's heads; None if none was written yet."""
        return next(reversed(self.list_heads()), None)

    def set_heads(self, *links: Link) -> None:
        """Store these links as the home's heads; an OSError means that they are not on the disk."""
        self._heads.set(self.path.name, *(f"{link.number} {link.mac}" for link in links))

    @property
    def head(self) -> str:
        """Return the HMAC of the newest line; a copy of it shows whether later lines are gone."""
        return self._links[-1].mac

    def has_head(self, head: str) -> bool:
        """Say whether the file still has every line that it had when its head was this."""
        return any(link.mac == head for link in self._links)

    def parse_line(self, line: bytes) -> tuple[Link, Link] | None:
        """Return the link that a line follows and its own, or None for no line of this journal."""
        parts = _LINE.fullmatch(line.decode("latin-1"))
        if parts is None or not hmac.compare_digest(parts[4], self._compute_mac(parts[1])):
            return None
        return Link(int(parts[2]) - 1, parts[3]), Link(int(parts[2]), parts[4])

    def read_lines(self) -> list[bytes]:
        """Return every whole line, or none without a file; a crash may leave a part of another."""
        try:
            return self.path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._build_read_error(error) from error

    def read_newest_first(self, at_once: int = 0) -> Generator[bytes, None, None]:
        """Yield the lines from the last to the first, reading no more of the file than is needed.

        The first is the text after the last line's end: nothing, or a partial line.  `at_once` is
        the number of bytes to read, if not the usual one.
        """
        begun = b""
        try:
            with self.path.open("rb") as file:
                position = file.seek(0, os.SEEK_END)
                while position:
                    size = min(at_once or _BLOCK, position)
                    position -= size
                    file.seek(position)
                    begun, *lines = (file.read(size) + begun).split(b"\n")
                    yield from reversed(lines)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise self._build_read_error(error) from error
        yield begun

    def load(self, *, is_complete: bool = True) -> None:
        """Read all records anew.

        A partial line at the end is skipped: its writer was never told that it is safe.  The
        journal's error means that a line is not as it was written or belongs to other keys, or that
        the line of the head is missing.  `is_complete` is False where lines may be missing, as in a
        home from a backup.
        """
        # before the lines, to which another program may add
        heads = self.list_heads() if is_complete else ()
        self.records, self._links = [], [START]
        for line in self.read_lines():
            record, link = self._parse_next(line)
            self.records.append(record)
            self._links.append(link)
        self._require_heads(heads)

    def add_missing(self, other: Path) -> int:
        """Append the lines that only another file of this journal has, as in a backup.

        Return the number of lines that only this file had.  The journal's error means that either
        file was changed, or that lines are missing from both.
        """
        with self.lock():
            heads, theirs = self.list_heads(), copy(self)
            theirs.path = other
            for journal in (self, theirs):
                journal.load(is_complete=False)
            later = sum(record not in theirs.records for record in self.records)
            if missing := [record for record in theirs.records if record not in self.records]:
                self._extend(missing)
            self._require_heads(heads)
        return later

    @contextmanager
    def open_for_append(self) -> Iterator[Callable[..., None]]:
        """Yield a function that appends records, for one writer at a time.

        Records that others have appended in the meantime are loaded first.  When the function
        returns, the new ones are on the disk.  The journal's error is as in `load`, or means that
        they cannot be written: the file is then as it was.
        """
        with self.lock():
            self.load()
            yield lambda *records: self._extend(records)

    def rewrite(self, transform: Callable[[Record], Record | None]) -> None:
        """Replace the file by one with changed records and wipe the old one: for erasures only.

        Each record becomes the result of `transform`, or is dropped if that is None.  All of it
        happens or nothing, and nothing if no record changes.  The HMACs are others afterwards.  The
        errors are those of `open_for_append`.
        """
        if not self.path.exists():
            return
        with self.lock():
            self.load()
            kept = [new for record in self.records if (new := transform(record)) is not None]
            if kept == self.records:
                return
            content, links = self._build_lines(kept, START)
            before, self._links = self._links[-1], [START, *links]
            self.set_heads(before, self._links[-1])
            with wipe_replaced(self.path):
                write_private(self.path, content)
            self.records = kept
            self.set_heads(self._links[-1])

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other programs and threads from writing; an OSError becomes the journal's error."""
        try:
            with lock_file(self.path, _LOCK_TIMEOUT_S):
                yield
        except Timeout:
            raise self.ERROR("Somebody else is saving something. Try again in a moment.") from None
        except OSError as error:
            raise self.ERROR(
                f"{self.path} or its head cannot be written ({error.strerror}), so nothing was "
                "saved and nothing is shown. Tell the person who looks after this computer."
            ) from error

    @contextmanager
    def _open_file(self) -> Iterator[int]:
        """Open the file to append to it; it is created if there is none."""
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.open(self.path, flags, FILE_MODE)
        try:
            if is_new:
                sync_folder(self.path.parent)
            yield file
        finally:
            os.close(file)

    def _write_after(self, previous: Link, records: Sequence[Record]) -> list[Link]:
        """Put records on the disk in place of a partial line, all of them or none; then the head.

        Return the links of the new lines; OSError if the disk does not take them.  The caller holds
        the lock.
        """
        content, links = self._build_lines(records, previous)
        with self._open_file() as file, closing(self.read_newest_first(LAST_LINES)) as newest:
            end = os.lseek(file, 0, os.SEEK_END) - len(next(newest))
            try:
                os.ftruncate(file, end)
                _write_all(file, content)
            except OSError:
                os.ftruncate(file, end)
                raise
        self.set_heads((links or [previous])[-1])
        return links

    def _extend(self, records: Sequence[Record]) -> None:
        """Append records to those that were loaded; the caller holds the lock."""
        self._links += self._write_after(self._links[-1], records)
        self.records += records

    def keep_head(self) -> None:
        """Store the head of a file that was restored from a backup."""
        if self.path.exists():
            with self.open_for_append() as write:
                write()

    def _require_heads(self, heads: Collection[Link]) -> None:
        if heads and not set(heads).intersection(self._links):
            raise self.ERROR(
                f"{self.path} lacks lines that were written here, so an older copy was put "
                "back by hand. Ask whoever looks after this computer to run `lac restore`."
            )

    def _build_read_error(self, error: OSError) -> SafeguardsError:
        return self.ERROR(
            f"{self.path} cannot be read ({error.strerror}), so nothing is shown. Tell the "
            "person who looks after this computer."
        )

    def _build_lines(self, records: Sequence[Record], previous: Link) -> tuple[bytes, list[Link]]:
        """Return records as lines after `previous`, in ASCII with their ends, and their links."""
        lines, links = [], [previous]
        for record in records:
            number, after = links[-1].number + 1, links[-1].mac
            fields = {"number": number, "after": after, **self._seal(record)}
            body = json.dumps(fields)[:-1]
            links.append(Link(number, self._compute_mac(body)))
            lines.append(f'{body}, "mac": "{links[-1].mac}"}}\n')
        return "".join(lines).encode("ascii"), links[1:]

    def _compute_mac(self, body: str) -> str:
        return hmac.digest(self._mac_key, body.encode("latin-1"), "sha256").hex()

    def _seal(self, record: Record) -> Record:
        if self._cipher is None:
            return record
        text = json.dumps(record).encode("ascii")
        # blanks after the end do not count in JSON
        padded = text.ljust(-(-len(text) // _PADDED_TO) * _PADDED_TO)
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, padded, None)
        return {"sealed": base64.b64encode(sealed).decode("ascii")}

    def _unseal(self, record: Record) -> Record:
        """Return the record that `_seal` sealed; an InvalidTag means that it does not open."""
        if self._cipher is None:
            return record
        sealed = base64.b64decode(record["sealed"])
        opened: Record = json.loads(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
        return opened

    def _parse_next(self, line: bytes) -> tuple[Record, Link]:
        """Return the record and the link of the next line; the journal's error for another line."""
        last, links = self._links[-1], self.parse_line(line)
        with suppress(InvalidTag):
            if links is not None and links[0] == last:
                record: Record = json.loads(line)
                for name in ("number", "after", "mac"):
                    del record[name]
                return self._unseal(record), links[1]
        raise self.ERROR(
            f"{self.path} was changed at line {last.number + 1}, or these are not its keys. "
            "Restore a backup."
        )


def _write_all(file: int, content: bytes) -> None:
    # one write, so that a reader sees whole lines
    if os.write(file, content) != len(content):
        raise OSError(None, "only half of the line was taken")
    os.fsync(file)
