"""A report that cannot be read by all is refused before it is drawn."""

from datetime import date
from typing import Any

import pytest

from dashboard.report.content import model
from dashboard.report.content.model import Bullets, Document, Heading, Paragraph, Question, Table
from dashboard.report.render import layout

_TABLE = Table("Sessions", ("Reason", "Sessions"), (("Illness", 12),))


def document(*blocks: Any, **changed: Any) -> Any:
    given: dict[str, Any] = {
        "title": "Children looked after",
        "school": "Made-up School",
        "kind": "Termly report",
        "part": "Part One",
        "term": "Autumn term 2026",
        "as_at": date(2026, 11, 13),
        "is_final": False,
        "note": "No child can be worked out from this paper.",
        "blocks": blocks or (Heading(1, "Our children"),),
    }
    return Document(**(given | changed))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Heading(0, "Our children"),
        lambda: Heading(4, "Our children"),
        lambda: Heading(1, " \x00"),
        lambda: Paragraph(""),
        lambda: Bullets(()),
        lambda: Bullets(("one", "")),
        lambda: Table("", ("Reason", "Sessions"), (("Illness", 12),)),
        lambda: Table("Sessions", ("Reason",), (("Illness",),)),
        lambda: Table("Sessions", ("Reason", "Sessions"), ()),
        lambda: Table("Sessions", ("Reason", ""), (("Illness", 12),)),
        lambda: Table("Sessions", ("Reason", "Sessions"), (("Illness", 12, 3),)),
        lambda: Table("Sessions", ("Reason", "Sessions"), (("Illness",),)),
        lambda: Table("Sessions", ("Reason", "Sessions"), ((12, 12),)),
        lambda: Table("Sessions", ("Reason", "Sessions"), (("", 12),)),
        lambda: Table("Sessions", ("Reason", "Sessions"), (("Illness", -1),)),
        lambda: Table("Sessions", ("Reason", "Sessions"), (("Illness", ""),)),
        lambda: Question(""),
        lambda: document(Heading(2, "Our children")),
        lambda: document(Heading(1, "Our children"), Heading(3, "By year")),
        lambda: document(Heading(1, "Our children"), title=""),
        lambda: document(note="\u202e"),
        lambda: document(part="Part Three"),
        lambda: document(blocks=()),
        lambda: document(Question("What changed?"), is_final=True),
    ],
)
def test_what_makes_no_paper_is_refused(make: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each message is its own
        make()


@pytest.mark.parametrize("cell", [None, 1.5, True, b"3"])
def test_a_cell_is_a_count_or_words(cell: Any) -> None:
    with pytest.raises(TypeError):
        Table("Sessions", ("Reason", "Sessions"), (("Illness", cell),))


def test_what_can_be_read_is_let_be() -> None:
    made = document(
        Heading(1, "Our children"),
        Heading(2, "Attendance"),
        Heading(3, "Reasons"),
        Heading(1, "Plans"),
        _TABLE,
        Paragraph("More help.", "What changed."),
        is_final=True,
    )
    assert len(made.blocks) == 6


def test_captions_count_tables() -> None:
    assert list(model.number_captions([_TABLE, Paragraph("x"), _TABLE])) == [
        "Table 1. Sessions",
        "Table 2. Sessions",
    ]


@pytest.mark.parametrize(("cell", "text"), [(0, "0"), (1204, "1,204"), ("10 of 12", "10 of 12")])
def test_a_cell_is_printed(cell: Any, text: Any) -> None:
    assert model.format_cell(cell) == text


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
        (
            "#eval(1) *b* _i_ \\ <w:p/> &amp; $x$ @a [l]",
            "#eval(1) *b* _i_ \\ <w:p/> &amp; $x$ @a [l]",
        ),
        (
            "Se\u00e1n, \u0141ukasz, \u0e01\u0e33\u200c",
            "Se\u00e1n, \u0141ukasz, \u0e01\u0e33\u200c",
        ),
    ],
)
def test_texts_are_held_as_they_are_printed(given: Any, kept: Any) -> None:
    assert Paragraph(given).text == kept
    assert Table(given, (given, "n"), ((given, given),)).rows == ((kept, kept),)


def test_counts_stand_to_the_right() -> None:
    table = Table("t", ("a", "b", "c", "d"), (("x", 1, 2, "w"), ("y", "none", 3, "v")))
    assert table.figure_columns == (False, True, True, False)


def test_the_footer_says_part_data_date_and_state() -> None:
    assert model.format_footer(document()) == (
        "Part One. Data up to 13 November 2026. Draft: not for sending"
    )
    final = document(part="Part Two", is_final=True)
    assert model.format_footer(final) == "Part Two. Data up to 13 November 2026. Final"


def width_of(*header: Any, first: Any = "Foster home", cell: Any = 8) -> Any:
    return layout.compute_column_widths(Table("t", header, ((first, *[cell] * (len(header) - 1)),)))


@pytest.mark.parametrize(
    "header",
    [
        ("Home", "Children"),
        ("Home", *["Lower juniors"] * 3, "Children"),
        ("Home", *["Less than one year"] * 6, "Children"),
        ("Home", *["Immunisations"] * 9, "Children"),
    ],
)
def test_a_table_is_no_wider_than_the_text(header: Any) -> None:
    wide = width_of(*header)
    assert len(wide) == len(header)
    assert sum(wide) <= layout.TEXT_WIDTH + 1e-9
    assert min(wide) > 1.4


def test_a_narrow_table_is_not_stretched() -> None:
    assert sum(width_of("Home", "Children")) < 8


def test_names_keep_room_beside_many_figures() -> None:
    name, *figures = width_of(
        "Home", *["One to two years"] * 6, first="Home of a relative or friend"
    )
    assert name > 4
    assert set(figures) == {figures[0]}


def test_short_columns_of_words_keep_their_width_beside_a_long_one() -> None:
    table = Table("t", ("Step", "By when"), (("So many words " * 9, "27 November 2026"),))
    step, day = layout.compute_column_widths(table)
    assert day == pytest.approx(16 * 0.205 + 0.5)
    assert step == pytest.approx(layout.TEXT_WIDTH - day)
