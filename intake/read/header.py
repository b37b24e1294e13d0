"""Which row names the columns, and which column is which: by name, in any order and case."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.tables import SourceRow
from queries.contract import ALL_EXPORTS, HANDLE_EXPORTS, TERMS, Export, key_by_handle
from queries.contract.model.spelling import normalise_name

#: A column of this name marks the rows that only show how a sheet is filled in.
EXAMPLE = "example"

#: A row names columns rather than holding values when it has so many names that we know.
_FEWEST_KNOWN = 2
_LONGEST_NAME = 40
_LOOKS_LIKE_A_VALUE = re.compile(r"[0-9]{3}|[0-9]/[0-9]|@")


@dataclass(frozen=True)
class HeaderMatch:
    """The row that names the columns of an export.

    export: with a handle in place of the UPN where the table has.  places: by column, where
    it stands, from 0; without those that the file lacks.  others: names of columns that are
    no columns of ours, and are left alone.  absent: columns that the file may lack, and does.
    example_place: of the column that marks example rows.
    """

    export: Export
    row: SourceRow
    places: Mapping[str, int]
    others: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    example_place: int | None = None


def match_header(export: Export, row: SourceRow) -> HeaderMatch | None:
    """The row as the names of an export's columns; None unless all that must be are there."""
    export = _resolve_export(export, row)
    ours = {normalise_name(name): name for name in export.header}
    places: dict[str, int] = {}
    others: list[str] = []
    example_place = None
    for place, cell in enumerate(row[1]):
        name = ours.get(normalise_name(cell or ""))
        if name is None:
            if normalise_name(cell or "") == EXAMPLE:
                example_place = place
            elif cell and cell.strip():
                others.append(_show_name(cell, place))
        elif name in places:
            return None
        else:
            places[name] = place
    lacking = [column for column in export.columns if column.name not in places]
    if not all(column.may_be_absent for column in lacking):
        return None
    absent = tuple(column.name for column in lacking)
    return HeaderMatch(export, row, places, tuple(others), absent, example_place)


def find_header(export: Export, head: Sequence[SourceRow]) -> HeaderMatch | None:
    """The first row that names the export's columns; titles above it say nothing here."""
    return next((found for row in head if (found := match_header(export, row))), None)


def identify_export(head: Sequence[SourceRow]) -> HeaderMatch | None:
    """The one export of which a row names the columns, and no column is left over; or None."""
    found = [
        match
        for export in (*ALL_EXPORTS, TERMS)
        if (match := find_header(export, head)) and not match.others
    ]
    most = max((len(match.places) for match in found), default=0)
    best = [match for match in found if len(match.places) == most]
    return best[0] if len(best) == 1 else None


def describe_wrong_header(export: Export, head: Sequence[SourceRow]) -> tuple[str, str]:
    """What was found instead of the names, and what to do about it; no value is told."""
    if not head:
        return "it is empty", "Export the file again, this time with rows."
    if len(head[0][1]) == 1 and head[0][1][0] is None:
        return (
            "its first row has invisible characters, or an unclosed quotation mark",
            "Export the file again as CSV in UTF-8.",
        )
    best = max(head, key=lambda row: _count_known(export, row))
    if _count_known(export, best) >= min(_FEWEST_KNOWN, len(export.columns)):
        return _describe_names(export, best)
    return _describe_no_names(export, head)


def _resolve_export(export: Export, row: SourceRow) -> Export:
    """The export as it is by handle where a column is called so and may be."""
    if export not in HANDLE_EXPORTS:
        return export
    names = {normalise_name(cell or "") for cell in row[1]}
    return key_by_handle(export) if "handle" in names and "upn" not in names else export


def _describe_names(export: Export, row: SourceRow) -> tuple[str, str]:
    """What is wrong with a row that names some of the columns."""
    export = _resolve_export(export, row)
    ours = {normalise_name(name): name for name in export.header}
    names = [normalise_name(cell or "") for cell in row[1]]
    counted = Counter(name for name in names if name in ours)
    if twice := [ours[name] for name, number in counted.items() if number > 1]:
        return (
            f"two columns of row {row[0]} are called {twice[0]}",
            "Remove one of these columns, or rename one.",
        )
    lacking = [
        column.name
        for column in export.columns
        if not column.may_be_absent and normalise_name(column.name) not in names
    ]
    unknown = [
        f"column {place + 1} is {_show_name(cell, place)}"
        for place, cell in enumerate(row[1])
        if cell and cell.strip() and normalise_name(cell) not in ours
    ]
    found = f"row {row[0]} names no column {' and no column '.join(lacking)}"
    if unknown:
        found += f" ({', '.join(unknown[:4])})"
    whose = "the column this name" if len(lacking) == 1 else "the columns these names"
    return found, f"Give {whose}, or choose it on the Bring in files page."


def _describe_no_names(export: Export, head: Sequence[SourceRow]) -> tuple[str, str]:
    """What is wrong where no row names two columns."""
    if has_values(head[0]):
        return (
            f"row {head[0][0]} already contains values, and no row has the column names",
            f"Add a first row above it with the column names: {_list_names(export)}.",
        )
    return (
        f"none of the first {len(head)} rows has the column names",
        (
            "Put the column names in one row, in any order, with commas, semicolons, tabs or | "
            f"between them: {_list_names(export)}. You can also say on the Bring in files page "
            "which column is which."
        ),
    )


def _count_known(export: Export, row: SourceRow) -> int:
    ours = {normalise_name(name) for name in _resolve_export(export, row).header}
    return len(ours & {normalise_name(cell or "") for cell in row[1]})


def has_values(row: SourceRow) -> bool:
    """Whether a row holds a UPN, a date or a long number, as no row of names does."""
    return any(_LOOKS_LIKE_A_VALUE.search(cell or "") for cell in row[1])


def _show_name(cell: str, place: int) -> str:
    """A column's name as a message may show it: where it can be no value of a child's."""
    name = cell.strip()
    is_name = len(name) <= _LONGEST_NAME and name.isprintable()
    is_name = is_name and not _LOOKS_LIKE_A_VALUE.search(name)
    return f'"{name}"' if is_name else f"column {place + 1}"


def _list_names(export: Export) -> str:
    return ", ".join(export.header)
