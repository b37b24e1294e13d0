"""Make a workbook to fill in: a sheet for each subject, drop-downs for codes and for children.

It may go round the school, because it has children by handle, and no name or UPN.
"""

import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from intake.problems import IntakeError
from intake.read import workbook
from intake.read.header import EXAMPLE
from intake.spelling import list_codes
from queries import reference
from queries.contract import (
    ATTENDANCE,
    CARE_EPISODES,
    FILE_TABLES,
    HANDLE_EXPORTS,
    ROLL,
    SCHOOL,
    TERMS,
    Column,
    Export,
    key_by_handle,
    to_sheet_name,
)
from safeguards.access import access
from safeguards.cells import FORMULA_STARTS

#: Written into every file in place of the clock, so that the same home gives the same bytes.
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's times have no zone
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)
_WIDTH = 18
_LAST_ROW = workbook.MAX_ROWS
#: The workbook stays in memory, and text stays text.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

_DATE_FORM = "This row is an example. Write dates as 2026-09-02 or 02/09/2026."
#: The sheets of a first load, and examples of their rows: nobody in them is real.
_START: dict[Export, tuple[str, ...]] = {
    SCHOOL: ("0019999|Quarry Lane Junior School|junior",),
    TERMS: ("term|2026-09-02|2026-10-23", "INSET|2026-09-01|"),
    ROLL: (
        "A001999926001|Sparrow|Robin||2018-05-04|F|4|4A|2022-09-05||1 Quarry Lane|ZZ99 0AA|K",
        "A001999926002|Finch|Jay|Jo|2017-11-20|M|5|5B|2021-09-06||||",
    ),
    CARE_EPISODES: (
        "A001999926001|looked after|2025-03-14|||Ashmere|C2|foster",
        "A001999926002|in need|unknown|2026-09-02||||",
    ),
    ATTENDANCE: ("A001999926001|2026-09-02|AM|/", "A001999926001|2026-09-02|PM|L"),
}


def write_start_template(out: Path) -> None:
    """Write the workbook of a first load to `out`, with the errors of `write_template`."""
    _write_new(out, build_start_template())


def write_template(session: access.Session, out: Path) -> int:
    """Write the workbook of a home to `out`. Return how many children, those on roll, it offers.

    session: opened for the purpose "template", which leaves restricted children out.

    The access log gets its line first.  Raise IntakeError if `out` is no .xlsx, or already
    exists, since it may be filled in; raise OSError if it cannot be written.
    """
    _require_workbook(out)
    session.enter("data_check")
    children = session.read("select handle from cohort_member order by handle")["handle"].to_list()
    exports = [export for export in HANDLE_EXPORTS if session.has_table(FILE_TABLES[export.name])]
    _write_new(out, build_template(children, exports))
    return len(children)


def _require_workbook(out: Path) -> None:
    if out.suffix.casefold() != workbook.SUFFIX:
        raise IntakeError(f"{out} is not the name of a workbook, which ends in {workbook.SUFFIX}.")


def _write_new(out: Path, content: bytes) -> None:
    _require_workbook(out)
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise IntakeError(f"{out} already exists. Move it or choose another name.") from None


def build_template(handles: list[str], exports: Iterable[Export] = HANDLE_EXPORTS) -> bytes:
    """Return the workbook's bytes, the same for the same handles, with a sheet for each export.

    Raise ValueError if a text in it would begin as a formula does.
    """
    return _build_book([key_by_handle(export) for export in exports], handles)


def build_start_template() -> bytes:
    """Return a workbook with every sheet that a first load needs, with example rows on each.

    The column `example` marks them, and a row with any text in that column is ignored.
    """
    return _build_book(list(_START), [])


def _build_book(exports: list[Export], handles: list[str]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - the dashboard offers a workbook, but seldom writes one

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    book.set_properties({"created": _CREATED})
    sheets = [book.add_worksheet(to_sheet_name(export)) for export in exports]
    lists = _Lists(book.add_worksheet(workbook.LISTS_SHEET), xlsxwriter.utility.xl_col_to_name)
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for sheet, export in zip(sheets, exports, strict=True):
        _write_sheet(sheet, export, handles, lists, formats)
    book.close()
    return content.getvalue()


class _Lists:
    """The hidden sheet with what the drop-downs offer, a column for each list."""

    def __init__(self, sheet: Any, to_letter: Callable[[int], str]) -> None:
        self._sheet = sheet
        self._to_letter = to_letter
        self._ranges: dict[tuple[str, ...], str] = {}
        sheet.hide()

    def ensure_range(self, offered: tuple[str, ...]) -> str:
        """Return the cells that hold these texts, as a formula names them. Write them only once."""
        if offered not in self._ranges:
            column = len(self._ranges)
            for row, text in enumerate(offered):
                self._sheet.write_string(row, column, _require_no_formula(text))
            letter = self._to_letter(column)
            self._ranges[offered] = (
                f"={workbook.LISTS_SHEET}!${letter}$1:${letter}${max(len(offered), 1)}"
            )
        return self._ranges[offered]


def _write_sheet(
    sheet: Any, export: Export, handles: list[str], lists: _Lists, formats: dict[str, Any]
) -> None:
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(export.columns):
        is_date = column.kind == "date"
        sheet.set_column(position, position, _WIDTH, formats["date"] if is_date else None)
        sheet.write_string(0, position, _require_no_formula(column.name), formats["head"])
        sheet.write_comment(0, position, _describe_column(column))
        offered = tuple(handles) if column.name == "handle" else list_codes(column)
        if rule := _build_validation(column, offered, lists):
            sheet.data_validation(1, position, _LAST_ROW, position, rule)
    if examples := _START.get(export):
        place = len(export.columns)
        sheet.write_string(0, place, EXAMPLE, formats["head"])
        sheet.write_comment(0, place, "A row with any text in this column is ignored.")
        for row, values in enumerate(examples, start=1):
            for position, text in enumerate((*values.split("|"), _DATE_FORM)):
                sheet.write_string(row, position, _require_no_formula(text))


def _build_validation(
    column: Column, offered: tuple[str, ...], lists: _Lists
) -> dict[str, Any] | None:
    """Return what Excel lets somebody type into a column, or None if it allows anything."""
    rule: dict[str, Any]
    if offered:
        rule = {"validate": "list", "source": lists.ensure_range(offered)}
    elif column.kind == "date":
        rule = {
            "validate": "date",
            "criteria": "between",
            "minimum": _FIRST_DAY,
            "maximum": _LAST_DAY,
        }
    elif column.range is not None:
        rule = {
            "validate": "integer" if column.kind == "whole number" else "decimal",
            "criteria": "between",
            "minimum": column.range.lowest,
            "maximum": column.range.highest,
        }
    else:
        return None
    return rule | {"error_title": column.name, "error_message": "See the note above."}


def _describe_column(column: Column) -> str:
    """Return the column's meaning, with the meanings of its codes."""
    lines = [column.full_meaning]
    if not column.required:
        lines.append("May be blank.")
    if column.code_list is not None:
        rows = reference.read(column.code_list).select("code", "label").unique(maintain_order=True)
        lines += [f"{code}: {label}" for code, label in rows.iter_rows() if code != label]
    return _require_no_formula("\n".join(lines))


def _require_no_formula(text: str) -> str:
    """Return the text. Raise ValueError if a spreadsheet would take it for a formula."""
    if text.startswith(FORMULA_STARTS):
        raise ValueError("a workbook holds no text that begins as a formula does")
    return text
