"""The erasure ledger: who was erased, whole or in part, so that no backup brings it back.

Each line is one erasure, or says that a child whom the schedule took out is at the school
anew: a pseudonym and keyed hashes, never a name or a number.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from safeguards.home.home import Home
from safeguards.journal.access_log import is_pupil_id
from safeguards.journal.proved_lines import AuthenticatedLines
from safeguards.keys.keys import Keys
from safeguards.vault.records import LookUp, PupilRecord
from safeguards.vault.vault import Vault

NAME = "erasures"

#: Why a child is erased when the schedule says so, and not a person who has a right to it.
RETENTION_REASON = "retention"

#: Of a line's shape; raised by one when older code cannot read it.
#: In `ledger/` as long as an erasure is under way.
UNFINISHED = "unfinished"

VERSION = 3
#: A line of a whole child is as it was before there were erasures in part, and so on.
_VERSION_WHOLE, _VERSION_PART = 1, 2
_OF_A_PART = ("tables", "through")

_WHY = re.compile(r"[a-z][a-z_]{0,39}")
_TABLE = re.compile(r"raw_[a-z_]{1,40}")


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

    def is_of(self, child: PupilRecord) -> bool:
        """Whether this is the child, by its code or by a number that it was known by."""
        return self.pupil_id == child.pupil_id or not set(self.look_ups).isdisjoint(child.look_ups)


@dataclass(frozen=True)
class Readmission:
    """A child whom the schedule took out whole, and who is at the school anew.

    pupil_id: the child's new code, under which nothing was ever here.  look_up: the number
    by which the files know the child.  since: the first day of the new stay; what is dated
    before it stays out.  ValueError as for an `Erasure`.
    """

    at: datetime
    pupil_id: str
    look_up: LookUp
    since: date

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or not is_pupil_id(self.pupil_id):
            raise ValueError("a readmission has a time with its zone, and a child by its code")


Line = Erasure | Readmission


def is_erased(child: PupilRecord, lines: Iterable[Line]) -> bool:
    """Whether nothing of this child may stay, by lines of the ledger, the oldest first.

    Only what the schedule took before the child was readmitted does not count for it.
    """
    reasons: set[str] = set()
    for each in lines:
        if isinstance(each, Erasure):
            if each.is_whole and each.is_of(child):
                reasons.add(each.why)
        elif each.pupil_id == child.pupil_id:
            reasons.discard(RETENTION_REASON)
    return bool(reasons)


class Ledger:
    """The erasures of one home, as they were when it was opened and with what it appended."""

    def __init__(self, home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> None:
        """No erasures yet; `Ledger.open` gives those that the home holds."""
        self._lines = AuthenticatedLines(
            home, keys, NAME, use="ledger", version=VERSION, environ=environ
        )
        self.path = self._lines.path
        self._entries: tuple[Line, ...] = ()

    @classmethod
    def open(cls, home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> "Ledger":
        """The ledger of this home; empty where nobody was erased.

        LedgerError if any line is not as it was written, belongs to other keys or to a newer
        version, cannot be read, or if the copy beside the keys has a line that is not here.
        """
        ledger = cls(home, keys, environ)
        ledger._entries = tuple(map(_from_record, ledger._lines.read_records()))
        return ledger

    def list_entries(self) -> tuple[Line, ...]:
        """Every line, the oldest first."""
        return self._entries

    def find_erasures(self, child: str | LookUp) -> tuple[Erasure, ...]:
        """The erasures of a whole child, by `pupil_id` or a number that it was known by.

        The oldest first; also those from before a readmission.
        """
        return tuple(
            each
            for each in self._entries
            if isinstance(each, Erasure)
            and each.is_whole
            and (child == each.pupil_id or child in each.look_ups)
        )

    def find_readmission(self, number: LookUp) -> Readmission | None:
        """The last readmission by this number; None if the child was erased again since."""
        for each in reversed(self._entries):
            if isinstance(each, Erasure):
                if each.is_whole and number in each.look_ups:
                    return None
            elif each.look_up == number:
                return each
        return None

    def append(self, line: Line) -> None:
        """Write one line after those of everybody; when this returns, it is on the disk.

        LedgerError as in `open`, or if it cannot be written: append it again then.
        """
        record = _to_record(line)
        found = self._lines.extend(lambda there: () if record in there else (record,))
        self._entries = tuple(map(_from_record, found))

    def find_missing(self) -> tuple[Line, ...]:
        """What the copy beside the keys has more than the home: it comes from a backup then.

        LedgerError if either was changed.
        """
        return tuple(map(_from_record, self._lines.find_missing()))

    def add_missing(self) -> None:
        """Add what is `missing`, and bring the copy up to the home's."""
        self._entries = tuple(map(_from_record, self._lines.add_missing()))


def has_unfinished_erasure(home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether an erasure began and did not end, or the vault has a child who was erased."""
    lines = Ledger.open(home, keys, environ).list_entries()
    if (home.ledger / UNFINISHED).exists():
        return True
    return any(is_erased(each, lines) for each in Vault.open(home, keys).pupils)


def _to_record(line: Line) -> dict[str, Any]:
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    record = {"version": VERSION, **asdict(line), "at": at}
    if isinstance(line, Readmission):
        return {**record, "since": line.since.isoformat()}
    # as it is read back
    record["look_ups"] = [asdict(each) for each in line.look_ups]
    if line.through is not None:
        record |= {"version": _VERSION_PART, "tables": list(line.tables)}
        return {**record, "through": line.through.isoformat()}
    record["version"] = _VERSION_WHOLE
    return {name: value for name, value in record.items() if name not in _OF_A_PART}


def _from_record(record: Mapping[str, Any]) -> Line:
    """A line from its fields; those of a part are absent for a whole child."""
    at = datetime.fromisoformat(record["at"])
    if "since" in record:
        since = date.fromisoformat(record["since"])
        return Readmission(at, record["pupil_id"], LookUp(**record["look_up"]), since)
    through = record.get("through")
    return Erasure(
        at=at,
        pupil_id=record["pupil_id"],
        look_ups=tuple(LookUp(**look_up) for look_up in record["look_ups"]),
        why=record["why"],
        tables=tuple(record.get("tables", ())),
        through=date.fromisoformat(through) if through else None,
    )
