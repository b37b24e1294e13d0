"""The PDF report: its structure, read back by another library, and the same bytes every time."""

import ctypes
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdfium2 import raw

from dashboard.report.content.model import Paragraph, Table
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from tests.support.reports import reports


@pytest.fixture(scope="module")
def made() -> bytes:
    return to_pdf(reports.document())


def list_pages(data: bytes) -> list[str]:
    """The words of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def text_of(data: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(list_pages(data)).replace("\ufffe", "-"))


def walk_structure(data: bytes) -> Iterator[tuple[str, Any]]:
    """The type of each part of the structure, in its order, and the part."""
    for page in pypdfium2.PdfDocument(data):
        tree = raw.FPDF_StructTree_GetForPage(page)
        for number in range(raw.FPDF_StructTree_CountChildren(tree)):
            yield from _walk(raw.FPDF_StructTree_GetChildAtIndex(tree, number))


def _walk(part: Any) -> Iterator[tuple[str, Any]]:
    yield _read(raw.FPDF_StructElement_GetType, part), part
    for number in range(raw.FPDF_StructElement_CountChildren(part)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(part, number):
            yield from _walk(child)


def _read(ask: Callable[..., int], part: Any, *asked: bytes) -> str:
    size = ask(part, *asked, None, 0)
    buffer = ctypes.create_string_buffer(size)
    ask(part, *asked, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le")


def test_it_claims_pdf_ua(made: bytes) -> None:
    """typst writes the claim only where its own check of the standard passes."""
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/Marked true" in made
    assert b"/Lang(en-GB)" in made
    assert b"/DisplayDocTitle true" in made


def test_title_and_author_are_said(made: bytes) -> None:
    about = pypdfium2.PdfDocument(made).get_metadata_dict()
    assert about["Title"] == "Children looked after: report to governors"
    assert about["Author"] == "Made-up Junior School"
    assert about["Subject"] == "Termly report, Autumn term 2026, Part One"
    assert about["Keywords"] == ""


def test_the_structure_has_headings_tables_and_lists(made: bytes) -> None:
    """Each header cell with its scope; rows go over two pages, so a page's parts are counted."""
    parts = list(walk_structure(made))
    heads = [
        (int(kind[1]), _read(raw.FPDF_StructElement_GetTitle, part))
        for kind, part in parts
        if re.fullmatch(r"H\d", kind)
    ]
    assert list(dict.fromkeys(heads)) == reports.HEADINGS
    kinds = [kind for kind, _ in parts]
    wide = [len(rows[0]) for rows in reports.PRINTED]
    assert kinds.count("TH") == sum(wide)
    assert kinds.count("TD") == sum(
        (len(rows) - 1) * width for rows, width in zip(reports.PRINTED, wide, strict=True)
    )
    scopes = {
        _read(raw.FPDF_StructElement_GetStringAttribute, part, b"Scope")
        for kind, part in parts
        if kind == "TH"
    }
    assert scopes == {"Column"}
    assert kinds.count("L") == 1
    assert kinds.count("LI") == 2


def test_all_is_said_in_its_order_with_the_figures_of_the_model(made: bytes) -> None:
    found = text_of(made)
    rows = [[" ".join(row) for row in each] for each in reports.PRINTED]
    for said in (*rows, reports.SAID, reports.CAPTIONS):
        places = [found.index(each) for each in said]
        assert places == sorted(places)


def test_every_page_says_part_date_state_and_number() -> None:
    long = reports.document(blocks=reports.blocks() * 3)
    pages = list_pages(to_pdf(long))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "Draft: not for sending" in page.splitlines()[0]
        assert "Part One. Data up to 13 November 2026. Draft: not for sending" in page
        assert f"Page {number} of {len(pages)}" in page
    final = text_of(to_pdf(reports.final()))
    assert "raft" not in final
    assert "To write" not in final
    assert "Part Two. Data up to 13 November 2026. Final" in final


def test_another_process_makes_the_same_bytes(made: Any) -> None:
    """Nothing of a folder's name, a hash's seed or an hour is in either rendering."""
    code = (
        "import hashlib; from tests.support.reports import reports;"
        "from dashboard.report.render.pdf import to_pdf;"
        "from dashboard.report.render.word import to_word; given = reports.document();"
        "print(*(hashlib.sha256(draw(given)).hexdigest() for draw in (to_pdf, to_word)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "PYTHONHASHSEED": "77",
            "TZ": "Pacific/Auckland",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[3]), *sys.path]),
        },
        check=True,
        capture_output=True,
        text=True,
    )
    own = [hashlib.sha256(data).hexdigest() for data in (made, to_word(reports.document()))]
    assert done.stdout.split() == own
    assert re.findall(rb"D:(\d{14})", made) == [b"20261113000000"] * 2


def test_no_letter_is_the_machines(made: bytes) -> None:
    """Source Sans Pro for all that it has; Libertinus, from within typst, for a circle."""

    def fonts(data: bytes) -> set[str]:
        return {each.decode() for each in re.findall(rb"/BaseFont/[A-Z]{6}\+([A-Za-z-]+)", data)}

    assert fonts(made) <= {
        f"SourceSansPro-{face}{end}"
        for face in ("Regular", "Semibold", "Bold")
        for end in ("", "-Identity-H")
    }
    shown = to_pdf(reports.document(blocks=(Paragraph("\u25cf up to date, \u25a1 not recorded"),)))
    assert any(name.startswith("LibertinusSerif-Regular") for name in fonts(shown))


def test_hostile_text_is_text() -> None:
    given, texts = reports.hostile()
    found = text_of(to_pdf(given)).replace(" ", "")
    assert [text for text in texts if text.replace(" ", "") not in found] == []


@pytest.mark.parametrize(
    "name", ["\u0141ukasz", "Si\u00f4n Gr\u0175p", "\u0404\u0432\u0430", "\u0391"]
)
def test_letters_of_many_names_are_there(name: Any) -> None:
    assert name in text_of(to_pdf(reports.document(blocks=(Paragraph(name),))))


@pytest.mark.parametrize("sign", ["\U0001f600", "\u1200", "\u3042"])
def test_a_sign_without_a_letter_is_named(sign: Any) -> None:
    given = reports.document(blocks=(Paragraph(f"We felt {sign} today"),))
    with pytest.raises(ValueError, match=f"no letter for {sign}"):
        to_pdf(given)


def test_a_long_table_repeats_its_header() -> None:
    rows = tuple((f"Reason {number}", number) for number in range(70))
    pages = list_pages(
        to_pdf(reports.document(blocks=(Table("Long", ("Reason", "Sessions"), rows),)))
    )
    assert len(pages) > 1
    assert all("Reason Sessions" in page.replace("\r\n", " ") for page in pages)
