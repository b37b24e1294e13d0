"""The sheets of an OpenDocument workbook (.ods) as rows of text; see `workbook`.

Readers that are at hand turn a formula into its last value without a word; a formula is no
value here, so the cells are read as they stand in the file.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from intake.read.archive import OPENDOCUMENT, build_workbook_error, refuse_unsafe
from intake.read.workbook import (
    LISTS_SHEET,
    MAX_COLUMNS,
    MAX_ROWS,
    build_length_error,
    drop_trailing_blanks,
)
from intake.tables import SourceRow

SUFFIX = ".ods"
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT = (f"{{{_URN}{name}:1.0}}" for name in ("table", "office", "text"))
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_NUMBERS = ("float", "percentage", "currency")
_MIDNIGHT = "T00:00:00"


def read_opendocument(data: bytes, name: str) -> dict[str, list[SourceRow]]:
    """The rows of each sheet that are not blank, by the sheet's name.

    IntakeError, in words, if the workbook called `name` is unsafe, damaged or too long.
    """
    refuse_unsafe(data, name, OPENDOCUMENT)
    sheets: dict[str, list[SourceRow]] = {}
    title, number = "", 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
            for event, element in iterparse(content, events=("start", "end")):
                if event == "start" and element.tag == f"{_TABLE}table":
                    title, number = element.get(f"{_TABLE}name", ""), 0
                    sheets[title] = []
                elif event == "end" and element.tag == f"{_TABLE}table-row":
                    repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                    if cells := drop_trailing_blanks(_read_cells(element)):
                        if number + repeated > MAX_ROWS + 1:
                            raise build_length_error(name)
                        sheets[title] += [(number + 1 + each, cells) for each in range(repeated)]
                    number += repeated
                    element.clear()
    except (ParseError, DefusedXmlException, ValueError, zipfile.BadZipFile, KeyError) as error:
        raise build_workbook_error(name) from error
    sheets.pop(LISTS_SHEET, None)
    return sheets


def _read_cells(row: Element) -> Iterator[str | None]:
    """The cells of a row, as far as our tables go."""
    count = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        text = _read_text(cell)
        for _ in range(int(cell.get(f"{_TABLE}number-columns-repeated", "1"))):
            if count == MAX_COLUMNS:
                return
            count += 1
            yield text


def _read_text(cell: Element) -> str | None:
    """What a cell says, "" if it is blank; None if it says nothing that is a value."""
    if cell.get(f"{_TABLE}formula") is not None:
        return None
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "").removesuffix(_MIDNIGHT)
    if kind in _NUMBERS:
        return cell.get(f"{_OFFICE}value", "").removesuffix(".0")
    if kind in ("", "string"):
        return "\n".join(_join_text(each) for each in cell.findall(f"{_TEXT}p"))
    return None


def _join_text(element: Any) -> str:
    """A paragraph's text, whatever it is formatted as; blanks in a row are counted there."""
    parts = [element.text or ""]
    for inner in element:
        if inner.tag == f"{_TEXT}s":
            parts.append(" " * min(int(inner.get(f"{_TEXT}c", "1")), MAX_COLUMNS))
        elif inner.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            parts.append("\t")
        else:
            parts.append(_join_text(inner))
        parts.append(inner.tail or "")
    return "".join(parts)
