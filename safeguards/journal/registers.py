"""Registers: sealed journals whose records change by steps."""

from collections.abc import Collection
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from safeguards.errors import SafeguardsError
from safeguards.journal.journal import Journal, Record, to_record

_ERASED = "erased"

_Row = TypeVar("_Row")


class SteppedRegister(Journal, Generic[_Row]):
    """Sealed records that change by steps, a line for each step.

    A step holds the id of its record and the values that are new.  Children are named by their
    codes, as its `pupil_id` or `pupil_ids`.
    """

    #: The class of a record as its steps have left it, and the column with its id.
    ROW: type[_Row]
    KEY: ClassVar[str]
    #: The error for an unknown id and for a closed record, and its messages.
    REFUSAL: ClassVar[type[SafeguardsError]]
    MISSING: ClassVar[str]
    CLOSED: ClassVar[str] = ""
    #: The columns with free text.
    FREE_TEXT: ClassVar[tuple[str, ...]] = ()

    def list_all(self) -> tuple[_Row, ...]:
        """Return every record as its steps have left it, in the order of first steps.

        The register's own error means that this version does not know a value.
        """
        try:
            return tuple(msgspec.convert(row, self.ROW) for row in self._merge_steps().values())
        except msgspec.ValidationError as error:
            raise self.ERROR(f"{self.path} cannot be read: {error}. Update lac-monitor.") from error

    def get(self, key: str) -> _Row:
        """Return the record of an id; raise the register's refusal if there is none."""
        for row in self.list_all():
            if getattr(row, self.KEY) == key:
                return row
        raise self.REFUSAL(self.MISSING)

    def append_steps(self, *steps: Record) -> None:
        """Append steps, each with its key; when this returns, they are on the disk."""
        with self.open_for_append() as write:
            write(*map(to_record, steps))

    def forget(self, pupil_ids: Collection[str]) -> None:
        """Take these children out, and the free text of records about nobody else."""
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
                kept["pupil_ids"] = [code for code in kept["pupil_ids"] if code not in pupil_ids]
            if kept[self.KEY] in alone:
                kept |= {name: _ERASED for name in self.FREE_TEXT if kept.get(name)}
            return kept

        self.rewrite(erase_children)

    def replace_pupil_id(self, pupil_id: str, to: str) -> None:
        """Replace one code by another, since both are of one child."""

        def replace_id(record: Record) -> Record:
            if record.get("pupil_id") == pupil_id:
                return {**record, "pupil_id": to}
            codes = {to if code == pupil_id else code for code in record.get("pupil_ids", ())}
            return {**record, "pupil_ids": sorted(codes)} if codes else record

        self.rewrite(replace_id)

    def _merge_steps(self) -> dict[str, dict[str, Any]]:
        merged: dict[str, dict[str, Any]] = {}
        for step in self.records:
            merged.setdefault(step[self.KEY], {}).update(step)
        return merged

    def _append_step(self, key: str, **changes: Any) -> _Row:
        """Return the record after one more step; a closed record takes no more steps."""
        with self.open_for_append() as write:
            if not getattr(self.get(key), "is_open", True):
                raise self.REFUSAL(self.CLOSED)
            write(to_record({self.KEY: key, **changes}))
        return self.get(key)
