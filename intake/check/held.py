"""What a home holds of earlier files, as the files that it stands in for.

A register alone is held against the home's roll and calendar, and its children are those whom
the home knows.  Whoever else it names is not shown here, and nobody knows more of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from intake.check.upn import find_upn_fault
from intake.check.values import FAULT_SCHEMA, TypedFile
from queries.contract import CALENDAR, CARE_EPISODES, OTHER_NUMBERS, ROLL, Export

_CHILDREN = pl.Schema(
    {
        "pupil_id": pl.String(),
        "handle": pl.String(),
        "year_group": pl.Int16(),
        "year_group_date": pl.Date(),
    }
)
_STAYS = pl.Schema({"pupil_id": pl.String(), "entry_date": pl.Date(), "leaving_date": pl.Date()})
_DAYS = pl.Schema({"date": pl.Date(), "kind": pl.String()})


@dataclass(frozen=True, eq=False)
class Held:
    """What a home holds; nothing by default.

    files: those of ours of which it has rows.  not_asked: those that this sender need not send
    at all.  children: `pupil_id`, `handle`, and the year group
    on a day of each; stays and days: its roll and calendar.  roll_day, roll_children: when the
    newest roll was loaded, and how many were on it.  is_on_roll: says of a right UPN, or of a
    date of birth, whether it is on that roll; None where nobody can tell.  find: the code of a
    child of the home by
    a right UPN; None where nobody may look it up.  is_name: says of a folded word whether it is
    part of a name on the home's roll.
    """

    files: frozenset[str] = frozenset()
    not_asked: frozenset[str] = frozenset()
    children: pl.DataFrame = field(default_factory=_CHILDREN.to_frame, repr=False)
    stays: pl.DataFrame = field(default_factory=_STAYS.to_frame, repr=False)
    days: pl.DataFrame = field(default_factory=_DAYS.to_frame, repr=False)
    roll_day: date | None = None
    roll_children: int | None = None
    is_on_roll: Callable[[str | date], bool] | None = None
    find: Callable[[str], str | None] | None = None
    is_name: Callable[[str], bool] = field(default=lambda _: False, repr=False)

    def list_codes(self, upns: Iterable[str]) -> dict[str, str]:
        """The codes of the home's children among these numbers, by number."""
        if self.find is None:
            return {}
        right = [upn for upn in set(upns) if find_upn_fault(upn) is None]
        return {upn: code for upn in right if (code := self.find(upn)) is not None}

    def build_files(self, typed: Mapping[str, TypedFile]) -> dict[str, TypedFile]:
        """Return the roll of the home where none is at hand, and its calendar with the file's.

        A load keeps the days that the file of days does not have, such as last year's.
        """
        found = {}
        if self.days.height:
            days = _type(CALENDAR, self.days)
            if coming := typed.get(CALENDAR.name):
                older = days.rows.join(coming.rows, on="date", how="anti").cast(coming.rows.schema)
                days = replace(coming, rows=pl.concat([coming.rows, older]))
            found[CALENDAR.name] = days
        if ROLL.name not in typed and self.stays.height:
            stays = self._name(list_upns(typed)).join(self.stays, on="pupil_id")
            found[ROLL.name] = _type(ROLL, stays.drop("pupil_id"))
        return found

    def list_children(self, upns: Iterable[str]) -> pl.DataFrame:
        """`children` with `upn` in place of the code, of those among these numbers."""
        return self._name(upns).join(self.children, on="pupil_id").drop("pupil_id")

    def _name(self, upns: Iterable[str]) -> pl.DataFrame:
        return pl.DataFrame(
            list(self.list_codes(upns).items()),
            schema={"upn": pl.String, "pupil_id": pl.String},
            orient="row",
        )

    def list_lacks(self, exports: Iterable[Export]) -> dict[str, Export]:
        """By file that is not at hand, the first that is and is not taken without it.

        Other numbers need the roll and the care file: by them a child may be another's.
        """
        numbers = [each for each in exports if each.name == OTHER_NUMBERS.name]
        return {name: each for each in numbers for name in (ROLL.name, CARE_EPISODES.name)}


def list_upns(typed: Mapping[str, TypedFile]) -> set[str]:
    """Every number that files name."""
    return {
        upn
        for each in typed.values()
        if "upn" in each.rows.columns
        for upn in each.rows["upn"].drop_nulls().unique()
    }


def _type(export: Export, rows: pl.DataFrame) -> TypedFile:
    numbered = rows.with_row_index("row", offset=1)
    return TypedFile(export, numbered, numbered, FAULT_SCHEMA.to_frame(), (), export.name)
