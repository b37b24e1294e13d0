"""Sheets of a workbook as rows of text.

A date cell becomes YYYY-MM-DD and a whole number its digits.  A formula, a yes-or-no cell, a
time of day or an error is no value here.

openpyxl reads the sheets.  python-calamine is faster and reads .xls.  But it takes an error, or a
formula without a kept value, for a blank, and two cells at far ends of a sheet end its process.
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
#: The form of a school's URN, and the column in which a workbook of several schools has it.
URN, SCHOOL = re.compile(r"[1-9][0-9]{5}"), "school"
#: The sheet in which `lac template` keeps the choices of its drop-downs; it is no table.
LISTS_SHEET = "lists"
#: The most rows of a sheet below its header.
MAX_ROWS = 20_000
#: The most columns of a sheet: a school year has 390 sessions.
MAX_COLUMNS = 1024

_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".fods")
_LARGEST_WHOLE = 2**53
#: The types of cells without a value: formulas, errors such as #N/A, and TRUE and FALSE.
_NO_VALUES = ("f", "e", "b")
#: A hidden column or row in the XML of a sheet.
_HIDDEN = re.compile(rb'<(?:\w+:)?(col|row)\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_PLACES = re.compile(rb'\b(r|min|max)="([0-9]+)"')


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet that are not blank, and notes on what Excel hides (`told`)."""

    rows: list[SourceRow] = field(repr=False)
    told: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Book:
    """The sheets of a workbook by name, and the digest of its bytes."""

    digest: str
    sheets: dict[str, Sheet] = field(repr=False)

    def split_by_school(self) -> "dict[int, Book]":
        """Return a book for each school, by the URN in the column `school` of the sheets.

        A sheet without that column goes under `NO_SCHOOL`.  IntakeError if a row has no URN in it.
        """
        books: dict[int, dict[str, Sheet]] = {}
        for title, sheet in self.sheets.items():
            for school, rows in _split_rows(title, sheet.rows).items():
                books.setdefault(school, {})[title] = replace(sheet, rows=rows)
        return {school: Book(self.digest, sheets) for school, sheets in books.items()}


def _split_rows(title: str, rows: list[SourceRow]) -> dict[int, list[SourceRow]]:
    """Return the rows of each school without the column, below those that name the columns."""
    # a row of values may have the word too, such as for what changed in care
    head = [() if has_values(row) else row[1] for row in rows[:HEAD_ROWS]]
    names = [[(cell or "").strip().casefold() for cell in cells] for cells in head]
    top = next((number for number, cells in enumerate(names) if SCHOOL in cells), None)
    if top is None:
        return {NO_SCHOOL: rows}
    place = names[top].index(SCHOOL)
    kept = [(line, (*cells[:place], *cells[place + 1 :])) for line, cells in rows]
    schools: dict[int, list[SourceRow]] = {}
    for (line, cells), row in zip(rows[top + 1 :], kept[top + 1 :], strict=True):
        urn = (cells[place] or "").strip() if place < len(cells) else ""
        if not URN.fullmatch(urn):
            raise IntakeError(
                f"Row {line} of the sheet {title!a} has no URN in the column {SCHOOL}."
            )
        schools.setdefault(int(urn), [*rows[:top], kept[top]]).append(row)
    return schools


def refuse_other_kinds(names: Collection[str]) -> None:
    """Raise IntakeError if one of the files is a workbook of a kind that is not read."""
    if other := sorted(name for name in names if name.casefold().endswith(_OTHER_WORKBOOKS)):
        raise IntakeError(
            f"{other[0]!a} is a kind of workbook that is not read. Open it in Excel and save "
            "it as an Excel workbook (.xlsx), or remove it from the folder."
        )


def read_workbook(data: bytes, name: str) -> dict[str, Sheet]:
    """Return the sheets by name.

    Raises IntakeError if the workbook called `name` is unsafe, damaged, too long or too wide.
    """
    import openpyxl  # noqa: PLC0415 - it takes a fifth of a second, and few folders have a workbook
    from openpyxl.xml import DEFUSEDXML, LXML  # noqa: PLC0415 - as above

    refuse_unsafe(data, name)
    if LXML or not DEFUSEDXML:
        raise IntakeError("defusedxml is switched off or missing, so no workbook is read.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return {
                sheet.title: Sheet(_read_rows(sheet, name), tuple(_list_hidden(sheet, data)))
                for sheet in book.worksheets
                if sheet.title != LISTS_SHEET
            }
    except IntakeError:
        raise
    except Exception as error:  # openpyxl raises errors of many kinds
        raise build_workbook_error(name) from error


def _read_rows(sheet: Any, name: str) -> list[SourceRow]:
    rows: list[SourceRow] = []
    last = MAX_ROWS + 1
    sheet.reset_dimensions()  # a sheet may hold more than its stated size
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
    """Say what a sheet hides, though all of it is read."""
    if sheet.sheet_state != "visible":
        yield "the sheet is hidden, but was read"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(vars(sheet)["_worksheet_path"].lstrip("/"))
    places = {b"col": 0, b"row": 0}
    for match in _HIDDEN.finditer(xml):
        bounds = {key: int(place) for key, place in _PLACES.findall(match[0])}
        columns = min(bounds.get(b"max", 0), MAX_COLUMNS) - bounds.get(b"min", 0) + 1
        places[match[1]] += columns if match[1] == b"col" else 1
    for noun, number in zip(("column", "row"), places.values(), strict=True):
        if number > 0:
            are = "is" if number == 1 else "are"
            yield f"{format_count(number, noun)} {are} hidden, but read"


def _read_text(cell: Any) -> str | None:
    """Return the text of a cell, "" if it is blank, or None if it holds no value."""
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
    """Return the cells of a row up to the last that is not blank."""
    kept = list(texts)
    while kept and kept[-1] == "":
        kept.pop()
    return tuple(kept)
