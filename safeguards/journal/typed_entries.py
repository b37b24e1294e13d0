"""Facts that people type and no export holds: a log of sealed entries that only grows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

import msgspec

from safeguards.journal.access_log import is_pupil_id
from safeguards.journal.journal import START, Journal, Record, to_record

#: The head of a file without lines.
EMPTY_HEAD = START.mac

EntryKind = Literal["action", "undo", "fact", "restriction", "objection", "hold", "waiver"]


@dataclass(frozen=True)
class Entry:
    """One thing that one person typed about one child.

    A waiver leaves a faulty row of a file as it is.  If nobody can tell whose row that is, its
    pupil_id is "".  `file` is the export that a fact is a row of; "" for anything else.  `values`
    are by column; those of a restriction, an objection or a hold are whether it `is_in_force`, true
    or false.  `where_written` is the paper that says so, "" for an action.  `corrects` is the
    `entry_id` of the entry that this one replaces or undoes; None for a new one.  A time without
    its zone is a ValueError, and so is anything else where a code must be.
    """

    entry_id: str
    at: datetime
    actor: str
    role: str
    kind: EntryKind
    pupil_id: str
    file: str
    values: Mapping[str, str] = field(repr=False)
    where_written: str = ""
    corrects: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of an entry must know its zone")
        if self.kind not in get_args(EntryKind) or (self.kind == "fact") != (self.file != ""):
            raise ValueError("an entry is a fact of a file, or one of the other kinds")
        pupil_id = self.pupil_id or (self.entry_id if self.kind == "waiver" else "")
        codes = (self.entry_id, pupil_id, self.corrects or self.entry_id)
        if not all(is_pupil_id(code) for code in codes):
            raise ValueError("entries and children are named by their codes only")


def find_flagged(entries: Iterable[Entry], kind: str) -> dict[str, Entry]:
    """Return the entry by which a restriction, objection or hold is in force, by child.

    The last entry about a child counts; a child without one, or released by it, is not there.
    """
    last = {entry.pupil_id: entry for entry in entries if entry.kind == kind}
    return {child: entry for child, entry in last.items() if entry.values["is_in_force"] == "true"}


class TypedEntries(Journal):
    """The entries of one home, as they were when it was opened and with those appended since."""

    FILE = "entries.sealed"

    def list_entries(self) -> tuple[Entry, ...]:
        """Return every entry, in the order in which they were typed."""
        return msgspec.convert(self.records, tuple[Entry, ...])

    def list_current(self) -> tuple[Entry, ...]:
        """Return the entries without facts that a later one corrects, and actions that are undone.

        An action that another corrects is here with it: people see both.
        """
        entries = self.list_entries()
        gone = {entry.corrects for entry in entries if entry.kind != "action"}
        return tuple(
            entry for entry in entries if entry.entry_id not in gone and entry.kind != "undo"
        )

    def append(self, *entries: Entry) -> None:
        """Write entries after those of everybody; when this returns, all are on the disk.

        What others have appended in the meantime is read first.  ValueError if an id is
        taken or `corrects` names no entry.  SealedLinesError as of `open_for_append`.
        """
        with self.open_for_append() as write:
            taken = {record["entry_id"] for record in self.records}
            for entry in entries:
                if entry.entry_id in taken or entry.corrects not in {None, *taken}:
                    raise ValueError("an entry's id is its own, and it corrects one that is there")
                taken.add(entry.entry_id)
            write(*map(to_record, entries))

    def forget(self, is_erased: Callable[[Entry], bool]) -> None:
        """Erase these entries; the others stay in a log with another head.

        An entry that one of them had corrected goes too: it must not hold again.  An entry that
        corrected one of them now stands by itself.
        """
        self.load()
        erased_ids: set[str | None] = set()
        for entry in reversed(self.list_entries()):
            if entry.entry_id in erased_ids or is_erased(entry):
                erased_ids |= {entry.entry_id, entry.corrects}
        erased_ids.discard(None)

        def drop_erased(record: Record) -> Record | None:
            if record["entry_id"] in erased_ids:
                return None
            return {**record, "corrects": None} if record["corrects"] in erased_ids else record

        self.rewrite(drop_erased)
