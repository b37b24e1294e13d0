"""A copy of a report is known by its words and figures, on any letterhead, as Word or as PDF."""

import io
from dataclasses import replace

import docx
import pytest

from dashboard.report import check_copy
from dashboard.report.check_copy import Difference, compare_copy
from dashboard.report.content.model import Paragraph
from dashboard.report.make import build_files
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from safeguards.disclosure.code import compute_code
from safeguards.errors import ReportError
from safeguards.keys.keys import Keys
from tests.support.reports.reports import final

PAPER = replace(final(), code="7K3Q2-M9XTB")
OTHER = replace(PAPER, part="Part One", blocks=(Paragraph("All of it was another report."),))
ISSUED = {1: build_files([OTHER]), 2: build_files([PAPER])}


def on_a_letterhead(content: bytes) -> bytes:
    file = docx.Document(io.BytesIO(content))
    file.paragraphs[0].insert_paragraph_before("Quarry Lane Junior School, 1 High Street")
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


@pytest.mark.parametrize("end", ["docx", "pdf"])
def test_a_copy_is_ours_word_for_word(end: str) -> None:
    comparison = compare_copy(f"copy.{end}", ISSUED[2][f"part-two.{end}"], ISSUED)
    assert comparison
    assert (comparison.number, comparison.name) == (2, "part-two")
    assert comparison.differences == ()


@pytest.mark.parametrize("end", ["docx", "pdf"])
def test_a_figure_that_was_changed_is_shown(end: str) -> None:
    """90 made 60: the paper is still known, and the one place is listed."""
    changed = tuple(
        replace(block, text="The school has 42 children looked after.")
        if isinstance(block, Paragraph) and block.text.startswith("The school has 24")
        else block
        for block in PAPER.blocks
    )
    paper = replace(PAPER, blocks=changed)
    content = to_word(paper) if end == "docx" else to_pdf(paper)
    comparison = compare_copy(f"copy.{end}", content, ISSUED)
    assert comparison
    assert comparison.number == 2
    (difference,) = comparison.differences
    assert difference.issued.endswith("The school has 24")
    assert difference.copy.endswith("The school has 42")


def test_a_letterhead_is_the_one_difference() -> None:
    content = on_a_letterhead(ISSUED[2]["part-two.docx"])
    comparison = compare_copy("copy.docx", content, ISSUED)
    assert comparison
    assert comparison.differences == (Difference("", "Quarry Lane Junior School, 1 High Street"),)


def test_a_file_that_is_no_report_is_like_none() -> None:
    file, out = docx.Document(), io.BytesIO()
    file.add_paragraph("A letter about the summer fair, and nothing else.")
    file.save(out)
    assert compare_copy("letter.docx", out.getvalue(), ISSUED) is None
    assert compare_copy("copy.docx", ISSUED[2]["part-two.docx"], {}) is None


@pytest.mark.parametrize("name", ["copy.docx", "copy.pdf", "copy.txt"])
@pytest.mark.parametrize("content", [b"", b"no report", b"PK\x03\x04broken", b"%PDF-1.7 broken"])
def test_a_file_that_cannot_be_read_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ReportError, match="cannot be read as Word"):
        compare_copy(name, content, ISSUED)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its bytes, its pages, or by what it is when it is unpacked."""
    word, pdf = ISSUED[2]["part-two.docx"], ISSUED[2]["part-two.pdf"]
    for limit, name, content in (
        ("_MOST_BYTES", "copy.docx", word),
        ("_MOST_UNPACKED", "copy.docx", word),
        ("_MOST_PAGES", "copy.pdf", pdf),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(check_copy, limit, 0)
            with pytest.raises(ReportError, match="too large"):
                compare_copy(name, content, ISSUED)


def test_a_code_hangs_on_every_word_and_on_the_keys(keys: Keys) -> None:
    code = compute_code(keys, ["one", "two"])
    assert code == compute_code(keys, ["one", "two"])
    others = [compute_code(keys, texts) for texts in (["one", "2"], ["two", "one"], ["onetwo"])]
    others.append(compute_code(replace(keys, store="ab" * 32), ["one", "two"]))
    assert code not in others
    assert len(code) == 11
