"""The ledger: what no backup may undo, such as who was erased, in full or in part.

Each line is one erasure, the readmission of a child deleted under the retention schedule, or
a restriction, objection or hold: a pseudonym and keyed hashes, never a name or a number.
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

#: In `ledger/` as long as an erasure is under way.
UNFINISHED = "unfinished"

#: Why a child is erased under the retention schedule, and not at the request of a person.
RETENTION_REASON = "retention"

FlagKind = Literal["restriction", "objection", "hold"]

_WHY = re.compile(r"[a-z][a-z_]{0,39}")
_TABLE = re.compile(r"raw_[a-z_]{1,40}")


@dataclass(frozen=True)
class Erasure:
    """One child who was erased in full or in part.

    look_ups: the keyed hashes by which the vault knew the child.  why: a word in lower
    case, such as "request" or "retention".  tables: none for the whole child; otherwise the
    child stays, and only its rows in these went, with `through` the day of the retention
    schedule; null for a whole child.  ValueError for a time without its zone, or for
    anything where a code must stand.
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
    """A child deleted in full under the retention schedule and later readmitted.

    pupil_id: the child's new code, under which nothing was ever here.  look_up: the number
    by which the files know the child.  since: the first day of the new stay; what is dated
    before it is never reloaded.  ValueError as for an `Erasure`.
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

    entry_id: of what was typed.  ValueError as for an `Erasure`.
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
    """Whether nothing of this child may stay, by lines of the ledger, the oldest first.

    Only what the retention schedule deleted before the readmission does not count.
    """
    reasons: set[str] = set()
    for each in lines:
        if isinstance(each, Erasure):
            if each.is_whole and each.is_of(child):
                reasons.add(each.why)
        elif isinstance(each, Readmission) and each.pupil_id == child.pupil_id:
            reasons.discard(RETENTION_REASON)
    return bool(reasons)


class Ledger(Journal):
    """The erasures of one home, as they were when it was opened and with what it appended."""

    FILE = "erasures.jsonl"
    FOLDER = None
    ERROR = LedgerError
    IS_SEALED = False

    def list_entries(self) -> tuple[Line, ...]:
        """Every line, the oldest first."""
        return tuple(map(_from_record, self.records))

    def find_erasures(self, child: str | LookUp) -> tuple[Erasure, ...]:
        """The erasures of a whole child, by `pupil_id` or a number that it was known by.

        The oldest first; also those from before a readmission.
        """
        return tuple(
            each
            for each in self.list_entries()
            if isinstance(each, Erasure)
            and each.is_whole
            and (child == each.pupil_id or child in each.look_ups)
        )

    def find_readmission(self, number: LookUp) -> Readmission | None:
        """The last readmission by this number; None if the child was erased again since."""
        for each in reversed(self.list_entries()):
            if isinstance(each, Erasure):
                if each.is_whole and number in each.look_ups:
                    return None
            elif isinstance(each, Readmission) and each.look_up == number:
                return each
        return None

    def append(self, line: Line) -> None:
        """Write one line after those of everybody; when this returns, it is on the disk.

        LedgerError as in `open`, or if it cannot be written: append it again then.
        """
        record = to_record(line)
        with self.open_for_append() as write:
            if record not in self.records:
                write(record)


def format_receipt(keys: Keys, pupil_id: str) -> str:
    """A line of an erasure's receipt, to type in where a backup is restored that knows less.

    It names nobody: who has the home's keys and the child's record sees that it is of the
    child.  Its last four digits find a mistyped one.
    """
    mark = _compute_mark(keys, pupil_id)[:16]
    return f"{mark}-{_compute_mark(keys, mark)[:4]}"


def parse_receipt(keys: Keys, line: str, pupil_ids: Iterable[str]) -> str | None:
    """The child whose receipt this is, of these; None if it is of another child of the home.

    LedgerError if it is mistyped, or of another home.
    """
    typed = "".join(line.upper().split())
    mark = typed.partition("-")[0]
    if not hmac.compare_digest(typed.encode(), f"{mark}-{_compute_mark(keys, mark)[:4]}".encode()):
        raise LedgerError("This is not a line of this school's receipts. Check the receipt.")
    return next((each for each in pupil_ids if format_receipt(keys, each) == typed), None)


def _compute_mark(keys: Keys, text: str) -> str:
    key = derive_key(keys.log, "receipt|v1")
    return hmac.digest(key, text.encode(), "sha256").hex().upper()


def has_unfinished_erasure(home: Home, keys: Keys) -> bool:
    """Whether an erasure began and did not end, or the vault has a child who was erased."""
    lines = Ledger.open(home, keys).list_entries()
    if (home.ledger / UNFINISHED).exists():
        return True
    # without a line nobody was erased, and a vault of many children takes a while to open
    return bool(lines) and any(is_erased(each, lines) for each in Vault.open(home, keys).pupils)


def _from_record(record: Record) -> Line:
    kind: type[Line] = Erasure
    if "is_in_force" in record or "since" in record:
        kind = Flag if "is_in_force" in record else Readmission
    return msgspec.convert(record, kind)
