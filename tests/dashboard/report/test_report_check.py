"""The disclosure check in words, right at none, one and many; and the files of a report in one."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.report.archive import zip_files
from dashboard.report.check import checked
from dashboard.report.content import figures
from dashboard.report.content.facts import Facts
from dashboard.report.content.model import Heading, Table
from dashboard.text import plain_words
from safeguards.disclosure import GroupFigures, Release
from safeguards.disclosure.solver.suppressed import HIDDEN, Suppressed
from tests.support.reports.gate import LIMITS
from tests.support.reports.reports import document

DAY = date(2026, 11, 20)
NOBODY = "Nobody can work them out"
LEFT_OUT = "{} left out, because each of the numbers would be held back. A sentence stands there."
KEYS = ("years", "attendance", "ehcp")


def group(hidden: int, *, size: int = 12, left_out: int = 0, narrowest: int | None = None) -> Any:
    """Figures of a group with one-way tables, so many of which hold nothing but hidden counts."""
    told: dict[tuple[str, ...], dict[tuple[str, ...], int | Suppressed]] = {
        (key,): {("a",): HIDDEN if at < left_out else 7, ("b",): HIDDEN if at < hidden else 5}
        for at, key in enumerate(KEYS)
    }
    return GroupFigures(
        name=figures.LOOKED_AFTER,
        size=size,
        is_told=size > 5,
        attributes=(),
        tables=told if size > 5 else {},
        narrowest=narrowest,
    )


def facts(told: GroupFigures) -> Facts:
    return Facts(
        kind="termly",
        school="Larkfield Junior School",
        as_at=DAY,
        academic_year="2026/27",
        term="autumn",
        term_from=date(2026, 9, 2),
        release=Release(DAY, {told.name: told}, {}, {}),
        lines={},
        may_say_rates=True,
        limits=LIMITS,
        letter="K",
    )


def paper(*hidden: int) -> Any:
    """A document with a table for each number: so many of its cells are held back."""
    tables = (
        Table(f"Table of {count}", ("Thing", "x", "y"), (("row", *cells(count)),))
        for count in hidden
    )
    return document(blocks=(Heading(1, "Our children"), *tables), logo=None)


def cells(hidden: int) -> Any:
    return tuple(HIDDEN if at < hidden else 8 for at in range(2))


@pytest.mark.parametrize(
    ("told", "hidden", "earlier", "headline", "lines"),
    [
        (group(0), (0, 0), 0, "No number had to be held back.", ()),
        (
            group(0, size=5),
            (),
            3,
            "This report gives no numbers about children.",
            (
                "About fewer than 6 children it says words and duties only.",
                "So there is nothing from which a child could be known.",
            ),
        ),
        (
            group(1, narrowest=4),
            (0, 1),
            0,
            "1 table holds numbers back. Nobody can work them out.",
            (
                "Table 2: 1 number could point to a child, so it is held back.",
                "Each number held back may be any of at least 4 numbers.",
            ),
        ),
        (
            group(3, left_out=1, narrowest=6),
            (2, 0, 1),
            2,
            f"2 tables hold numbers back. {NOBODY}, not even with 2 earlier reports.",
            (
                "Table 1: 2 numbers could point to a child, so they are held back.",
                "Table 3: 1 number could point to a child, so it is held back.",
                LEFT_OUT.format("1 table is"),
                "Each number held back may be any of at least 6 numbers.",
            ),
        ),
        (
            group(3, left_out=3, narrowest=8),
            (0,),
            1,
            f"Some numbers are held back. {NOBODY}, not even with 1 earlier report.",
            (
                LEFT_OUT.format("3 tables are"),
                "Each number held back may be any of at least 8 numbers.",
            ),
        ),
    ],
    ids=["nothing", "five children", "one", "some", "whole tables"],
)
def test_what_is_held_back_is_told_table_by_table(
    told: Any, hidden: Any, earlier: Any, headline: Any, lines: Any
) -> None:
    found = checked.describe_disclosure_check(
        facts(told), paper(*hidden) if hidden else document(), earlier
    )
    assert found == checked.DisclosureCheck(headline, lines)
    assert plain_words.check_text("\n".join((found.headline, *found.lines))) == []


def test_tables_are_counted_as_they_are_printed() -> None:
    """Charts have numbers of their own, and captions begin where a document does."""
    shown = document()
    (line, *_) = checked.describe_disclosure_check(facts(group(1)), shown, 0).lines
    assert line == "Table 1: 2 numbers could point to a child, so they are held back."
    later = replace(shown, blocks=(*paper(0).blocks, *shown.blocks))
    (line, *_) = checked.describe_disclosure_check(facts(group(1)), later, 0).lines
    assert line.startswith("Table 2: 2 numbers")


def test_the_same_files_are_the_same_archive_dated_with_the_data() -> None:
    files = {"part-one.docx": b"one", "certificate.json": b"{}"}
    made = zip_files(files, DAY)
    assert made == zip_files(dict(files), DAY)
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files
        assert {each.date_time[:3] for each in opened.infolist()} == {(2026, 11, 20)}
    assert made != zip_files(files, date(2026, 11, 21))
