"""The attacker reads the same figures in either kind of file, and every number in its text."""

import zlib
from pathlib import Path
from random import Random
from zipfile import ZipFile

import docx
import pytest

from tests.proofs.attacker.cohorts import at_random, children, truth
from tests.proofs.attacker.files.figures import (
    ContradictionError,
    Table,
    UnreadableError,
    cell,
    release_of,
)
from tests.proofs.attacker.files.numbers import Said, numbers_of
from tests.proofs.attacker.files.papers import Chart, tables_of, write_pdf, write_word
from tests.proofs.attacker.files.pictures import texts_of_picture
from tests.proofs.attacker.files.reading import figures, numbers_in_text, tables

GROUP = Table("Table 1. The group", ("Group", "Children"), (("Children looked after", "12"),))
SEN = Table("Table 2. SEN", ("SEN", "Children"), (("None", "c"), ("Support", "c"), ("A plan", "0")))
YEARS = Table(
    "Table 3. Year groups by SEN",
    ("Year group", "None", "Support", "A plan", "Children"),
    (("Lower juniors", "c", "c", "0", "7"), ("Upper juniors", "4", "c", "0", "5")),
)
PLANS = Table("Table 4. Plans", ("Plans", "Meetings", "On time"), (("Autumn", "11", "c"),))
LONG = Table(
    "Table 5. Homes",
    ("Home of a kind that nobody has counted before", "Children"),
    tuple(
        (f"Kind {number}, with so many words that they need more lines than one", "c")
        for number in range(30)
    ),
)
WRITERS = {".docx": write_word, ".pdf": write_pdf}


@pytest.mark.parametrize("kind", WRITERS)
def test_a_release_is_its_tables(tmp_path: Path, kind: str) -> None:
    blocks: list[str | Table | Chart] = [
        "There are 12 children.",
        GROUP,
        SEN,
        YEARS,
        "A word.",
        PLANS,
        LONG,
    ]
    file = WRITERS[kind](tmp_path / f"part{kind}", blocks)
    assert tables(file) == (GROUP, SEN, YEARS, PLANS, LONG)
    release = figures([file])
    assert release.children == 12
    assert release.duties == (PLANS,)
    assert release.attributes["SEN"] == ("None", "Support", "A plan")
    assert release.attributes["Year group"] == ("Lower juniors", "Upper juniors")
    assert release.shown == {
        cell({"SEN": "A plan"}): 0,
        cell({"Year group": "Lower juniors"}): 7,
        cell({"Year group": "Upper juniors"}): 5,
        cell({"Year group": "Lower juniors", "SEN": "A plan"}): 0,
        cell({"Year group": "Upper juniors", "SEN": "A plan"}): 0,
        cell({"Year group": "Upper juniors", "SEN": "None"}): 4,
    }
    assert len(release.hidden) == 2 + 3 + 30


def test_both_kinds_give_the_same_figures(tmp_path: Path) -> None:
    draw = Random(3)
    release = at_random(truth(children(14, draw)), draw, 0.5)
    printed = tables_of(release)
    read = [
        figures([write_word(tmp_path / "1.docx", printed)]),
        figures([write_pdf(tmp_path / "1.pdf", printed)]),
        figures(
            [
                write_word(tmp_path / "2.docx", printed[:4]),
                write_pdf(tmp_path / "2.pdf", printed[4:]),
            ]
        ),
    ]
    for each in read:
        assert (each.children, each.attributes, each.counts) == (
            release.children,
            release.attributes,
            release.counts,
        )


def test_what_one_table_hides_another_tells() -> None:
    told = Table("Table 6. SEN again", SEN.header, (("None", "9"), *SEN.rows[1:]))
    assert release_of([SEN, told]).shown == release_of([told, SEN]).shown
    assert release_of([SEN, told]).shown[cell({"SEN": "None"})] == 9
    other = Table("Table 7. SEN", SEN.header, (("None", "8"), *SEN.rows[1:]))
    with pytest.raises(ContradictionError):
        release_of([told, other])


def test_the_caption_tells_whose_columns_are_the_same_words() -> None:
    answers = (("Yes", "3"), ("No", "4"))
    one = Table("Table 1. A", ("Has a plan", "Children"), answers)
    other = Table("Table 2. B", ("Suspended", "Children"), answers)
    years = (("Lower", "1", "3", "4"), ("Upper", "2", "1", "3"))
    crossed = ("Year group", "Yes", "No", "Children")
    read = release_of([one, other, Table("Table 3. Years, if suspended", crossed, years)])
    assert read.counts[cell({"Suspended": "Yes", "Year group": "Upper"})] == 2
    with pytest.raises(UnreadableError):
        release_of([one, other, Table("Table 3. Years", crossed, years)])


@pytest.mark.parametrize(
    "table",
    [
        Table("Table 2. A", ("A", "Children", "Sessions"), (("x", "1", "2"),)),
        Table("Table 2. A", ("A", "Children"), (("x", "under 5"),)),
        Table("Table 2. A", ("A", "Children"), (("x", "1"), ("x", "2"))),
        Table("Table 2. A", ("A", "u", "v", "Children"), (("x", "1", "2", "3"),)),
        Table("Table 1. A", ("A", "Children"), (("Children looked after", "c"),)),
    ],
)
def test_a_table_that_is_not_as_agreed_is_refused(table: Table) -> None:
    with pytest.raises(UnreadableError):
        release_of([table])


@pytest.mark.parametrize("kind", WRITERS)
def test_numbers_stand_in_every_kind_of_text(tmp_path: Path, kind: str) -> None:
    chart = Chart("Figure 1. Sessions of 31 children", "A line from 41 to 1,042", "Bar 51")
    table = Table("Table 1. Of 61 children", SEN.header, (("None", "71"), ("Support", "c")))
    file = WRITERS[kind](tmp_path / f"part{kind}", ["Of 21 children, three came.", chart, table])
    found = numbers_in_text(file)
    counts = {number.value for number in found if number.kind == "count"}
    assert counts == {21, 31, 41, 1042, 61} | ({51} if kind == ".pdf" else set())
    assert {number.value for number in found if number.kind == "word"} == {3}
    assert {number.value for number in found if number.kind == "date"} >= {13, 2026}
    assert {number.said.where for number in found if number.value == 41} == {"alt text"}


def test_numbers_have_kinds() -> None:
    text = (
        "In 2026/27, on 13 November 2026 at 9:30, 12 of the twenty-one children in Years 3 and 4 "
        "had £1,250.50 (Part One, Table 7, page 2 of 5); 3.5 sessions, none of KS2."
    )
    found = {(number.value, number.kind) for number in numbers_of(Said("sentence", text))}
    assert found == {
        *((2026, "date"), (27, "date"), (13, "date"), (9, "date"), (30, "date")),
        *((12, "count"), (3.5, "count"), (21, "word"), (1250.5, "money")),
        *((3, "label"), (4, "label"), (7, "label"), (2, "label"), (5, "label")),
    }


@pytest.mark.parametrize("text", ["3.", "2 Learning", "3 rows. Columns: A, B.", "Chart 3. Due"])
def test_a_number_that_counts_parts_of_the_report_is_a_label(text: str) -> None:
    assert [number.kind for number in numbers_of(Said("sentence", text))] == ["label"]


def test_pictures_say_what_is_written_in_them() -> None:
    drawing = b"""<svg xmlns='http://www.w3.org/2000/svg'><title>Of 3</title>
        <g aria-label='Year: 4; Children: 5'><text>Six <tspan>7</tspan></text></g></svg>"""
    assert list(texts_of_picture("a.svg", drawing)) == ["Of 3", "Year: 4; Children: 5", "Six", "7"]
    note = b"tEXtComment\0of 8 children"
    packed = b"zTXtNote\0\0" + zlib.compress(b"of 9 children")
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(each) - 4).to_bytes(4, "big") + each + bytes(4) for each in (note, packed)
    )
    assert list(texts_of_picture("a.png", picture)) == [
        "Comment of 8 children",
        "Note: of 9 children",
    ]
    with pytest.raises(UnreadableError):
        list(texts_of_picture("a.emf", b"\x01\x00\x00\x00"))


def test_what_word_keeps_out_of_sight_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.comments = "About 17 children"
    run = document.add_paragraph("A sentence.").add_run()
    document.add_comment(run, "Or 18?", author="A", initials="A")
    document.save(str(tmp_path / "a.docx"))
    found = {each.value: each.said.where for each in numbers_in_text(tmp_path / "a.docx")}
    assert found[17] == "docProps/core.xml"
    assert found[18] == "word/comments.xml"


def test_a_part_that_nobody_can_read_is_no_report(tmp_path: Path) -> None:
    file = write_word(tmp_path / "a.docx", ["A sentence."])
    with ZipFile(file, "a") as parts:
        parts.writestr("word/embeddings/numbers.xlsx", b"PK")
    with pytest.raises(UnreadableError):
        numbers_in_text(file)
