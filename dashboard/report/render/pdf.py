"""The report as PDF under PDF/UA-1: tagged for a screen reader, with the same bytes every time.

typst refuses a missing title or a skipped heading.  Letters come from the module `layout`, and
signs that its font lacks from the fonts in typst; fonts of the machine are never read.  A header
cell has its scope.  typst has no header cells for rows yet, so the first cell of a row is a plain
cell.
"""

import json
import re
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from dashboard.charts import palette
from dashboard.report.content.model import Paper, Table
from dashboard.report.render import layout
from dashboard.report.render.content import build_content

_COLOURS = {
    "main": palette.MAIN,
    "text": palette.TEXT,
    "quiet": palette.QUIET_TEXT,
    "line": palette.QUIET_LINE,
    "grid": palette.GRID,
    "warning": palette.NEEDS_ATTENTION,
}
_NO_LETTER = re.compile(r"the text `?\"(.+?)\"`? could not be displayed")


def to_pdf(paper: Paper) -> bytes:
    """Return the paper as a PDF file, or raise ValueError with a sign that cannot be printed."""
    source = (files("dashboard.report.render") / "report.typ").read_bytes()
    compiler = typst.Compiler(
        source, font_paths=_fonts(), sys_inputs={"report": json.dumps(_build_data(paper))}
    )
    try:
        pdf = compiler.compile(
            format="pdf", pdf_standards="ua-1", timestamp=datetime.combine(paper.as_at, time(), UTC)
        )
    except typst.TypstError as error:
        match = _NO_LETTER.search(error.message)
        if match is None:
            raise
        why = f"The PDF has no letter for {match[1]}. Write it in another way."
        raise ValueError(why) from None
    if not isinstance(pdf, bytes):
        raise TypeError("typst made no PDF")
    return pdf


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(layout.create_font_folder())],
    )


def _build_data(paper: Paper) -> dict[str, Any]:
    content, day = build_content(paper), paper.as_at
    for part, block in zip(content["blocks"], paper.blocks, strict=True):
        if isinstance(block, Table):
            part["figures"] = block.figure_columns
            part["widths"] = layout.compute_column_widths(block, paper.scale)
    return {
        **content,
        "as_at": {"year": day.year, "month": day.month, "day": day.day},
        "letters": layout.FONT_FAMILY,
        "colours": _COLOURS,
        "together": layout.MAX_UNBROKEN_ROWS,
        "size": paper.scale,
    }
