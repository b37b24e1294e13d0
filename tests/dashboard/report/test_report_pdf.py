"""The PDF report: its structure, read back by another library, and the same bytes every time."""

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from dashboard.report.content.model import Paragraph, Table
from dashboard.report.render.layout import create_font_folder
from dashboard.report.render.pdf import MissingGlyphError, to_pdf
from dashboard.report.render.word import to_word
from tests.support.reports import reports


@pytest.fixture(scope="module")
def made() -> Any:
    return to_pdf(reports.document())


@pytest.fixture(scope="module")
def file(made: Any) -> Any:
    with pdfplumber.open(io.BytesIO(made)) as opened:
        yield opened


def walk(nodes: Any) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from walk(node.get("children", []))


def nodes(file: Any, *kinds: Any) -> list[dict[str, Any]]:
    found = walk(node for page in file.pages for node in page.structure_tree)
    return [node for node in found if node["type"] in kinds]


def text_of(data: bytes) -> str:
    """The words of all pages, by a reader that is not the one of the structure."""
    pages = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_bounded() for page in pages)
    return re.sub(r"\s+", " ", text.replace("\ufffe", "-"))


def test_it_claims_pdf_ua(file: Any) -> None:
    """typst writes the claim only where its own check of the standard passes."""
    metadata = file.doc.catalog["Metadata"].resolve().get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", metadata)
    assert file.doc.catalog["MarkInfo"]["Marked"] is True


def test_language_title_and_author_are_said(file: Any) -> None:
    assert file.doc.catalog["Lang"] == b"en-GB"
    assert file.metadata["Title"] == "Children looked after: report to governors"
    assert file.metadata["Author"] == "Made-up Junior School"
    assert file.metadata["Subject"] == "Termly report, Autumn term 2026, Part One"
    assert file.doc.catalog["ViewerPreferences"]["DisplayDocTitle"] is True


def test_headings_are_headings(file: Any) -> None:
    found = [(int(node["type"][1]), node["title"]) for node in nodes(file, "H1", "H2", "H3")]
    assert found == reports.HEADINGS


def test_tables_have_header_cells_with_a_scope(file: Any) -> None:
    tables = nodes(file, "Table")
    assert len(tables) == len(reports.PRINTED)
    for table, rows in zip(tables, reports.PRINTED, strict=True):
        assert [part["type"] for part in table["children"]] == ["Caption", "THead", "TBody"]
        heads = [node for node in walk([table]) if node["type"] == "TH"]
        assert [head["attributes"]["Scope"] for head in heads] == ["Column"] * len(rows[0])
        names = {head["id"] for head in heads}
        cells = [node for node in walk([table]) if node["type"] == "TD"]
        assert len(cells) == len(rows[0]) * (len(rows) - 1)
        assert {each.decode() for cell in cells for each in cell["attributes"]["Headers"]} == names


def test_pictures_have_words(file: Any) -> None:
    assert [node["alt_text"] for node in nodes(file, "Figure")] == ["Logo of Made-up Junior School"]


def test_lists_are_lists(file: Any) -> None:
    assert [len(node["children"]) for node in nodes(file, "L")] == [2]


def test_figures_are_those_of_the_model(file: Any) -> None:
    found = [table for page in file.pages for table in page.extract_tables()]
    assert found == reports.PRINTED


def test_all_is_said_in_its_order(made: Any) -> None:
    text = text_of(made)
    places = [text.index(each) for each in reports.SAID]
    assert places == sorted(places)
    captions = [text.index(each) for each in reports.CAPTIONS]
    assert captions == sorted(captions)


def test_every_page_says_part_date_state_and_number(file: Any) -> None:
    many = len(file.pages)
    assert many > 1
    for number, page in enumerate(file.pages, 1):
        lines = page.extract_text().splitlines()
        assert lines[0] == "Draft: not for sending"
        assert lines[-1] == (
            f"Part One. Data up to 13 November 2026. Draft: not for sending Page {number} of {many}"
        )
    final = text_of(to_pdf(reports.final()))
    assert "raft" not in final
    assert "To write" not in final
    assert "Part Two. Data up to 13 November 2026. Final" in final


def test_the_same_report_is_the_same_bytes(made: Any) -> None:
    assert to_pdf(reports.document()) == made
    assert to_pdf(reports.document(as_at=date(2026, 11, 14))) != made
    assert re.findall(rb"D:(\d{14})", made) == [b"20261113000000"] * 2


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


def test_no_letter_is_the_machines(file: Any) -> None:
    """Source Sans Pro for all that it has; Libertinus, from within typst, for a circle."""
    used = {char["fontname"].partition("+")[2] for page in file.pages for char in page.chars}
    assert used <= {f"SourceSansPro-{face}" for face in ("Regular", "Semibold", "Bold")}
    shown = to_pdf(reports.document(blocks=(Paragraph("\u25cf up to date, \u25a1 not recorded"),)))
    with pdfplumber.open(io.BytesIO(shown)) as opened:
        fallback = {
            char["fontname"].partition("+")[2]
            for char in opened.pages[0].chars
            if char["text"] in "\u25cf\u25a1"
        }
    assert fallback == {"LibertinusSerif-Regular"}


def test_the_letters_are_one_file_a_face() -> None:
    assert sorted(path.name for path in create_font_folder().iterdir()) == [
        "SourceSansPro-Bold.ttf",
        "SourceSansPro-BoldIt.ttf",
        "SourceSansPro-It.ttf",
        "SourceSansPro-Regular.ttf",
        "SourceSansPro-Semibold.ttf",
    ]


def test_hostile_text_is_text() -> None:
    given, texts = reports.hostile()
    found = text_of(to_pdf(given)).replace(" ", "")
    assert [text for text in texts if text.replace(" ", "") not in found] == []


def test_signs_that_no_paper_shows_are_left_out() -> None:
    given = reports.document(title="One\x00 \ud800two\x1b", school="A\u202eB")
    with pdfplumber.open(io.BytesIO(to_pdf(given))) as opened:
        assert opened.metadata["Title"] == "One two"
        assert opened.metadata["Author"] == "AB"


@pytest.mark.parametrize(
    "name", ["\u0141ukasz", "Si\u00f4n Gr\u0175p", "\u0404\u0432\u0430", "\u0391"]
)
def test_letters_of_many_names_are_there(name: Any) -> None:
    assert name in text_of(to_pdf(reports.document(blocks=(Paragraph(name),))))


@pytest.mark.parametrize("sign", ["\U0001f600", "\u1200", "\u3042"])
def test_a_sign_without_a_letter_is_named(sign: Any) -> None:
    given = reports.document(blocks=(Paragraph(f"We felt {sign} today"),))
    with pytest.raises(MissingGlyphError, match=f"no letter for {sign}"):
        to_pdf(given)


def test_a_long_table_repeats_its_header() -> None:
    rows = tuple((f"Reason {number}", number) for number in range(70))
    table = Table("Long", ("Reason", "Sessions"), rows)
    with pdfplumber.open(io.BytesIO(to_pdf(reports.document(blocks=(table,))))) as opened:
        tables = [each for page in opened.pages for each in page.extract_tables()]
    assert len(tables) > 1
    assert {tuple(table[0]) for table in tables} == {("Reason", "Sessions")}
    assert sum(len(table) - 1 for table in tables) == 70
