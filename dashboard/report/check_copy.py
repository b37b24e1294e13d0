"""Compare a paper that somebody holds with the reports that the school issued.

The words of both are compared without regard to layout, so a letterhead, other letters or another
program change nothing. Nothing of the file is kept.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

import docx
import pypdfium2
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from dashboard.report.content.model import PARTS
from safeguards.errors import ReportError

#: Bytes and pages of the largest file that is read. A report has some 100 kB and 8 pages.
_MOST_BYTES, _MOST_PAGES = 10_000_000, 60
#: The most bytes that a Word file may have when it is unpacked.
_MOST_UNPACKED = 50_000_000
#: The foot of each page, which stands between words that belong together.
_FOOT = re.compile(rf"(?:{'|'.join(PARTS)})\. Data up to [^.]+\. Final\. Code \S+|Page \d+ of \d+")
#: The share of words in common from which a file counts as a copy.
_ENOUGH = 0.5
#: The number of our words that are shown before a difference.
_AROUND = 4


@dataclass(frozen=True)
class Difference:
    """A place where the copy differs from the issued paper; "" where one of them has nothing."""

    issued: str
    copy: str


@dataclass(frozen=True)
class Comparison:
    """The issued paper that is most like a copy, and where they differ."""

    number: int
    name: str
    differences: tuple[Difference, ...]


def compare_copy(
    name: str, content: bytes, issued: Mapping[int, Mapping[str, bytes]]
) -> Comparison | None:
    """Return how a copy differs from the paper that it is most like.

    Raise ReportError if the file is neither Word nor PDF, or too large.

    Args:
        name: The copy's file name, which ends in .docx or .pdf.
        content: The copy.
        issued: The Word and PDF files of each report, by number and file name.

    Returns:
        None if no paper has half of its words in common with the copy.

    """
    copy = read_words(name, content)
    papers = {
        (number, file.removesuffix(".docx")): read_words(file, paper)
        for number, files in issued.items()
        for file, paper in files.items()
        if file.endswith(".docx")
    }
    shares = {key: _compute_share(words, copy) for key, words in papers.items()}
    key = max(shares, key=shares.__getitem__, default=None)
    if key is None or shares[key] < _ENOUGH:
        return None
    return Comparison(*key, tuple(_list_differences(papers[key], copy)))


def read_words(name: str, content: bytes) -> list[str]:
    """Return the words of a Word or PDF file in their order, without the foot of each page.

    Raises:
        ReportError: The file is neither, or too large.

    """
    if len(content) > _MOST_BYTES:
        raise ReportError("The file is too large for a report of ours.")
    try:
        text = _read_word(content) if name.lower().endswith(".docx") else _read_pdf(content)
    except (PackageNotFoundError, zipfile.BadZipFile, pypdfium2.PdfiumError, KeyError) as error:
        raise ReportError("The file cannot be read as Word (.docx) or as PDF.") from error
    return re.sub(r"[\u2022\u25cf\uf0b7]", " ", _FOOT.sub(" ", text)).split()


def _read_word(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
            raise ReportError("The file is too large for a report of ours.")
    body = docx.Document(io.BytesIO(content)).element.body
    paragraphs = body.iter(qn("w:p"))
    return "\n".join(
        "".join(part.text or "" for part in paragraph.iter(qn("w:t"))) for paragraph in paragraphs
    )


def _read_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        if len(document) > _MOST_PAGES:
            raise ReportError("The file is too large for a report of ours.")
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def _compute_share(issued: list[str], copy: list[str]) -> float:
    """Return the share of the words of both lists that both have, 0 to 1, in any order."""
    return 2 * (Counter(issued) & Counter(copy)).total() / max(len(issued) + len(copy), 1)


def _list_differences(issued: list[str], copy: list[str]) -> list[Difference]:
    """Return what is missing, changed or added, each with the words before it."""
    differences = []
    matcher = SequenceMatcher(None, issued, copy, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag != "equal":
            before = issued[max(0, first - _AROUND) : first]
            differences.append(
                Difference(
                    " ".join([*before, *issued[first:last]]) if last > first else "",
                    " ".join([*before, *copy[start:end]]) if end > start else "",
                )
            )
    return differences
