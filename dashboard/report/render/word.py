"""The report as Word: a template whose fields are filled, with the same bytes every time.

`report.docx` is the template, made of Word's own styles, which a screen reader knows.  Its fields
have the names of the texts.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Length
from docxtpl import DocxTemplate

from dashboard.report.content.model import Paper, Table
from dashboard.report.render.content import build_content
from dashboard.report.render.layout import compute_column_widths
from safeguards.files import zip_files


def to_word(paper: Paper) -> bytes:
    """Return the paper as a .docx file; times are of the paper's day, so bytes are the same."""
    content = build_content(paper)
    template = (files("dashboard.report.render") / "report.docx").read_bytes()
    file = DocxTemplate(io.BytesIO(template))
    file.render(content, autoescape=True)
    document: WordFile = file.docx
    _scale(document, paper.scale)
    _set_tables(document, paper, content)
    _set_properties(document, content, paper.as_at)
    out = io.BytesIO()
    file.save(out)
    with zipfile.ZipFile(out) as parts:
        return zip_files({name: parts.read(name) for name in parts.namelist()}, paper.as_at)


def _scale(file: WordFile, scale: float) -> None:
    """Scale the letters of every style, as a sheet is set smaller than a report."""
    for style in file.styles if scale != 1 else ():
        size = getattr(style, "font", None) and style.font.size
        if size:
            style.font.size = Length(round(size * scale))


def _set_tables(file: WordFile, paper: Paper, content: Mapping[str, Any]) -> None:
    """Set column widths, align figures to the right, and describe tables for screen readers."""
    pairs = zip(paper.blocks, content["blocks"], strict=True)
    blocks = [(block, texts) for block, texts in pairs if isinstance(block, Table)]
    for table, (block, texts) in zip(file.tables, blocks, strict=True):
        widths = [Cm(width) for width in compute_column_widths(block, paper.scale)]
        for column, width, is_figures in zip(
            table.columns, widths, block.figure_columns, strict=True
        ):
            column.width = width
            for cell in column.cells:
                cell.width = width
                if is_figures:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        about = f"{len(texts['rows'])} rows. Columns: {', '.join(texts['header'])}."
        for tag, text in (("tblCaption", texts["name"]), ("tblDescription", about)):
            element = OxmlElement(f"w:{tag}")
            element.set(qn("w:val"), text)
            table._tbl.tblPr.append(element)  # noqa: SLF001 - no other way


def _set_properties(file: WordFile, content: Mapping[str, Any], day: date) -> None:
    """Set the file's properties: the school, the day of its data, and no hour and no program."""
    about: Any = file.core_properties
    about.title, about.subject = content["title"], content["subject"]
    about.author = about.last_modified_by = content["school"]
    about.created = about.modified = about.last_printed = datetime.combine(day, time(), UTC)
