"""Registers: journals whose records change by steps, and those that the computer knows of too."""

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from safeguards.errors import LedgerError, SafeguardsError
from safeguards.files import write_private
from safeguards.home.home import Home
from safeguards.journal.journal import Journal, Link, Record, to_record
from safeguards.keys.keys import Keys

#: Ends the name of a copy beside the keys.
COPY_SUFFIX = ".copy"
_ERASED = "erased"

_Row = TypeVar("_Row")


class SteppedRegister(Journal, Generic[_Row]):
    """Sealed records that change by steps, a line each.

    A step names its record and the values that are new; names that end in `_on` are dates.
    Children stand in it by their codes, as its `pupil_id` or `pupil_ids`.
    """

    #: A record as its steps have left it, and the value that says which one a step is of.
    ROW: type[_Row]
    KEY: ClassVar[str]
    #: What is raised for, and said of, an id of nothing and a closed record.
    REFUSAL: ClassVar[type[SafeguardsError]]
    MISSING: ClassVar[str]
    CLOSED: ClassVar[str] = ""
    #: What people write freely.
    FREE_TEXT: ClassVar[tuple[str, ...]] = ()

    def list_all(self) -> tuple[_Row, ...]:
        """Every record as its steps have left it, in the order of first steps.

        The register's error for one that says what this version does not know.
        """
        try:
            return tuple(msgspec.convert(each, self.ROW) for each in self._merge_steps().values())
        except msgspec.ValidationError as error:
            raise self.ERROR(f"{self.path} cannot be read: {error}. Update lac-monitor.") from error

    def _merge_steps(self) -> dict[str, dict[str, Any]]:
        merged: dict[str, dict[str, Any]] = {}
        for record in self.records:
            step = {name: value for name, value in record.items() if name != "written_at"}
            merged.setdefault(step[self.KEY], {}).update(step)
        return merged

    def get(self, key: str) -> _Row:
        """The record of an id; the register's error if there is none."""
        for row in self.list_all():
            if getattr(row, self.KEY) == key:
                return row
        raise self.REFUSAL(self.MISSING)

    def forget(self, pupil_ids: Collection[str]) -> None:
        """Take these children out, and what was written freely where nobody else is left."""
        self.load()
        named = {
            key: {*values.get("pupil_ids", ()), values.get("pupil_id")} - {None}
            for key, values in self._merge_steps().items()
        }
        alone = {key for key, children in named.items() if children and children <= {*pupil_ids}}

        def erase_children(record: Record) -> Record:
            kept = dict(record)
            if kept.get("pupil_id") in pupil_ids:
                kept["pupil_id"] = None
            if "pupil_ids" in kept:
                kept["pupil_ids"] = [each for each in kept["pupil_ids"] if each not in pupil_ids]
            if kept[self.KEY] in alone:
                kept |= {name: _ERASED for name in self.FREE_TEXT if kept.get(name)}
            return kept

        self.rewrite(erase_children)

    def replace_pupil_id(self, pupil_id: str, to: str) -> None:
        """Say of one code what was said of another, since both are one child."""

        def replace_id(record: Record) -> Record:
            if record.get("pupil_id") == pupil_id:
                return {**record, "pupil_id": to}
            codes = {to if each == pupil_id else each for each in record.get("pupil_ids", ())}
            return {**record, "pupil_ids": sorted(codes)} if codes else record

        self.rewrite(replace_id)

    @contextmanager
    def open_for_steps(self, now: datetime) -> Iterator[Callable[..., None]]:
        """Gives what writes a step of these values, with the moment; as `open_for_append`."""
        at = now.astimezone(UTC).isoformat(timespec="milliseconds")
        with self.open_for_append() as write:
            yield lambda **values: write({"written_at": at, **to_record(values)})

    def _append_step(self, key: str, now: datetime, **changes: Any) -> _Row:
        """The record after a step, which one that is closed takes no more."""
        with self.open_for_steps(now) as write:
            if not getattr(self.get(key), "is_open", True):
                raise self.REFUSAL(self.CLOSED)
            write(**{self.KEY: key}, **changes)
        return self.get(key)


class _Copy(Journal):
    ERROR = LedgerError
    IS_SEALED = False
    VERSION = sys.maxsize  # its lines are the file's, which says whether they are too new

    def read_lines(self) -> tuple[list[bytes], bytes]:
        """Every line: what stands at the end is one too, since the copy is written whole."""
        lines, partial = super().read_lines()
        return [*lines, partial] if partial else lines, b""


class MirroredRegister(Journal):
    """Plain records with a copy beside the keys, which is never behind its head.

    The copy finds a home that was put back without its newest lines, and still has those.
    """

    FOLDER = "ledger"
    ERROR = LedgerError
    IS_SEALED = False

    def __init__(self, home: Home, keys: Keys) -> None:
        super().__init__(home, keys)
        self._copy = _Copy(home, keys, keys.folder / f"{self.path.stem}{COPY_SUFFIX}")

    def load(self, *, is_complete: bool = True) -> None:
        """Read all of it anew; LedgerError too if the copy was changed, or knows more lines.

        The copy is written after the file, so the file was then put back from an older one.
        """
        super().load(is_complete=is_complete)
        if not is_complete:
            return
        self._copy.load(is_complete=False)
        if not self.has_head(self._copy.head):
            raise LedgerError(
                f"{self.path} lacks lines that the keys' folder knows, so an older copy was "
                "put back by hand. Ask whoever looks after this computer to run "
                "`lac restore`, which adds them again."
            )

    def find_missing_records(self) -> list[Record]:
        """What the copy has beyond the home's file, which then comes from a backup.

        LedgerError if either was changed, or the copy was put back from an older one.
        """
        self.load(is_complete=False)
        self._copy.load()
        heads = self.list_heads()
        if heads and not any(self._copy.has_head(head.mac) for head in heads):
            raise LedgerError(f"{self._copy.path} lacks lines that had been written. Restore it.")
        return [each for each in self._copy.records if each not in self.records]

    def add_missing(self) -> None:
        """Append what is missing, and bring the copy up to the home's file."""
        with self.lock():
            missing = self.find_missing_records()
            if missing or self.records:
                self._extend(missing)

    def _keep_head(self, end: Link) -> None:
        write_private(self._copy.path, self.path.read_bytes())
        super()._keep_head(end)
