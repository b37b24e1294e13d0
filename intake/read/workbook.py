"""The sheets of a workbook as rows of text, exactly as somebody sees them.

A date cell becomes YYYY-MM-DD and a whole number its digits; nothing else is turned into
text, so a formula, a yes-or-no cell, a time or an error is no value here.
"""

import io
import warnings
from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from intake.problems import IntakeError
from intake.read.archive import build_workbook_error, refuse_unsafe
from intake.tables import SourceRow

SUFFIX = ".xlsx"
#: Where `lac template` keeps what its drop-downs offer; it is no table.
LISTS_SHEET = "lists"
#: Rows of a sheet below its header.
MAX_ROWS = 20_000
#: No table of ours is wider; cells further to the right are not looked at.
MAX_COLUMNS = 64

_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".fods")
_LARGEST_WHOLE = 2**53
#: Formulas, errors such as #N/A, and TRUE and FALSE.
_NO_VALUES = ("f", "e", "b")


def refuse_other_kinds(names: Collection[str]) -> None:
    """IntakeError if there is a workbook of a kind that is not read among the files."""
    if other := sorted(name for name in names if name.casefold().endswith(_OTHER_WORKBOOKS)):
        raise IntakeError(
            f"{other[0]!a} is a workbook of a kind that is not read. "
            "Save it as an Excel workbook (.xlsx) without macros, or take it out of the folder."
        )


def read_workbook(data: bytes, name: str) -> dict[str, list[SourceRow]]:
    """The rows of each sheet that are not blank, by the sheet's name.

    IntakeError, in words, if the workbook called `name` is unsafe, damaged or too long.
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
                sheet.title: _read_rows(sheet, name)
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
    cells = sheet.iter_rows(min_row=1, max_row=last + 1, min_col=1, max_col=MAX_COLUMNS)
    for number, row in enumerate(cells, start=1):
        if number > last:
            raise IntakeError(
                f"A sheet of {name} goes on beyond row {last:,}. "
                "Delete the rows below its table, or export it as a CSV file."
            )
        if texts := _drop_trailing_blanks(_read_text(cell) for cell in row):
            rows.append((number, texts))
    return rows


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
