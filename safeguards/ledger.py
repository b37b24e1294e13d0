"""The erasure ledger: who was erased, whole or in part, so that no backup brings it back.

Each line is one erasure: a pseudonym and keyed hashes, never a name or a number.  Its MAC
is bound to the home, to the line's number and to the line before, so a line that was
edited, moved, put in or taken out is found.  A copy lies beside the keys: a home that is
put back without its newest lines is found too, and those lines are not lost with the home.
"""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock, Timeout

from safeguards.errors import LedgerError
from safeguards.home import FILE_MODE, Home, write_private
from safeguards.keys import Keys, folder_of
from safeguards.log import is_pupil_id
from safeguards.records import LookUp

FILE = "erasures.jsonl"
#: Beside the keys.
COPY = "erasures.copy"

#: Of an erasure's shape; raised by one when older code cannot read it.
VERSION = 2
#: A line of a whole child is as it was before there were erasures in part.
_VERSION_WHOLE = 1
_OF_A_PART = ("tables", "through")

_NO_LINES = "0" * 64
_MAC_LENGTH = 64
_WHY = re.compile(r"[a-z][a-z_]{0,39}")
_TABLE = re.compile(r"raw_[a-z_]{1,40}")
_PATIENCE = 30.0


@dataclass(frozen=True)
class Erasure:
    """One child who was erased, whole or in part.

    look_ups: the keyed hashes by which the vault knew the child.  why: a word in lower
    case, such as "request" or "retention".  tables: none for the whole child; otherwise the
    child stays, and only its rows in these went, with `through` the day that the schedule
    went by.  ValueError for a time without its zone, or for anything where a code must stand.
    """

    at: datetime
    pupil_id: str
    look_ups: tuple[LookUp, ...]
    why: str
    tables: tuple[str, ...] = ()
    through: date | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of an erasure must know its zone")
        if not is_pupil_id(self.pupil_id) or not _WHY.fullmatch(self.why):
            raise ValueError("an erasure names a child and a reason by their codes only")
        if self.is_whole != (self.through is None) or not all(map(_TABLE.fullmatch, self.tables)):
            raise ValueError("an erasure in part names its tables and a day")

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the child may stay."""
        return not self.tables


class Ledger:
    """The erasures of one home, as they were when it was opened and with what it appended."""

    def __init__(self, home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> None:
        """No erasures yet; `Ledger.open` gives those that the home holds."""
        self.path = home.ledger / FILE
        self.copy = folder_of(home, environ) / COPY
        self._home_id = home.home_id
        self._erasures: tuple[Erasure, ...] = ()
        derived = HKDF(SHA256(), 32, salt=None, info=f"ledger|v1|{home.home_id}".encode())
        self._key = derived.derive(bytes.fromhex(keys.store))

    @classmethod
    def open(cls, home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> "Ledger":
        """The ledger of this home; empty where nobody was erased.

        LedgerError if any line is not as it was written, belongs to other keys or to a newer
        version, cannot be read, or if the copy beside the keys has a line that is not here.
        """
        ledger = cls(home, keys, environ)
        ledger._erasures = ledger._read(ledger.path)
        known = ledger._read(ledger.copy)
        if ledger._erasures[: len(known)] != known:
            raise LedgerError(
                f"{ledger.path} lacks erasures that were made in this home, so it was put "
                "back by hand. Restore a backup with lac restore: it erases them again."
            )
        return ledger

    def entries(self) -> tuple[Erasure, ...]:
        """Every erasure, whole or in part, oldest first."""
        return self._erasures

    def erasure_of(self, child: str | LookUp) -> Erasure | None:
        """The last erasure of a whole child, by `pupil_id` or a number that it was known by."""
        found = (
            each
            for each in reversed(self._erasures)
            if each.is_whole and (child == each.pupil_id or child in each.look_ups)
        )
        return next(found, None)

    def has(self, child: str | LookUp) -> bool:
        """Whether a whole child was erased, as `erasure_of` finds it."""
        return self.erasure_of(child) is not None

    def append(self, erasure: Erasure) -> None:
        """Write one erasure after those of everybody; when this returns, it is on the disk.

        LedgerError as in `open`, or if it cannot be written: append it again then.
        """
        self._extend(lambda there: () if erasure in there else (erasure,))

    def missing(self) -> tuple[Erasure, ...]:
        """What the copy beside the keys has more than the home: it comes from a backup then.

        LedgerError if either was changed.
        """
        there = self._read(self.path)
        return tuple(each for each in self._read(self.copy) if each not in there)

    def take_in(self) -> None:
        """Add what is `missing`, and bring the copy up to the home's."""
        self._extend(lambda _: self.missing())

    def _extend(self, more_than: Callable[[tuple[Erasure, ...]], tuple[Erasure, ...]]) -> None:
        try:
            with FileLock(f"{self.path}.lock", _PATIENCE, FILE_MODE):
                there = self._read(self.path)
                self._erasures = (*there, *more_than(there))
                if self._erasures:
                    content = self._lines(self._erasures)
                    for path in (self.path, self.copy):
                        write_private(path, content)
        except Timeout:
            raise LedgerError("Somebody else is erasing. Try again in a moment.") from None
        except OSError as error:
            raise LedgerError(
                f"The erasure cannot be written to {self.path} ({error.strerror}). "
                "Tell whoever looks after this computer."
            ) from error

    def _read(self, path: Path) -> tuple[Erasure, ...]:
        """What a file holds, once all of it is known to be ours; nothing if it is absent."""
        try:
            *lines, rest = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise LedgerError(f"{path} cannot be read: {error.strerror}.") from error
        head, erasures = _NO_LINES, []
        for number, line in enumerate([*lines, rest] if rest else lines):
            body = line[_MAC_LENGTH + 1 :]
            mac = self._mac(number, head, body)
            if not hmac.compare_digest(line, f"{mac} ".encode("ascii") + body) or line is rest:
                raise LedgerError(
                    f"{path} was changed at line {number + 1}, or belongs to other keys. "
                    "Restore a backup."
                )
            head, record = mac, json.loads(body)
            if record.pop("version") > VERSION:
                raise LedgerError(f"{path} was written by a newer lac-monitor. Update lac-monitor.")
            erasures.append(_erasure(record))
        return tuple(erasures)

    def _lines(self, erasures: Iterable[Erasure]) -> bytes:
        """The file of these erasures; the same ones make the same bytes."""
        head, lines = _NO_LINES, []
        for number, erasure in enumerate(erasures):
            body = json.dumps(_record(erasure), ensure_ascii=True).encode("ascii")
            head = self._mac(number, head, body)
            lines.append(f"{head} ".encode("ascii") + body + b"\n")
        return b"".join(lines)

    def _mac(self, number: int, head: str, body: bytes) -> str:
        """Of a line, bound to the home, to its number and to the line before."""
        place = f"ledger|v1|{self._home_id}|{number}|{head}|".encode("ascii")
        return hmac.new(self._key, place + body, hashlib.sha256).hexdigest()


def _record(erasure: Erasure) -> dict[str, Any]:
    at = erasure.at.astimezone(UTC).isoformat(timespec="microseconds")
    record = {"version": VERSION, **asdict(erasure), "at": at}
    if erasure.through is not None:
        return {**record, "through": erasure.through.isoformat()}
    record["version"] = _VERSION_WHOLE
    return {name: value for name, value in record.items() if name not in _OF_A_PART}


def _erasure(record: Mapping[str, Any]) -> Erasure:
    """An erasure from the fields of its line; those of a part are absent for a whole child."""
    through = record.get("through")
    return Erasure(
        at=datetime.fromisoformat(record["at"]),
        pupil_id=record["pupil_id"],
        look_ups=tuple(LookUp(**look_up) for look_up in record["look_ups"]),
        why=record["why"],
        tables=tuple(record.get("tables", ())),
        through=date.fromisoformat(through) if through else None,
    )
