"""The report as Word: a template with fields, filled; the same bytes every time.

`report.docx` is the template, made of Word's own styles for a screen reader as for the eye.  A
school may change its look in Word and give it back: letterhead, letters, colours and margins.
Its fields say where the texts go.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any, Final

import jinja2
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Length
from docxtpl import DocxTemplate, InlineImage
from jinja2.sandbox import SandboxedEnvironment
from PIL import Image

from dashboard.report.content.model import Paper, Table
from dashboard.report.render.content import build_content
from dashboard.report.render.layout import compute_column_widths
from dashboard.text import words

TEMPLATE: Final = "report.docx"
ZIP_MIME: Final = "application/zip"
WORD_MIME: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE: Final = "en-GB"
#: What a template must have somewhere, or the report would lose it.
_FIELDS = ("title", "cover", "note", "blocks", "draft", "footer")
#: What a field may do wrong that somebody wrote.
_FIELD_ERRORS = (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError)
_LARGEST_LOGO: Final = (900, 450)
_UNIX = 3
_OWN_FILE = 0o100600 << 16


class TemplateError(ValueError):
    """The school's Word template cannot be used; the message says why."""


class LogoError(ValueError):
    """The school's logo is no picture that we can print."""


def to_word(paper: Paper, template: bytes | None = None) -> bytes:
    """The paper as a .docx file.  Raises TemplateError where the template will not do.

    The same paper and template give the same bytes: times come from the as-at date.
    """
    file = _open(read_template() if template is None else template)
    content = build_content(paper)
    logo = paper.logo and InlineImage(file, io.BytesIO(paper.logo), height=Cm(1.8))
    # whatever a template asks beside these, it cannot reach out of its own texts
    fields = SandboxedEnvironment(autoescape=True)
    try:
        missing = set(_FIELDS) - file.get_undeclared_template_variables(fields)
        if not missing:
            file.render({**content, "logo": logo}, fields, autoescape=True)
    except _FIELD_ERRORS as error:
        raise TemplateError(f"A field of the template cannot be filled: {error}.") from error
    if missing:
        raise TemplateError(
            f"The template lacks the {words.pluralise(len(missing), 'field')} "
            f"{words.format_list(sorted(missing))}. Begin with ours: lac report template."
        )
    made: WordFile = file.docx
    _scale(made, paper.scale)
    _set_tables(made, paper, content)
    for picture in made.element.body.iter(qn("wp:docPr")):
        picture.set("descr", f"Logo of {content['school']}")
    _set_properties(made, content, paper.as_at)
    out = io.BytesIO()
    file.save(out)
    with zipfile.ZipFile(out) as given:
        return zip_files({name: given.read(name) for name in given.namelist()}, paper.as_at)


def read_template() -> bytes:
    """Our template, with which a school begins its own."""
    return (files("dashboard.report.render") / TEMPLATE).read_bytes()


def zip_files(files: Mapping[str, bytes], day: date) -> bytes:
    """A zip of these files by name, each dated with the day of the data.

    The same files give the same bytes.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
            entry.external_attr = _OWN_FILE
            made.writestr(entry, content)
    return out.getvalue()


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


def _open(template: bytes) -> DocxTemplate:
    file = DocxTemplate(io.BytesIO(template))
    try:
        file.init_docx()
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise TemplateError("The template is not a Word file (.docx).") from error
    return file


def _scale(file: WordFile, scale: float) -> None:
    """Set every style smaller or larger: a sheet is set smaller than a report."""
    for style in file.styles if scale != 1 else ():
        size = getattr(style, "font", None) and style.font.size
        if size:
            style.font.size = Length(round(size * scale))


def _set_tables(file: WordFile, paper: Paper, content: Mapping[str, Any]) -> None:
    """Widths of columns, figures to the right, and what a screen reader is told of each table."""
    pairs = zip(paper.blocks, content["blocks"], strict=True)
    blocks = [(block, texts) for block, texts in pairs if isinstance(block, Table)]
    made = [table for table in file.tables if table.style and table.style.name == "Report Table"]
    for table, (block, texts) in zip(made, blocks, strict=False):
        widths = [Cm(each) for each in compute_column_widths(block, paper.scale)]
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
    """What the file says of itself: no hour, no program, British English, and the report's mark."""
    for language in (
        *file.styles.element.iter(qn("w:lang")),
        *file.settings.element.iter(qn("w:themeFontLang")),
    ):
        language.set(qn("w:val"), LANGUAGE)
    about: Any = file.core_properties
    about.title, about.subject, about.identifier = (
        content[name] for name in ("title", "subject", "mark")
    )
    about.author = about.last_modified_by = content["school"]
    about.language, about.revision = LANGUAGE, 1
    about.comments = about.keywords = about.category = about.content_status = ""
    about.created = about.modified = about.last_printed = datetime.combine(day, time(), UTC)
    package = file.part.package
    # a picture of what the template showed when it was saved, and which program saved it
    for key, relation in list(package.rels.items()) if package is not None else []:
        if relation.reltype.endswith(("/thumbnail", "/extended-properties")):
            del package.rels[key]
