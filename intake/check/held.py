"""What a home holds of earlier files, as the files that it stands in for.

A register that is loaded alone is compared with the home's roll and calendar, and its children
are those whom the home knows.  Anybody else in it is not shown here, and nothing more is known.
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

    files: our files of which it has rows.  not_asked: files that this sender need not send at all.
    children: the `pupil_id`, `handle`, and year group on a day of each child.  stays and days: the
    home's roll and calendar.  roll_day, roll_children: when its newest roll was loaded, and how
    many children were on it.  is_on_roll: a function that says whether a right UPN, or a date of
    birth, is on that roll; None if nobody can tell.  find: a function that returns the code of a
    child of the home by a right UPN; None if nobody may look it up.  is_name: a function that says
    whether a folded word is part of a name on the home's roll.
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
        """Return the codes of the home's children among these UPNs, by UPN."""
        if self.find is None:
            return {}
        right = [upn for upn in set(upns) if find_upn_fault(upn) is None]
        return {upn: code for upn in right if (code := self.find(upn)) is not None}

    def build_files(self, typed: Mapping[str, TypedFile]) -> dict[str, TypedFile]:
        """Return the home's roll if none is loaded now, and its calendar joined with the file's.

        A load keeps the days that the calendar's file lacks, such as last year's.
        """
        files = {}
        if self.days.height:
            days = _type(CALENDAR, self.days)
            if update := typed.get(CALENDAR.name):
                older = days.rows.join(update.rows, on="date", how="anti").cast(update.rows.schema)
                days = replace(update, rows=pl.concat([update.rows, older]))
            files[CALENDAR.name] = days
        if ROLL.name not in typed and self.stays.height:
            stays = self._name(list_upns(typed)).join(self.stays, on="pupil_id")
            files[ROLL.name] = _type(ROLL, stays.drop("pupil_id"))
        return files

    def list_children(self, upns: Iterable[str]) -> pl.DataFrame:
        """Return the rows of `children` with these UPNs, and `upn` in place of the code."""
        return self._name(upns).join(self.children, on="pupil_id").drop("pupil_id")

    def _name(self, upns: Iterable[str]) -> pl.DataFrame:
        return pl.DataFrame(
            list(self.list_codes(upns).items()),
            schema={"upn": pl.String, "pupil_id": pl.String},
            orient="row",
        )

    def list_lacks(self, exports: Iterable[Export]) -> dict[str, Export]:
        """Return the missing files that one of these needs, with the one that needs them.

        Other numbers need the roll and the care file: with them a child may be another's.
        """
        numbers = [export for export in exports if export.name == OTHER_NUMBERS.name]
        return {name: export for export in numbers for name in (ROLL.name, CARE_EPISODES.name)}


def list_upns(typed: Mapping[str, TypedFile]) -> set[str]:
    """Return all UPNs in files."""
    return {
        upn
        for file in typed.values()
        if "upn" in file.rows.columns
        for upn in file.rows["upn"].drop_nulls().unique()
    }


def _type(export: Export, rows: pl.DataFrame) -> TypedFile:
    numbered = rows.with_row_index("row", offset=1)
    return TypedFile(export, numbered, numbered, FAULT_SCHEMA.to_frame(), (), export.name)
