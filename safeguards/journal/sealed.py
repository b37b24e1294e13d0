"""A file of sealed lines that only grows, each bound to the one before.

The seal of a line is bound to the home, to what the file is for, to the line's number and
to the line before.  So a line that was edited, moved, put in or taken out is found.  Lines
taken off the end leave a whole file: whoever keeps its `head` finds that with `holds`.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock, Timeout

from safeguards.errors import SealedLinesError
from safeguards.files import FILE_MODE, sync_folder, wipe_replaced, write_private
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

#: The head of a file without lines.
EMPTY_HEAD = "0" * 64

_NONCE = 12
# A longer note must not make a longer line.
_PADDED_TO = 512
_LOCK_TIMEOUT_S = 30.0

Record = dict[str, Any]


class SealedLines:
    """The lines of one file in `written/`, as they were read and with what was appended."""

    def __init__(self, home: Home, keys: Keys, file: str, *, use: str, version: int) -> None:
        """No lines yet: `read` takes those that the file holds.

        use: what the file is for; no two files have the same.  version: of the records'
        shape, raised by one when older code cannot read them.
        """
        self.path = home.sealed_files / file
        self.records: list[Record] = []
        self._heads = [EMPTY_HEAD]
        self._bound_to = f"{use}|v1|{home.home_id}"
        self._version = version
        derived = HKDF(SHA256(), 32, salt=None, info=self._bound_to.encode())
        self._seal = AESGCM(derived.derive(bytes.fromhex(keys.store)))

    @property
    def head(self) -> str:
        """The hash of the newest line: whoever keeps it can tell that later lines are gone."""
        return self._heads[-1]

    def has_head(self, head: str) -> bool:
        """Whether the file still has every line that it had when its head was this."""
        return head in self._heads

    def read(self) -> None:
        """Take the lines of the file anew; none where there is no file.

        Half a line at the end, left by a crash, is passed over: its writer was never told
        that it is safe.  WrittenError if any line is not as it was written, belongs to
        other keys or to a newer version, or cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            content = b""
        except OSError as error:
            raise SealedLinesError(f"{self.path} cannot be read: {error.strerror}.") from error
        self._load(content)

    @contextmanager
    def open_for_append(self) -> Iterator[Callable[[Record], None]]:
        """Gives what writes one record after those of everybody, for one writer at a time.

        What others have appended in the meantime is read first.  When the call returns, the
        record is on the disk.  WrittenError as in `read`, or if the line cannot be written:
        the file is then as it was.
        """
        with self._lock_file(), self._open_file() as file:
            content = _read_all(file)
            self._load(content)
            # half a line at the end is nobody's: the next one takes its place
            end = [content.rfind(b"\n") + 1]
            yield lambda record: self._append(file, end, record)

    def rewrite(self, transform: Callable[[Record], Record | None]) -> None:
        """Put a new file in the old one's place, and wipe that: for erasures only.

        Each record is as `changed` gives it; one for which it gives None is gone.  All of it
        happens or nothing.  The head is another one afterwards.  WrittenError as above.
        """
        with self._lock_file():
            self.read()
            kept = [new for record in self.records if (new := transform(record)) is not None]
            self._load(b"")
            lines = []
            for record in kept:
                lines.append(self._seal_line(record) + b"\n")
                self._add_record(record, lines[-1][:-1])
            with wipe_replaced(self.path):
                write_private(self.path, b"".join(lines))

    @contextmanager
    def _lock_file(self) -> Iterator[None]:
        try:
            with FileLock(f"{self.path}.lock", _LOCK_TIMEOUT_S, FILE_MODE):
                yield
        except Timeout:
            raise SealedLinesError("Somebody else is writing. Try again in a moment.") from None
        except OSError as error:
            raise SealedLinesError(
                f"{self.path} cannot be written ({error.strerror}), so nothing was kept. "
                "Tell whoever looks after this computer."
            ) from error

    @contextmanager
    def _open_file(self) -> Iterator[int]:
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.open(self.path, flags, FILE_MODE)
        try:
            yield file
        finally:
            os.close(file)
        if is_new:
            sync_folder(self.path.parent)

    def _append(self, file: int, end: list[int], record: Record) -> None:
        line = self._seal_line(record)
        try:
            os.ftruncate(file, end[0])
            os.lseek(file, end[0], os.SEEK_SET)
            _write(file, line + b"\n")
        except OSError:
            os.ftruncate(file, end[0])
            raise
        end[0] += len(line) + 1
        self._add_record(record, line)

    def _load(self, content: bytes) -> None:
        self.records.clear()
        del self._heads[1:]
        for line in content.split(b"\n")[:-1]:
            self._add_record(self._unseal_line(line), line)

    def _add_record(self, record: Record, line: bytes) -> None:
        self.records.append(record)
        self._heads.append(hashlib.sha256(line).hexdigest())

    def _seal_line(self, record: Mapping[str, Any]) -> bytes:
        versioned = {"version": self._version, **record}
        text = json.dumps(versioned, ensure_ascii=True).encode("ascii")
        # blanks after the end are no part of JSON
        padded = text.ljust(-(-len(text) // _PADDED_TO) * _PADDED_TO)
        nonce = os.urandom(_NONCE)
        return base64.b64encode(
            nonce + self._seal.encrypt(nonce, padded, self._build_associated_data())
        )

    def _unseal_line(self, line: bytes) -> Record:
        try:
            sealed = _decode_line(line)
            text = self._seal.decrypt(
                sealed[:_NONCE], sealed[_NONCE:], self._build_associated_data()
            )
        except (ValueError, InvalidTag) as error:
            raise SealedLinesError(
                f"{self.path} was changed at line {len(self._heads)}, or belongs to other "
                "keys. Restore a backup."
            ) from error
        record: Record = json.loads(text)
        if record.pop("version") > self._version:
            raise SealedLinesError(
                f"{self.path} was written by a newer lac-monitor. Update lac-monitor."
            )
        return record

    def _build_associated_data(self) -> bytes:
        """What the next line is bound to: the home, the line's number and the line before."""
        return f"{self._bound_to}|{len(self._heads)}|{self.head}".encode("ascii")


def _decode_line(line: bytes) -> bytes:
    """What a line spells; ValueError unless it is spelled as `_sealed` would."""
    sealed = base64.b64decode(line, validate=True)
    if base64.b64encode(sealed) != line:
        raise ValueError("the same bytes in other letters")
    return sealed


def _write(file: int, content: bytes) -> None:
    if os.write(file, content) != len(content):
        raise OSError(None, "only half of the line was taken")
    os.fsync(file)


def _read_all(file: int) -> bytes:
    parts = []
    os.lseek(file, 0, os.SEEK_SET)
    while part := os.read(file, 1 << 20):
        parts.append(part)
    return b"".join(parts)
