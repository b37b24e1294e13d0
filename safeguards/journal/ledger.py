"""The ledger: facts that no backup may undo, such as who was erased, in full or in part.

Each line is one erasure, the readmission of a child deleted under the retention schedule, or a
restriction, objection or hold: a pseudonym and keyed hashes, never a name or a number.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec

from safeguards.errors import LedgerError
from safeguards.home.home import Home
from safeguards.journal.access_log import is_pupil_id
from safeguards.journal.journal import Journal, Record, to_record
from safeguards.keys.key_files import derive_key
from safeguards.keys.keys import Keys
from safeguards.vault.records import LookUp, PupilRecord
from safeguards.vault.vault import Vault

#: The file that is in `ledger/` while an erasure is under way.
UNFINISHED = "unfinished"

#: The reason if a child is erased under the retention schedule, not at a person's request.
RETENTION_REASON = "retention"

FlagKind = Literal["restriction", "objection", "hold"]

_WHY = re.compile(r"[a-z][a-z_]{0,39}")
_TABLE = re.compile(r"raw_[a-z_]{1,40}")


@dataclass(frozen=True)
class Erasure:
    """One child who was erased in full or in part.

    `look_ups` are the keyed hashes by which the vault knew the child.  `why` is a word in lower
    case, such as "request" or "retention".  `tables` is empty for the whole child.  Otherwise the
    child stays, and only the child's rows in these tables went, with `through` the day of the
    retention schedule; it is null for a whole child.  A time without its zone is a ValueError, and
    so is anything else where a code must be.
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
        """Say whether nothing of the child may stay."""
        return not self.tables

    def is_of(self, child: PupilRecord) -> bool:
        """Say whether this is the child, by code or by a number of the child's."""
        return self.pupil_id == child.pupil_id or not set(self.look_ups).isdisjoint(child.look_ups)


@dataclass(frozen=True)
class Readmission:
    """A child deleted in full under the retention schedule and later readmitted.

    `pupil_id` is the child's new code, under which nothing was ever here.  `look_up` is the number
    by which the files know the child.  `since` is the first day of the new stay; nothing dated
    before it is ever reloaded.  A ValueError is as for an `Erasure`.
    """

    at: datetime
    pupil_id: str
    look_up: LookUp
    since: date

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or not is_pupil_id(self.pupil_id):
            raise ValueError("a readmission has a time with its zone, and a child by its code")


@dataclass(frozen=True)
class Flag:
    """A restriction, an objection or a hold of a child that somebody typed, or lifted.

    `entry_id` is that of the typed entry.  A ValueError is as for an `Erasure`.
    """

    at: datetime
    entry_id: str
    pupil_id: str
    kind: FlagKind
    is_in_force: bool

    def __post_init__(self) -> None:
        codes = (self.entry_id, self.pupil_id)
        if self.at.tzinfo is None or not all(map(is_pupil_id, codes)):
            raise ValueError("a flag has a time with its zone, and a child by its code")


Line = Erasure | Readmission | Flag


def is_erased(child: PupilRecord, lines: Iterable[Line]) -> bool:
    """Say whether nothing of this child may stay, by lines of the ledger, the oldest first.

    Erasures under the retention schedule before a readmission do not count.
    """
    reasons: set[str] = set()
    for line in lines:
        if isinstance(line, Erasure):
            if line.is_whole and line.is_of(child):
                reasons.add(line.why)
        elif isinstance(line, Readmission) and line.pupil_id == child.pupil_id:
            reasons.discard(RETENTION_REASON)
    return bool(reasons)


class Ledger(Journal):
    """The ledger of one home, as it was when it was opened and with the lines appended since."""

    FILE = "erasures.jsonl"
    FOLDER = None
    ERROR = LedgerError
    IS_SEALED = False

    def list_entries(self) -> tuple[Line, ...]:
        """Return every line, the oldest first."""
        return tuple(map(_from_record, self.records))

    def find_erasures(self, child: str | LookUp) -> tuple[Erasure, ...]:
        """Return the erasures of a whole child, by `pupil_id` or by a number of the child's.

        The oldest is first.  Those from before a readmission are included.
        """
        return tuple(
            line
            for line in self.list_entries()
            if isinstance(line, Erasure)
            and line.is_whole
            and (child == line.pupil_id or child in line.look_ups)
        )

    def find_readmission(self, number: LookUp) -> Readmission | None:
        """Return the last readmission by this number; None if the child was erased again since."""
        for line in reversed(self.list_entries()):
            if isinstance(line, Erasure):
                if line.is_whole and number in line.look_ups:
                    return None
            elif isinstance(line, Readmission) and line.look_up == number:
                return line
        return None

    def append(self, line: Line) -> None:
        """Write one line after those of everybody; when this returns, it is on the disk.

        LedgerError is as in `open`, or means that the line cannot be written: append it again then.
        """
        record = to_record(line)
        with self.open_for_append() as write:
            if record not in self.records:
                write(record)


def format_receipt(keys: Keys, pupil_id: str) -> str:
    """Return the line of an erasure's receipt, to type in where an older backup is restored.

    It names nobody: with the home's keys and the child's record it can be matched to the child.
    Its last four digits reveal a typing mistake.
    """
    mark = _compute_mark(keys, pupil_id)[:16]
    return f"{mark}-{_compute_mark(keys, mark)[:4]}"


def parse_receipt(keys: Keys, line: str, pupil_ids: Iterable[str]) -> str | None:
    """Return which of these children the receipt is of, or None for another child of the home.

    LedgerError means that it is mistyped, or of another home.
    """
    typed = "".join(line.upper().split())
    mark = typed.partition("-")[0]
    if not hmac.compare_digest(typed.encode(), f"{mark}-{_compute_mark(keys, mark)[:4]}".encode()):
        raise LedgerError("This is not a line of this school's receipts. Check the receipt.")
    return next((code for code in pupil_ids if format_receipt(keys, code) == typed), None)


def _compute_mark(keys: Keys, text: str) -> str:
    key = derive_key(keys.log, "receipt|v1")
    return hmac.digest(key, text.encode(), "sha256").hex().upper()


def has_unfinished_erasure(home: Home, keys: Keys) -> bool:
    """Say whether an erasure began and did not end, or the vault has a child who was erased."""
    lines = Ledger.open(home, keys).list_entries()
    if (home.ledger / UNFINISHED).exists():
        return True
    # without a line nobody was erased, and a vault of many children takes a while to open
    return bool(lines) and any(is_erased(child, lines) for child in Vault.open(home, keys).pupils)


def _from_record(record: Record) -> Line:
    kind: type[Line] = Erasure
    if "is_in_force" in record or "since" in record:
        kind = Flag if "is_in_force" in record else Readmission
    return msgspec.convert(record, kind)
