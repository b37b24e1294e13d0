"""What a school may swap in: the Word file that a report begins from, and its logo.

That file is the school's own template, or our plain one; the logo is the one picture of a report.

A school's template keeps its look: letterhead, fonts, colours and margins.  What it must
bring are the built-in styles that a report is written in, since a screen reader finds its
way by them.
"""

import io
import zipfile
from typing import Any, Final

import docx
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from PIL import Image

from dashboard.charts.palette import GRID, MAIN, QUIET_LINE, QUIET_TEXT, TEXT
from dashboard.text import words

FONT: Final = "Arial"
LANGUAGE: Final = "en-GB"
#: Built-in styles that every template has to bring.
REQUIRED_STYLES: Final = (
    *("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet"),
)
#: Styles of our own; a template that has them keeps its own look of them.
TABLE, CELL, NOTE, PROMPT = "Report Table", "Report Cell", "Report Note", "Report Prompt"
LINE: Final = "Report Line"

#: Size in points, blank before and after, colour; bold but for lists.
_STYLES = {
    "Title": (22, 8, 6, MAIN),
    "Heading 1": (16, 14, 4, MAIN),
    "Heading 2": (13, 9, 2, TEXT),
    "Heading 3": (12, 10, 3, TEXT),
    "Caption": (11, 12, 4, TEXT),
    "List Bullet": (12, 0, 3, TEXT),
    "Header": (11, 0, 6, TEXT),
    "Footer": (9.5, 6, 0, QUIET_TEXT),
}
_LINES = 1.12
_LARGEST_LOGO: Final = (900, 450)
#: Word reads the parts of a style in one order only.
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc")


class TemplateError(ValueError):
    """The school's Word template cannot be used; the message says what it lacks."""


class LogoError(ValueError):
    """The school's logo is no picture that we can print."""


def open_template(template: bytes | None, scale: float = 1) -> WordFile:
    """An empty Word file with the styles of a report; TemplateError where it has none."""
    return _create_plain(scale) if template is None else _open_own(template)


def clean_logo(data: bytes) -> bytes:
    """The school's logo as a small PNG without what a camera or a program wrote into it.

    Raises LogoError where `data` is no PNG or JPEG picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            image.thumbnail(_LARGEST_LOGO)
            plain = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoError("The logo is not a PNG or JPEG picture.") from error
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, "PNG")
    return out.getvalue()


def parse_colour(code: str) -> RGBColor:
    """A colour of the palette for Word."""
    return RGBColor.from_string(code.removeprefix("#"))


def _open_own(template: bytes) -> WordFile:
    try:
        word = docx.Document(io.BytesIO(template))
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise TemplateError("The template is not a Word file (.docx).") from error
    style_names = {style.name for style in word.styles}
    missing = [name for name in REQUIRED_STYLES if name not in style_names]
    if missing:
        style = words.pluralise(len(missing), "style")
        raise TemplateError(
            f"The template lacks the {style} {words.format_list(missing)}. "
            "Use each of them once in Word, save the template, and choose it again."
        )
    body = word.element.body
    for part in list(body):
        if part.tag != qn("w:sectPr"):
            body.remove(part)
    _add_own_styles(word)
    return word


def _create_plain(scale: float) -> WordFile:
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.4 * scale), Cm(2.1)
    section.header_distance = section.footer_distance = Cm(1.2)
    _set_style(word.styles["Normal"], 12 * scale, 0, 6 * scale, TEXT, bold=False)
    for name, (size, before, after, code) in _STYLES.items():
        style = word.styles[name]
        is_bold = name.startswith(("T", "Hea", "C"))
        _set_style(style, size * scale, before * scale, after * scale, code, bold=is_bold)
        style.paragraph_format.keep_with_next = name.startswith(("Heading", "Caption"))
    _remove_line_under(word.styles["Title"])
    for mode in word.settings.element.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")  # Word of 2013 and later
    _add_own_styles(word, scale)
    if scale != 1:
        _add_line_style(word)
    return word


def _set_style(
    style: Any, size: float, before: float, after: float, code: str, *, bold: bool
) -> None:
    font = style.font
    font.size, font.bold, font.italic = Pt(size), bold, False
    font.color.rgb = parse_colour(code)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), _LINES
    form.alignment, form.widow_control = WD_ALIGN_PARAGRAPH.LEFT, True
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # a theme's font would win over the name
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)


def _remove_line_under(style: Any) -> None:
    for edge in style.element.findall(f".//{qn('w:pBdr')}"):
        edge.getparent().remove(edge)
    for narrow in style.element.findall(f".//{qn('w:spacing')}"):
        if narrow.getparent().tag == qn("w:rPr"):
            narrow.getparent().remove(narrow)


def _add_line_style(word: WordFile) -> None:
    """Lines to write on: a rule under each, and room for a hand above it."""
    style = word.styles.add_style(LINE, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14), Pt(0)
    rules = _borders("pBdr", bottom=(QUIET_LINE, 4, 1), between=(QUIET_LINE, 4, 1))
    style.element.get_or_add_pPr().insert_element_before(rules, *_AFTER_BORDERS)


def _add_own_styles(word: WordFile, scale: float = 1) -> None:
    style_names = {style.name for style in word.styles}
    for name, size, before, after, code in (
        (CELL, 11, 2, 2, TEXT),
        (NOTE, 10.5, 4, 8, QUIET_TEXT),
        (PROMPT, 11, 3, 8, QUIET_TEXT),
    ):
        if name not in style_names:
            style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = word.styles.default(WD_STYLE_TYPE.PARAGRAPH)
            style.font.size, style.font.color.rgb = Pt(size * scale), parse_colour(code)
            form = style.paragraph_format
            form.space_before, form.space_after = Pt(before * scale), Pt(after * scale)
            form.line_spacing = 1.1
            if name == PROMPT:
                form.left_indent = Cm(0.4)
                style.element.get_or_add_pPr().insert_element_before(
                    _borders("pBdr", left=(QUIET_LINE, 18, 8)), *_AFTER_BORDERS
                )
    if TABLE not in style_names:
        table = word.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
        kept = OxmlElement("w:tblPr")
        kept.append(
            _borders("tblBorders", top=(TEXT, 8, 0), bottom=(TEXT, 8, 0), insideH=(GRID, 6, 0))
        )
        kept.append(_blanks(left=102, right=102))
        table.element.append(kept)
        table.element.append(_first("firstRow", bottom=(TEXT, 8, 0)))


def _first(kind: str, **edges: tuple[str, int, int]) -> Any:
    """How the header row of a table looks: bold, with a line under it."""
    part = OxmlElement("w:tblStylePr")
    part.set(qn("w:type"), kind)
    run = OxmlElement("w:rPr")
    run.append(OxmlElement("w:b"))
    cell = OxmlElement("w:tcPr")
    cell.append(_borders("tcBorders", **edges))
    part.extend((run, cell))
    return part


def _blanks(**edges: int) -> Any:
    """The blank within a cell by edge, in twentieths of a point."""
    blanks = OxmlElement("w:tblCellMar")
    for edge, width in edges.items():
        blank = OxmlElement(f"w:{edge}")
        blank.set(qn("w:w"), str(width))
        blank.set(qn("w:type"), "dxa")
        blanks.append(blank)
    return blanks


def _borders(tag: str, **edges: tuple[str, int, int]) -> Any:
    """Lines by edge: colour, width in eighths of a point, blank in points."""
    lines = OxmlElement(f"w:{tag}")
    for edge, (code, width, blank) in edges.items():
        line = OxmlElement(f"w:{edge}")
        for name, value in (
            ("val", "single"),
            ("sz", str(width)),
            ("space", str(blank)),
            ("color", code.removeprefix("#")),
        ):
            line.set(qn(f"w:{name}"), value)
        lines.append(line)
    return lines
