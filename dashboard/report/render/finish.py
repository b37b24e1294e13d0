"""What a Word report has on every page and around its text: edges, language, properties, times.

Word writes the hour into a file in three places.  Here it is the as-at date in all of them,
so that the same report is the same bytes.  So is the archive of a report's files, to be taken
away at once.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from docx.document import Document as WordFile
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.section import Section
from docx.text.paragraph import Paragraph

from dashboard.charts.palette import NEEDS_ATTENTION
from dashboard.report.content.model import Paper, format_draft_mark, format_footer, format_subject
from dashboard.report.render import template

ZIP_MIME = "application/zip"
_UNIX = 3
_OWN_FILE = 0o100600 << 16


def finish_document(file: WordFile, document: Paper) -> bytes:
    """The Word file with edges, language and properties, as bytes."""
    _add_edges(file, document)
    _set_language(file)
    _set_properties(file, document)
    out = io.BytesIO()
    file.save(out)
    with zipfile.ZipFile(out) as given:
        return zip_files({name: given.read(name) for name in given.namelist()}, document.as_at)


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


def _add_edges(file: WordFile, document: Paper) -> None:
    """Header and footer of every page, behind what a template has there already."""
    for section in file.sections:
        for head, foot in _edges(file, section):
            if mark := format_draft_mark(document):
                run = _line(file, head, "Header").add_run(mark)
                run.bold, run.font.color.rgb = True, template.parse_colour(NEEDS_ATTENTION)
            line = _line(file, foot, "Footer")
            _set_stop(line, section)
            line.add_run(f"{format_footer(document)}\tPage ")
            _add_field(line, "PAGE")
            line.add_run(" of ")
            _add_field(line, "NUMPAGES")


def _edges(file: WordFile, section: Section) -> Iterator[tuple[Any, Any]]:
    """The edges in use: a template may have others on the first page, or on even ones."""
    yield section.header, section.footer
    if section.different_first_page_header_footer:
        yield section.first_page_header, section.first_page_footer
    if file.settings.odd_and_even_pages_header_footer:
        yield section.even_page_header, section.even_page_footer


def _line(file: WordFile, edge: Any, style: str) -> Paragraph:
    """A free paragraph of a header or footer."""
    edge.is_linked_to_previous = False
    last: Paragraph = edge.paragraphs[-1] if edge.paragraphs else edge.add_paragraph()
    if last.text or last._p.xpath(".//w:drawing | .//w:pict"):  # noqa: SLF001 - no other way
        last = edge.add_paragraph()
    if any(each.name == style for each in file.styles):
        last.style = file.styles[style]
    return last


def _set_stop(line: Paragraph, section: Section) -> None:
    """One stop, at the right margin; those of the style are for another page."""
    stops = line.paragraph_format.tab_stops
    if line.style is not None:
        for stop in line.style.paragraph_format.tab_stops:
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    page, left, right = section.page_width, section.left_margin, section.right_margin
    if page is not None and left is not None and right is not None:
        stops.add_tab_stop(page - left - right, WD_TAB_ALIGNMENT.RIGHT)


def _add_field(line: Paragraph, name: str) -> None:
    """A number that Word counts itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    line._p.append(field)  # noqa: SLF001 - no other way


def _set_language(file: WordFile) -> None:
    """British English for all of the text, whatever a template's was."""
    styles = file.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is None:
        normal: Any = file.styles["Normal"].element
        defaults = normal.get_or_add_rPr()
    if defaults.find(qn("w:lang")) is None:
        defaults.append(OxmlElement("w:lang"))
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), template.LANGUAGE)
    for language in file.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), template.LANGUAGE)


def _set_properties(file: WordFile, document: Paper) -> None:
    about = file.core_properties
    about.title, about.language = document.title, template.LANGUAGE
    about.author = about.last_modified_by = document.school
    about.subject = format_subject(document)
    about.comments = about.keywords = about.category = about.content_status = ""
    about.created = about.modified = datetime.combine(document.as_at, time(), UTC)
    about.last_printed = about.created
    about.revision = 1
    package = file.part.package
    # a picture of what the template showed when it was saved, and which program saved it
    for key, relation in list(package.rels.items()) if package is not None else []:
        if relation.reltype.endswith(("/thumbnail", "/extended-properties")):
            del package.rels[key]
