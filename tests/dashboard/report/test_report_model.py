"""What a report is before it is Word or PDF: its texts as they will be printed, and its widths."""

from typing import Any

import pytest

from dashboard.report.content.model import Paragraph, Question, Table
from dashboard.report.render import layout
from dashboard.report.render.content import build_content
from tests.support.reports import reports


def test_a_final_report_has_no_question_left_open() -> None:
    with pytest.raises(ValueError, match="nobody has answered yet: What changed"):
        reports.document(blocks=(Question("What changed?"),), is_final=True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("one\ntwo\t three", "one two three"),
        ("a\x00b\x07c\x1b[0m", "abc[0m"),
        ("left\u202eright\u2066 to", "leftright to"),
        ("\ud800half", "half"),
        ("\ufeff\ue000mark\U000e0041", "mark"),
        ("13\u00a0November", "13\u00a0November"),
        ("line\u2028line", "line line"),
        ("#eval(1) *b* \\ <w:p/> &amp; $x$ @a [l]", "#eval(1) *b* \\ <w:p/> &amp; $x$ @a [l]"),
        (
            "Se\u00e1n, \u0141ukasz, \u0e01\u0e33\u200c",
            "Se\u00e1n, \u0141ukasz, \u0e01\u0e33\u200c",
        ),
    ],
)
def test_texts_are_drawn_as_no_paper_can_misread_them(given: str, kept: str) -> None:
    """In every place, the file's own properties too."""
    table = Table(given, (given, "n"), ((given, given),), given)
    paper = reports.document(title=given, school=given, blocks=(Paragraph(given, given), table))
    content = build_content(paper)
    words, cells = content["blocks"]
    assert {content["title"], content["school"], words["text"], words["label"]} == {kept}
    assert {cells["note"], *cells["rows"][0], cells["header"][0]} == {kept}
    assert cells["name"] == cells["caption"] == f"Table 1. {kept}"


def test_counts_stand_to_the_right() -> None:
    table = Table("t", ("a", "b", "c", "d"), (("x", 1, 2, "w"), ("y", "none", 3, "v")))
    assert table.figure_columns == (False, True, True, False)


def width_of(*header: Any, first: Any = "Foster home", cell: Any = 8) -> Any:
    return layout.compute_column_widths(Table("t", header, ((first, *[cell] * (len(header) - 1)),)))


@pytest.mark.parametrize(
    "header",
    [
        ("Home", "Children"),
        ("Home", *["Less than one year"] * 6, "Children"),
        ("Home", *["Immunisations"] * 9, "Children"),
    ],
)
def test_a_table_is_no_wider_than_the_text(header: Any) -> None:
    """And a narrow one is not stretched."""
    wide = width_of(*header)
    assert len(wide) == len(header)
    assert sum(wide) <= layout.TEXT_WIDTH + 1e-9
    assert min(wide) > 1.4
    assert sum(width_of("Home", "Children")) < 8


def test_short_columns_of_words_keep_their_width_beside_a_long_one() -> None:
    table = Table("t", ("Step", "By when"), (("So many words " * 9, "27 November 2026"),))
    step, day = layout.compute_column_widths(table)
    assert day == pytest.approx(16 * 0.205 + 0.5)
    assert step == pytest.approx(layout.TEXT_WIDTH - day)
    name, *figures = width_of("Home", *["One to two years"] * 6, first="Home of a friend or so")
    assert name > 4
    assert set(figures) == {figures[0]}
