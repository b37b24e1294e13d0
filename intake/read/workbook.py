"""The sheets of a workbook as rows of text, exactly as somebody sees them.

A date cell becomes YYYY-MM-DD and a whole number its digits; nothing else is turned into
text, so a formula, a yes-or-no cell, a time or an error is no value here.

openpyxl reads them.  python-calamine is faster and reads .xls, but takes an error, and a formula
whose value is not kept, for a blank, and two cells at far ends of a sheet end its process.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from intake.problems import IntakeError, format_count
from intake.read.archive import build_workbook_error, refuse_unsafe
from intake.read.header import has_values
from intake.tables import HEAD_ROWS, SourceRow
from queries.contract import NO_SCHOOL

SUFFIX = ".xlsx"
#: A school of many: its number, and the column in which a workbook of several has it.
URN, SCHOOL = re.compile(r"[1-9][0-9]{5}"), "school"
#: Where `lac template` keeps what its drop-downs offer; it is no table.
LISTS_SHEET = "lists"
#: Rows of a sheet below its header.
MAX_ROWS = 20_000
#: Of a sheet: a school year has 390 sessions.
MAX_COLUMNS = 1024

_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".fods")
_LARGEST_WHOLE = 2**53
#: Formulas, errors such as #N/A, and TRUE and FALSE.
_NO_VALUES = ("f", "e", "b")
#: What a sheet hides, in its XML, which is not read for more.
_HIDDEN = re.compile(rb'<(?:\w+:)?(col|row)\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_PLACES = re.compile(rb'\b(r|min|max)="([0-9]+)"')


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet that are not blank, and what whoever opens it does not see."""

    rows: list[SourceRow] = field(repr=False)
    told: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Book:
    """The sheets of a workbook by name, and the digest of its bytes."""

    digest: str
    sheets: dict[str, Sheet] = field(repr=False)

    def split_by_school(self) -> "dict[int, Book]":
        """By the URN in the column `school` of its sheets what it has of each school.

        A sheet without that column is no school's.  IntakeError where a row has no URN in it.
        """
        found: dict[int, dict[str, Sheet]] = {}
        for title, sheet in self.sheets.items():
            for school, rows in _split_rows(title, sheet.rows).items():
                found.setdefault(school, {})[title] = replace(sheet, rows=rows)
        return {school: Book(self.digest, sheets) for school, sheets in found.items()}


def _split_rows(title: str, rows: list[SourceRow]) -> dict[int, list[SourceRow]]:
    """The rows of each school, less the column, below those that name the columns."""
    # a row of values may have the word too, as what changed in care
    head = [() if has_values(row) else row[1] for row in rows[:HEAD_ROWS]]
    names = [[(cell or "").strip().casefold() for cell in cells] for cells in head]
    top = next((number for number, cells in enumerate(names) if SCHOOL in cells), None)
    if top is None:
        return {NO_SCHOOL: rows}
    place = names[top].index(SCHOOL)
    less = [(line, (*cells[:place], *cells[place + 1 :])) for line, cells in rows]
    found: dict[int, list[SourceRow]] = {}
    for (line, cells), row in zip(rows[top + 1 :], less[top + 1 :], strict=True):
        urn = (cells[place] or "").strip() if place < len(cells) else ""
        if not URN.fullmatch(urn):
            raise IntakeError(
                f"Row {line} of the sheet {title!a} has no URN in the column {SCHOOL}."
            )
        found.setdefault(int(urn), [*rows[:top], less[top]]).append(row)
    return found


def refuse_other_kinds(names: Collection[str]) -> None:
    """IntakeError if there is a workbook of a kind that is not read among the files."""
    if other := sorted(name for name in names if name.casefold().endswith(_OTHER_WORKBOOKS)):
        raise IntakeError(
            f"{other[0]!a} is a kind of workbook that is not read. Open it in Excel and save "
            "it as an Excel workbook (.xlsx), or remove it from the folder."
        )


def read_workbook(data: bytes, name: str) -> dict[str, Sheet]:
    """Each sheet, by its name.

    IntakeError, in words, if the workbook called `name` is unsafe, damaged, too long or too wide.
    """
    import openpyxl  # noqa: PLC0415 - it takes a fifth of a second, and few folders have a workbook
    from openpyxl.xml import DEFUSEDXML, LXML  # noqa: PLC0415 - as above

    refuse_unsafe(data, name)
    if LXML or not DEFUSEDXML:
        raise IntakeError("defusedxml is switched off or missing, so no workbook is read.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return {
                sheet.title: Sheet(_read_rows(sheet, name), tuple(_list_hidden(sheet, data)))
                for sheet in book.worksheets
                if sheet.title != LISTS_SHEET
            }
    except IntakeError:
        raise
    except Exception as error:  # openpyxl raises whatever it trips over
        raise build_workbook_error(name) from error


def _read_rows(sheet: Any, name: str) -> list[SourceRow]:
    rows: list[SourceRow] = []
    last = MAX_ROWS + 1
    sheet.reset_dimensions()  # what a sheet says of its size may be less than it holds
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > last:
            raise IntakeError(
                f"A sheet of {name} continues beyond row {last:,}. Delete the rows below the "
                "table, or export the sheet as a CSV file."
            )
        if any(cell.value is not None for cell in row[MAX_COLUMNS:]):
            raise IntakeError(
                f"A sheet of {name} continues beyond column {MAX_COLUMNS:,}. Delete the columns to "
                "the right of the table, or export fewer terms at a time."
            )
        if texts := _drop_trailing_blanks(_read_text(cell) for cell in row[:MAX_COLUMNS]):
            rows.append((number, texts))
    return rows


def _list_hidden(sheet: Any, data: bytes) -> Iterable[str]:
    """What of a sheet is hidden, in words: all of it is read."""
    if sheet.sheet_state != "visible":
        yield "the sheet is hidden, but was read"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(vars(sheet)["_worksheet_path"].lstrip("/"))
    places = {b"col": 0, b"row": 0}
    for match in _HIDDEN.finditer(xml):
        found = {key: int(place) for key, place in _PLACES.findall(match[0])}
        columns = min(found.get(b"max", 0), MAX_COLUMNS) - found.get(b"min", 0) + 1
        places[match[1]] += columns if match[1] == b"col" else 1
    for what, number in zip(("column", "row"), places.values(), strict=True):
        if number > 0:
            are = "is" if number == 1 else "are"
            yield f"{format_count(number, what)} {are} hidden, but read"


def _read_text(cell: Any) -> str | None:
    """What a cell says, "" if it is blank; None if it says nothing that is a value."""
    value = cell.value
    if cell.data_type in _NO_VALUES:
        return None
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    if isinstance(value, (str, int, float, date)):
        return str(value)
    return "" if value is None else None


def _drop_trailing_blanks(texts: Iterable[str | None]) -> tuple[str | None, ...]:
    """The cells of a row to the last that is not blank."""
    kept = list(texts)
    while kept and kept[-1] == "":
        kept.pop()
    return tuple(kept)
