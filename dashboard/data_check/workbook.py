"""The lists of Data check as one workbook, for the office: children by code, a sheet a check."""

import io
from collections.abc import Mapping

import polars as pl
import xlsxwriter

from dashboard.text import tables, words

NAME = "to-fix.xlsx"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Characters of a column, wide enough for its head and for a day.
_WIDTH = 22


def build_check_book(found: Mapping[str, pl.DataFrame]) -> bytes:
    """The rows of check views (`check_...`), all of them, under what the pages call each.

    On top of each sheet stands what to do.  Every cell is text.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for name, rows in found.items():
        table = tables.tabulate_check(rows)
        sheet = book.add_worksheet(name.removeprefix("check_").replace("_", " "))
        sheet.write_string(0, 0, words.get_definition_title(name))
        sheet.write_string(1, 0, words.FIXES.get(name, ""))
        for place, cells in enumerate((table.columns, *table.iter_rows()), 3):
            for column, cell in enumerate(cells):
                sheet.write_string(place, column, words.NOT_RECORDED if cell is None else str(cell))
        sheet.freeze_panes(4, 0)
        sheet.set_column(0, table.width, _WIDTH)
    book.close()
    return content.getvalue()
