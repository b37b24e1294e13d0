"""Reads a finished report back from its files, as any reader of them could: its words, in order."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import pdfplumber
from defusedxml.ElementTree import fromstring

from safeguards.errors import ReportError

_TEXTS: Final = re.compile(
    r"word/(?:document|(?:header|footer)\d*|footnotes|endnotes|comments)\.xml"
)
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FOOTER: Final = re.compile(
    r"(?:Part One|Part Two|For the clerk)\. Data up to [^.]+\. (?:Final|Draft: not for sending)"
    r"\s*Page (?P<page>\d+) of (?P<pages>\d+)"
)


@dataclass(frozen=True)
class Line:
    """A line of a PDF, or a paragraph of a Word file; page: None in Word, which has none."""

    text: str
    page: int | None


@dataclass(frozen=True)
class ReadFile:
    """One file: its name, its bytes, and its lines without the foot of our own pages."""

    name: str
    content: bytes
    lines: tuple[Line, ...]


def read_report_file(path: Path) -> ReadFile:
    """A file of a report, .docx or .pdf; ReportError if it is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}.") from error
    readers = {".docx": _read_word, ".pdf": _read_pdf}
    if path.suffix.lower() not in readers:
        raise ReportError(f"{path} is neither .docx nor .pdf.")
    try:
        lines = tuple(readers[path.suffix.lower()](content))
    except Exception as error:  # the readers' own errors are of many kinds
        raise ReportError(f"{path} is damaged, or no report: {error}.") from error
    return ReadFile(path.name, content, lines)


def _read_word(content: bytes) -> Iterator[Line]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in sorted(filter(_TEXTS.fullmatch, file.namelist())):
            for paragraph in fromstring(file.read(name)).iter(f"{_WORD}p"):
                text = "".join(_list_texts(paragraph))
                if text.strip() and not _FOOTER.fullmatch(text.strip()):
                    yield Line(text, None)


def _list_texts(paragraph: Element) -> Iterator[str]:
    for part in paragraph.iter():
        if part.tag == f"{_WORD}t":
            yield part.text or ""
        elif part.tag in {f"{_WORD}tab", f"{_WORD}br"}:
            yield " "


def _read_pdf(content: bytes) -> Iterator[Line]:
    with pdfplumber.open(io.BytesIO(content)) as file:
        for page in file.pages:
            for text in page.extract_text().splitlines():
                found = _FOOTER.fullmatch(text.strip())
                own = found and (int(found["page"]), int(found["pages"]))
                if own != (page.page_number, len(file.pages)):
                    yield Line(text, page.page_number)
            for note in page.annots:
                if note.get("contents"):
                    yield Line(str(note["contents"]), page.page_number)
