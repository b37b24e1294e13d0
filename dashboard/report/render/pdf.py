"""The report as PDF under PDF/UA-1: tagged for a screen reader, the same bytes every time.

typst refuses a logo without words, a missing title or a skipped heading.  Its letters are
those of the module `layout` and, for signs that these lack, the ones within typst; fonts of the
machine are never read.  A header cell says its scope; typst knows no header cells for
rows yet, so the first cell of a row is a plain cell.
"""

import json
import re
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

from dashboard.charts import palette
from dashboard.report.content.model import (
    AnswerBlock,
    Block,
    Bullets,
    Heading,
    Lines,
    Paper,
    Paragraph,
    Sheet,
    Table,
    format_cell,
    format_cover_lines,
    format_draft_mark,
    format_footer,
    format_note,
    format_prompt,
    format_subject,
    get_scale,
    list_captions,
)
from dashboard.report.render.layout import (
    FONT_FAMILY,
    MAX_UNBROKEN_ROWS,
    compute_column_widths,
    create_font_folder,
)

STANDARD: Final = "ua-1"
_COLOURS = {
    "main": palette.MAIN,
    "text": palette.TEXT,
    "quiet": palette.QUIET_TEXT,
    "line": palette.QUIET_LINE,
    "grid": palette.GRID,
    "warning": palette.NEEDS_ATTENTION,
}
_NO_LETTER = re.compile(r"the text `?\"(.+?)\"`? could not be displayed")


class MissingGlyphError(ValueError):
    """The report has a sign that its letters do not have; the message shows it."""


def to_pdf(document: Paper) -> bytes:
    """The report as a PDF file.  Raises NoLetterError for a sign that cannot be printed."""
    source = (files("dashboard.report.render") / "report.typ").read_bytes()
    compiler = typst.Compiler(
        source, font_paths=_fonts(), sys_inputs={"report": json.dumps(_data(document))}
    )
    try:
        made = compiler.compile(
            format="pdf",
            pdf_standards=STANDARD,
            timestamp=datetime.combine(document.as_at, time(), UTC),
        )
    except typst.TypstError as error:
        found = _NO_LETTER.search(error.message)
        if found is None:
            raise
        raise MissingGlyphError(
            f"The PDF has no letter for {found[1]}. Write it in another way."
        ) from None
    if not isinstance(made, bytes):
        raise TypeError("typst made no PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(create_font_folder())],
    )


def _data(document: Paper) -> dict[str, Any]:
    names = list_captions(document)
    day = document.as_at
    logo = document.logo
    return {
        "title": document.title,
        "school": document.school,
        "subject": format_subject(document),
        "as_at": {"year": day.year, "month": day.month, "day": day.day},
        "letters": FONT_FAMILY,
        "colours": _COLOURS,
        "together": MAX_UNBROKEN_ROWS,
        "draft": format_draft_mark(document),
        "footer": format_footer(document),
        "cover": format_cover_lines(document),
        "note": format_note(document),
        "is_sheet": isinstance(document, Sheet),
        "size": get_scale(document),
        "logo": logo and {"data": list(logo), "alt": f"Logo of {document.school}"},
        "blocks": [
            part
            for block in document.blocks
            for part in _parts(
                block, next(names) if isinstance(block, Table) else "", get_scale(document)
            )
        ],
    }


def _parts(block: Block, name: str, scale: float) -> list[dict[str, Any]]:
    """A block as typst takes it; what a person wrote is a paragraph each."""
    part: dict[str, Any]
    match block:
        case Heading():
            part = {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            part = {"kind": "paragraph", "text": block.text}
        case Bullets():
            part = {"kind": "bullets", "items": block.items}
        case Table():
            part = _table(block, name, scale)
        case Lines():
            part = {"kind": "lines", "number": block.number}
        case AnswerBlock(text=None):
            part = {"kind": "prompt", "text": format_prompt(block)}
        case AnswerBlock():
            return [{"kind": "paragraph", "text": text} for text in block.paragraphs]
    return [part]


def _table(block: Table, name: str, scale: float) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": name,
        "header": block.header,
        "rows": [[format_cell(cell) for cell in row] for row in block.rows],
        "figures": block.figure_columns,
        "widths": compute_column_widths(block, scale),
        "note": block.note,
    }
