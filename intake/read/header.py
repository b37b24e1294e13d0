"""Headers of tables: the row that names the columns, which may be in any order and case."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.tables import SourceRow
from queries.contract import ALL_EXPORTS, HANDLE_EXPORTS, TERMS, Export, key_by_handle
from queries.contract.model.spelling import normalise_name

#: A column of this name marks the rows that only show how a sheet is filled in.
EXAMPLE = "example"

#: A row with this many names that we know names columns, rather than holding values.
_FEWEST_KNOWN = 2
_LONGEST_NAME = 40
_LOOKS_LIKE_A_VALUE = re.compile(r"[0-9]{3}|[0-9]/[0-9]|@")


@dataclass(frozen=True)
class HeaderMatch:
    """The row that names the columns of an export.

    export: the export, by handle instead of UPN if the table is.  places: the place of each
    column that the file has, from 0.  others: names of columns that are not of the export, and
    are ignored.  absent: columns that the file may lack, and does.  example_place: the place of
    the column that marks example rows, or None.
    """

    export: Export
    row: SourceRow
    places: Mapping[str, int]
    others: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    example_place: int | None = None


def match_header(export: Export, row: SourceRow) -> HeaderMatch | None:
    """Return the row as an export's header, or None if it lacks a column or has one twice."""
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
    """Return the first row that names the export's columns, or None; titles above are ignored."""
    return next((match for row in head if (match := match_header(export, row))), None)


def identify_export(head: Sequence[SourceRow]) -> HeaderMatch | None:
    """Return the header of the one export with most columns and none left over, or None."""
    matches = [
        match
        for export in (*ALL_EXPORTS, TERMS)
        if (match := find_header(export, head)) and not match.others
    ]
    most = max((len(match.places) for match in matches), default=0)
    best = [match for match in matches if len(match.places) == most]
    return best[0] if len(best) == 1 else None


def describe_wrong_header(export: Export, head: Sequence[SourceRow]) -> tuple[str, str]:
    """Say what stands in place of the names, and what to do about it, without any value."""
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
    """Return the export by handle if it allows that and the row names a handle and no UPN."""
    if export not in HANDLE_EXPORTS:
        return export
    names = {normalise_name(cell or "") for cell in row[1]}
    return key_by_handle(export) if "handle" in names and "upn" not in names else export


def _describe_names(export: Export, row: SourceRow) -> tuple[str, str]:
    """Say what is wrong with a row that names some of the columns."""
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
    problem = f"row {row[0]} names no column {' and no column '.join(lacking)}"
    if unknown:
        problem += f" ({', '.join(unknown[:4])})"
    names_to_give = "the column this name" if len(lacking) == 1 else "the columns these names"
    return problem, f"Give {names_to_give}, or choose it on the Bring in files page."


def _describe_no_names(export: Export, head: Sequence[SourceRow]) -> tuple[str, str]:
    """Say what is wrong with a table in which no row names two columns."""
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
    """Say whether a row holds a UPN, a date or a long number, as no row of names does."""
    return any(_LOOKS_LIKE_A_VALUE.search(cell or "") for cell in row[1])


def _show_name(cell: str, place: int) -> str:
    """Return a column's name for a message, or its place if it could be a value of a child's."""
    name = cell.strip()
    is_name = len(name) <= _LONGEST_NAME and name.isprintable()
    is_name = is_name and not _LOOKS_LIKE_A_VALUE.search(name)
    return f'"{name}"' if is_name else f"column {place + 1}"


def _list_names(export: Export) -> str:
    return ", ".join(export.header)
