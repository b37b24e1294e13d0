"""The erasure ledger: who was erased, whole or in part, so that no backup brings it back.

Each line is one erasure: a pseudonym and keyed hashes, never a name or a number.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from safeguards.home import Home
from safeguards.keys import Keys
from safeguards.log import is_pupil_id
from safeguards.proved_lines import ProvedLines
from safeguards.records import LookUp

NAME = "erasures"

#: Of an erasure's shape; raised by one when older code cannot read it.
VERSION = 2
#: A line of a whole child is as it was before there were erasures in part.
_VERSION_WHOLE = 1
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


class Ledger:
    """The erasures of one home, as they were when it was opened and with what it appended."""

    def __init__(self, home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> None:
        """No erasures yet; `Ledger.open` gives those that the home holds."""
        self._lines = ProvedLines(home, keys, NAME, use="ledger", version=VERSION, environ=environ)
        self.path = self._lines.path
        self._erasures: tuple[Erasure, ...] = ()

    @classmethod
    def open(cls, home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> "Ledger":
        """The ledger of this home; empty where nobody was erased.

        LedgerError if any line is not as it was written, belongs to other keys or to a newer
        version, cannot be read, or if the copy beside the keys has a line that is not here.
        """
        ledger = cls(home, keys, environ)
        ledger._erasures = tuple(map(_erasure, ledger._lines.records()))
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
        record = _record(erasure)
        found = self._lines.extend(lambda there: () if record in there else (record,))
        self._erasures = tuple(map(_erasure, found))

    def missing(self) -> tuple[Erasure, ...]:
        """What the copy beside the keys has more than the home: it comes from a backup then.

        LedgerError if either was changed.
        """
        return tuple(map(_erasure, self._lines.missing()))

    def take_in(self) -> None:
        """Add what is `missing`, and bring the copy up to the home's."""
        self._erasures = tuple(map(_erasure, self._lines.take_in()))


def _record(erasure: Erasure) -> dict[str, Any]:
    at = erasure.at.astimezone(UTC).isoformat(timespec="microseconds")
    record = {"version": VERSION, **asdict(erasure), "at": at}
    # as it is read back
    record["look_ups"] = [asdict(each) for each in erasure.look_ups]
    if erasure.through is not None:
        return {**record, "tables": list(erasure.tables), "through": erasure.through.isoformat()}
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
