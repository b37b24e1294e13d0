"""The report as Word: for a screen reader as for the eye, and the same bytes every time.

Word is the rendering that people go on writing in, so all of it is made of Word's own styles.
The letters are Arial, which every Word has.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

from docx.document import Document as WordFile
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from dashboard.report.content.model import (
    AnswerBlock,
    Block,
    Bullets,
    Heading,
    Lines,
    Paper,
    Paragraph,
    Table,
    format_cell,
    format_cover_lines,
    format_note,
    format_prompt,
    get_scale,
    list_captions,
)
from dashboard.report.render import finish, template
from dashboard.report.render.layout import MAX_UNBROKEN_ROWS, compute_column_widths

_AFTER_TABLE: Final = Pt(10)


def to_word(document: Paper, own_template: bytes | None = None) -> bytes:
    """The report as a .docx file.  Raises template.TemplateError where the template will not do.

    The same document and template give the same bytes: times come from the as-at date.
    """
    scale = get_scale(document)
    file = template.open_template(own_template, scale)
    _begin(file, document)
    names = list_captions(document)
    above: Block | None = None
    for block in document.blocks:
        first = _add(file, block, names, scale)
        if isinstance(above, Table) and not above.note and not isinstance(block, Heading):
            first.paragraph_format.space_before = _AFTER_TABLE
        above = block
    if isinstance(above, Table) and not above.note:
        file.add_paragraph()  # Word wants one behind a last table
    return finish.finish_document(file, document)


def _begin(file: WordFile, document: Paper) -> None:
    if document.logo is not None:
        picture = file.add_picture(io.BytesIO(document.logo), height=Cm(1.8))
        _describe(picture, f"Logo of {document.school}")
    file.add_paragraph(document.title, style="Title")
    for line in format_cover_lines(document):
        file.add_paragraph(line).paragraph_format.space_after = Pt(0)
    file.add_paragraph(format_note(document), style=template.NOTE)


def _add(file: WordFile, block: Block, names: Iterator[str], scale: float) -> WordParagraph:
    """Add a block and return its first paragraph."""
    if isinstance(block, Table):
        return _add_table(file, block, next(names), scale)
    texts, style = _texts(block)
    return [file.add_paragraph(text, style=style) for text in texts][0]  # noqa: RUF015 - all of them


def _texts(
    block: Heading | Paragraph | Bullets | AnswerBlock | Lines,
) -> tuple[tuple[str, ...], str | None]:
    """The paragraphs of a block, and the style that they have; None is the usual one."""
    match block:
        case Heading():
            return (block.text,), f"Heading {block.level}"
        case Paragraph():
            return (block.text,), None
        case Bullets():
            return block.items, "List Bullet"
        case Lines():
            return ("",) * block.number, template.LINE
        case AnswerBlock():
            return (
                (block.paragraphs, None)
                if block.text
                else ((format_prompt(block),), template.PROMPT)
            )


def _add_caption(file: WordFile, name: str) -> WordParagraph:
    caption = file.add_paragraph(name, style="Caption")
    caption.paragraph_format.keep_with_next = True
    return caption


def _add_table(file: WordFile, block: Table, name: str, scale: float) -> WordParagraph:
    # a sheet's own heading says what a table of it is
    caption = _add_caption(file, name) if scale == 1 else None
    table = file.add_table(rows=0, cols=len(block.header), style=template.TABLE)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    lines = [block.header, *([format_cell(cell) for cell in row] for row in block.rows)]
    wide = [Cm(each) for each in compute_column_widths(block, scale)]
    for column, width in zip(table.columns, wide, strict=True):
        column.width = width
    for place, line in enumerate(lines):
        row = table.add_row()
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001 - no other way
        if place == 0:
            _mark(row._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 - no other way
        for cell, text, width, is_figures in zip(
            row.cells, line, wide, block.figure_columns, strict=True
        ):
            cell.width = width
            (paragraph,) = cell.paragraphs
            paragraph.style = file.styles[template.CELL]
            # said here as well as in the style, which not every program reads
            paragraph.add_run(text).bold = True if place == 0 else None
            if is_figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if place < len(lines) - 1 and len(block.rows) <= MAX_UNBROKEN_ROWS:
                paragraph.paragraph_format.keep_with_next = True
    _describe_table(table, block, name)
    if block.note:
        file.add_paragraph(block.note, style=template.NOTE)
    return caption or table.cell(0, 0).paragraphs[0]


def _describe_table(table: Any, block: Table, name: str) -> None:
    """The table's own caption and description, and that row and column one are headers."""
    properties = table._tbl.tblPr  # noqa: SLF001 - no other way
    table_look = properties.find(qn("w:tblLook"))
    if table_look is not None:
        properties.remove(table_look)
    table_look = OxmlElement("w:tblLook")
    for key, value in (
        ("val", "00A0"),
        ("firstRow", "1"),
        ("lastRow", "0"),
        ("firstColumn", "1"),
        ("lastColumn", "0"),
        ("noHBand", "0"),
        ("noVBand", "1"),
    ):
        table_look.set(qn(f"w:{key}"), value)
    properties.append(table_look)
    columns = ", ".join(block.header)
    for tag, text in (
        ("tblCaption", name),
        ("tblDescription", f"{len(block.rows)} rows. Columns: {columns}."),
    ):
        element = OxmlElement(f"w:{tag}")
        element.set(qn("w:val"), text)
        properties.append(element)


def _mark(properties: Any, tag: str) -> None:
    properties.append(OxmlElement(tag))


def _describe(picture: Any, text: str) -> None:
    inline = picture._inline  # noqa: SLF001 - no other way
    inline.docPr.set("descr", text)
    for edge in "TBLR":  # what is not said is taken as a blank by some programs
        inline.set(f"dist{edge}", "0")
