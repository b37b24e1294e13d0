"""What people type, which no export holds: a log of entries that only grows.

Each line is one entry, sealed; the seal is bound to the home, to the line's number and to
the line before.  So a line that was edited, moved, put in or taken out is found.  Lines
taken off the end leave a whole log: whoever keeps its `head` finds that with `holds`.
"""

import base64
import hashlib
import json
import os
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock, Timeout

from safeguards.errors import WrittenError
from safeguards.handles import random_id
from safeguards.home import FILE_MODE, SYSTEM_RANDOM, Home, sync_folder
from safeguards.keys import Keys
from safeguards.log import is_pupil_id

FILE = "entries.sealed"

#: Of an entry's shape; raised by one when older code cannot read it.
VERSION = 1

#: The head of a log without entries.
NO_LINES = "0" * 64

_NONCE = 12
# A longer note must not make a longer line.
_PADDED_TO = 512
_PATIENCE = 30.0


@dataclass(frozen=True)
class Entry:
    """One thing that one person typed about one child.

    file: the export of whose rows a fact is one; "" for an action.  values: by column.
    where_written: the paper that says so, "" for an action.  corrects: the `entry_id` of
    the entry that this one stands in for, None if it is a new one.  ValueError for a time
    without its zone, or for anything where a code must stand.
    """

    entry_id: str
    at: datetime
    actor: str
    role: str
    kind: Literal["action", "fact"]
    pupil_id: str
    file: str
    values: Mapping[str, str] = field(repr=False)
    where_written: str = ""
    corrects: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of an entry must know its zone")
        if self.kind not in ("action", "fact") or (self.kind == "action") != (self.file == ""):
            raise ValueError("an entry is an action, or a fact of a file")
        codes = (self.entry_id, self.pupil_id, self.corrects or self.entry_id)
        if not all(is_pupil_id(code) for code in codes):
            raise ValueError("entries and children are named by their codes only")


def new_entry_id(rng: random.Random = SYSTEM_RANDOM) -> str:
    """Ten characters drawn at random; they say nothing about the child."""
    return random_id(rng)


class Written:
    """The entries of one home, as they were when it was opened and with what it appended."""

    def __init__(self, home: Home, keys: Keys) -> None:
        """No entries yet; `Written.open` gives those that the home holds."""
        self._home = home
        self._path = home.written / FILE
        self._entries: list[Entry] = []
        self._heads = [NO_LINES]
        derived = HKDF(SHA256(), 32, salt=None, info=f"written|v1|{home.home_id}".encode())
        self._seal = AESGCM(derived.derive(bytes.fromhex(keys.store)))

    @classmethod
    def open(cls, home: Home, keys: Keys) -> "Written":
        """What was typed in this home; nothing in a home where nobody has typed yet.

        Half a line at the end, left by a crash, is passed over: its writer was never told
        that it is safe.  WrittenError if any line is not as it was written, belongs to
        other keys or to a newer version, or cannot be read.
        """
        written = cls(home, keys)
        try:
            content = written._path.read_bytes()
        except FileNotFoundError:
            content = b""
        except OSError as error:
            raise WrittenError(f"{written._path} cannot be read: {error.strerror}.") from error
        written._read(content)
        return written

    @property
    def head(self) -> str:
        """The hash of the newest line: whoever keeps it can tell that later lines are gone."""
        return self._heads[-1]

    def holds(self, head: str) -> bool:
        """Whether the log still has every line that it had when its head was this."""
        return head in self._heads

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order in which they were typed."""
        return tuple(self._entries)

    def current(self) -> tuple[Entry, ...]:
        """The entries less those that a later one corrects."""
        corrected = {entry.corrects for entry in self._entries}
        return tuple(entry for entry in self._entries if entry.entry_id not in corrected)

    def append(self, entry: Entry) -> None:
        """Write one entry after those of everybody; when this returns, it is on the disk.

        What others have appended in the meantime is read first.  ValueError if the id is
        taken or `corrects` names no entry.  WrittenError as in `open`, or if the line
        cannot be written: the log is then as it was.
        """
        try:
            with FileLock(f"{self._path}.lock", _PATIENCE, FILE_MODE), self._opened() as file:
                self._append(file, entry)
        except Timeout:
            raise WrittenError("Somebody else is writing. Try again in a moment.") from None
        except OSError as error:
            raise WrittenError(
                f"{self._path} cannot be written ({error.strerror}), so nothing was kept. "
                "Tell whoever looks after this computer."
            ) from error

    @contextmanager
    def _opened(self) -> Iterator[int]:
        is_new = not self._path.exists()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.open(self._path, flags, FILE_MODE)
        try:
            yield file
        finally:
            os.close(file)
        if is_new:
            sync_folder(self._path.parent)

    def _append(self, file: int, entry: Entry) -> None:
        content = _all_of(file)
        self._read(content)
        taken = {each.entry_id for each in self._entries}
        if entry.entry_id in taken or entry.corrects not in {None, *taken}:
            raise ValueError("an entry's id is its own, and it corrects one that is there")
        line = self._sealed(entry)
        # half a line at the end is nobody's: this one takes its place
        end = content.rfind(b"\n") + 1
        try:
            os.ftruncate(file, end)
            os.lseek(file, end, os.SEEK_SET)
            _write(file, line + b"\n")
        except OSError:
            os.ftruncate(file, end)
            raise
        self._entries.append(entry)
        self._heads.append(_hash(line))

    def _read(self, content: bytes) -> None:
        self._entries.clear()
        del self._heads[1:]
        for line in content.split(b"\n")[:-1]:
            self._entries.append(self._unsealed(line))
            self._heads.append(_hash(line))

    def _sealed(self, entry: Entry) -> bytes:
        record = {
            "version": VERSION,
            **asdict(entry),
            "at": entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "values": dict(entry.values),
        }
        text = json.dumps(record, ensure_ascii=True).encode("ascii")
        # blanks after the end are no part of JSON
        padded = text.ljust(-(-len(text) // _PADDED_TO) * _PADDED_TO)
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + self._seal.encrypt(nonce, padded, self._place()))

    def _unsealed(self, line: bytes) -> Entry:
        try:
            sealed = _bytes_of(line)
            text = self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place())
        except (ValueError, InvalidTag) as error:
            raise WrittenError(
                f"{self._path} was changed at line {len(self._heads)}, or belongs to other "
                "keys. Restore a backup."
            ) from error
        record = json.loads(text)
        if record.pop("version") > VERSION:
            raise WrittenError(
                f"{self._path} was written by a newer lac-monitor. Update lac-monitor."
            )
        return Entry(**{**record, "at": datetime.fromisoformat(record["at"])})

    def _place(self) -> bytes:
        """What the next line is bound to: the home, the line's number and the line before."""
        number = len(self._heads)
        return f"written|v1|{self._home.home_id}|{number}|{self.head}".encode("ascii")


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _bytes_of(line: bytes) -> bytes:
    """What a line spells; ValueError unless it is spelled as `_sealed` would."""
    sealed = base64.b64decode(line, validate=True)
    if base64.b64encode(sealed) != line:
        raise ValueError("the same bytes in other letters")
    return sealed


def _write(file: int, content: bytes) -> None:
    if os.write(file, content) != len(content):
        raise OSError(None, "only half of the line was taken")
    os.fsync(file)


def _all_of(file: int) -> bytes:
    parts = []
    os.lseek(file, 0, os.SEEK_SET)
    while part := os.read(file, 1 << 20):
        parts.append(part)
    return b"".join(parts)
