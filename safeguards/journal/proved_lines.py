"""Lines that only grow, each with a proof of its place, and a copy of them beside the keys.

The MAC of a line is bound to the home, to the line's number and to the line before, so a
line that was edited, moved, put in or taken out is found.  The copy finds a home that was
put back without its newest lines, and keeps those.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock, Timeout

from safeguards.errors import LedgerError
from safeguards.files import FILE_MODE, write_private
from safeguards.home.home import Home
from safeguards.keys.keys import Keys, get_keys_folder

_NO_LINES = "0" * 64
_MAC_LENGTH = 64
_LOCK_TIMEOUT_S = 30.0

Record = dict[str, Any]


class AuthenticatedLines:
    """The lines of one file in `ledger/` of a home, each a record with its version."""

    def __init__(
        self,
        home: Home,
        keys: Keys,
        name: str,
        *,
        use: str,
        version: int,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """name: of both files, without their ends.  use: what they are for, another for each.

        version: the newest shape of a record that this code reads; each tells its own.
        """
        self.path = home.ledger / f"{name}.jsonl"
        self.copy = get_keys_folder(home, environ) / f"{name}.copy"
        self._bound_to = f"{use}|v1|{home.home_id}"
        self._version = version
        derived = HKDF(SHA256(), 32, salt=None, info=self._bound_to.encode())
        self._key = derived.derive(bytes.fromhex(keys.store))

    def read_records(self) -> tuple[Record, ...]:
        """Every record, the oldest first; none where nothing was written yet.

        LedgerError if any line is not as it was written, belongs to other keys or to a newer
        version, cannot be read, or if the copy beside the keys has a line that is not here.
        """
        current = self._read(self.path)
        self._require_whole(current)
        return current

    def find_missing(self) -> tuple[Record, ...]:
        """What the copy beside the keys has more than the home: it comes from a backup then.

        LedgerError if either was changed.
        """
        current = self._read(self.path)
        return tuple(each for each in self._read(self.copy) if each not in current)

    def extend(
        self, build_additions: Callable[[tuple[Record, ...]], Sequence[Record]]
    ) -> tuple[Record, ...]:
        """Write records after those of everybody, and give them all; then they are on the disk.

        more_than: what to add to what is there.  LedgerError as in `records`, or if it cannot
        be written: do it again then.
        """

        def more(there: tuple[Record, ...]) -> Sequence[Record]:
            self._require_whole(there)
            return build_additions(there)

        return self._write(more)

    def add_missing(self) -> tuple[Record, ...]:
        """Add what is `missing`, bring the copy up to the home's, and give them all."""
        return self._write(lambda _: self.find_missing())

    def _require_whole(self, current: tuple[Record, ...]) -> None:
        known = self._read(self.copy)
        if current[: len(known)] != known:
            raise LedgerError(
                f"{self.path} lacks lines that were written in this home, so it was put back "
                "by hand. Restore a backup with lac restore: it puts them in again."
            )

    def _write(self, more: Callable[[tuple[Record, ...]], Sequence[Record]]) -> tuple[Record, ...]:
        try:
            with FileLock(f"{self.path}.lock", _LOCK_TIMEOUT_S, FILE_MODE):
                current = self._read(self.path)
                records = (*current, *more(current))
                if records:
                    content = self._serialise(records)
                    for path in (self.path, self.copy):
                        write_private(path, content)
        except Timeout:
            raise LedgerError("Somebody else is writing. Try again in a moment.") from None
        except OSError as error:
            raise LedgerError(
                f"{self.path} cannot be written ({error.strerror}). "
                "Tell whoever looks after this computer."
            ) from error
        return records

    def _read(self, path: os.PathLike[str]) -> tuple[Record, ...]:
        """What a file holds, once all of it is known to be ours; nothing if it is absent."""
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - either of two paths
                *lines, rest = file.read().split(b"\n")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise LedgerError(f"{path} cannot be read: {error.strerror}.") from error
        head, records = _NO_LINES, []
        for number, line in enumerate([*lines, rest] if rest else lines):
            body = line[_MAC_LENGTH + 1 :]
            mac = self._compute_mac(number, head, body)
            if not hmac.compare_digest(line, f"{mac} ".encode("ascii") + body) or line is rest:
                raise LedgerError(
                    f"{path} was changed at line {number + 1}, or belongs to other keys. "
                    "Restore a backup."
                )
            head, record = mac, json.loads(body)
            if record["version"] > self._version:
                raise LedgerError(f"{path} was written by a newer lac-monitor. Update lac-monitor.")
            records.append(record)
        return tuple(records)

    def _serialise(self, records: Iterable[Record]) -> bytes:
        """The file of these records; the same ones make the same bytes."""
        head, lines = _NO_LINES, []
        for number, record in enumerate(records):
            body = json.dumps(record, ensure_ascii=True).encode("ascii")
            head = self._compute_mac(number, head, body)
            lines.append(f"{head} ".encode("ascii") + body + b"\n")
        return b"".join(lines)

    def _compute_mac(self, number: int, head: str, body: bytes) -> str:
        """Of a line, bound to the home, to its number and to the line before."""
        place = f"{self._bound_to}|{number}|{head}|".encode("ascii")
        return hmac.new(self._key, place + body, hashlib.sha256).hexdigest()
