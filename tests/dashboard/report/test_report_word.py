"""The Word report: what a screen reader and Word itself need is in it, and nothing of the hour."""

import io
import re
import zipfile
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from dashboard.charts import palette
from dashboard.report.content.model import Heading, Sheet
from dashboard.report.render.word import to_word
from tests.support.reports import reports

DAY = date(2026, 11, 13)


@pytest.fixture(scope="module")
def made() -> Any:
    return to_word(reports.document())


@pytest.fixture(scope="module")
def file(made: Any) -> Any:
    return docx.Document(io.BytesIO(made))


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def all_text(given: Any) -> str:
    return "\n".join(
        "".join(part.text or "" for part in paragraph.iter(qn("w:t")))
        for paragraph in given.element.body.iter(qn("w:p"))
    )


def test_language_title_and_author_are_said(file: Any) -> None:
    about = file.core_properties
    assert about.title == "Children looked after: report to governors"
    assert about.language == "en-GB"
    assert about.author == about.last_modified_by == "Made-up Junior School"
    assert about.subject == "Termly report, Autumn term 2026, Part One"
    assert about.comments == about.keywords == about.identifier == ""
    languages = [each.get(qn("w:val")) for each in file.styles.element.iter(qn("w:lang"))]
    assert set(languages) == {"en-GB"}
    (theme,) = file.settings.element.iter(qn("w:themeFontLang"))
    assert theme.get(qn("w:val")) == "en-GB"


def test_headings_and_captions_are_styles(file: Any) -> None:
    found = [
        (int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in file.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert found == reports.HEADINGS
    styled = [(paragraph.style.name, paragraph.text) for paragraph in file.paragraphs]
    assert [text for name, text in styled if name == "Caption"] == reports.CAPTIONS
    assert [text for name, text in styled if name == "Title"] == [reports.SAID[0]]
    assert [text for name, text in styled if name == "List Bullet"] == reports.SAID[10:12]


def test_all_is_said_in_its_order(file: Any) -> None:
    text = all_text(file)
    places = [text.index(each) for each in reports.SAID]
    assert places == sorted(places)


def test_tables_have_a_header_row_a_caption_and_a_description(file: Any) -> None:
    assert [[[cell.text for cell in row.cells] for row in t.rows] for t in file.tables] == (
        reports.PRINTED
    )
    names = [name for name in reports.CAPTIONS if name.startswith("Table")]
    for table, name in zip(file.tables, names, strict=True):
        assert table.style.name == "Report Table"
        rows = table._tbl.tr_lst
        marked = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        assert marked == [True] + [False] * (len(rows) - 1)
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val")) == name
        described = properties.find(qn("w:tblDescription")).get(qn("w:val"))
        assert described.startswith(f"{len(rows) - 1} rows. Columns: ")
        look = properties.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        merged = [*table._tbl.iter(qn("w:gridSpan")), *table._tbl.iter(qn("w:vMerge"))]
        assert merged == []


def test_text_is_eleven_points_sans_left(file: Any) -> None:
    normal = file.styles["Normal"]
    assert (normal.font.name, normal.font.size.pt) == ("Arial", 11)
    assert "asciiTheme" not in etree.tostring(normal.element).decode()
    assert normal.paragraph_format.alignment == 0
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet"):
        assert file.styles[name].font.name == "Arial"


def test_a_draft_says_so_on_every_page_and_a_final_nowhere(file: Any) -> None:
    (section,) = file.sections
    assert [p.text for p in section.header.paragraphs] == ["Draft: not for sending"]
    (run,) = section.header.paragraphs[0].runs
    assert f"#{run.font.color.rgb}" == palette.NEEDS_ATTENTION
    (foot,) = section.footer.paragraphs
    assert foot.text.startswith("Part One. Data up to 13 November 2026. Draft: not for sending\t")
    fields = [each.get(qn("w:instr")) for each in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]

    final = opened(to_word(reports.final()))
    (section,) = final.sections
    assert "".join(p.text for p in section.header.paragraphs) == ""
    assert section.footer.paragraphs[0].text.startswith(
        "Part Two. Data up to 13 November 2026. Final"
    )
    assert "raft" not in all_text(final)
    assert "To write" not in all_text(final)


def test_the_same_report_is_the_same_bytes(made: Any) -> None:
    assert to_word(reports.document()) == made
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(2026, 11, 13, 0, 0, 0)}
        names = parts.namelist()
        assert not [name for name in names if "thumbnail" in name or "app.xml" in name]
        core = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-13T00:00:00Z"}
    later = to_word(reports.document(as_at=date(2026, 11, 14)))
    assert later != made
    assert opened(later).core_properties.created.date() == date(2026, 11, 14)


def test_hostile_text_is_text() -> None:
    given, texts = reports.hostile()
    found = all_text(opened(to_word(given)))
    assert [text for text in texts if text not in found] == []


def test_a_sheet_is_set_smaller() -> None:
    sheet = Sheet("Sheet", "School", date(2026, 11, 13), "Kim", (), "Note", (Heading(1, "One"),))
    assert opened(to_word(sheet)).styles["Normal"].font.size.pt == 9.5
