"""A calendar made of terms, and the workbook of a first load."""

from datetime import date
from pathlib import Path

import polars as pl

from intake.check.check import check_exports
from intake.problems import group_problems
from intake.read.read import read_exports
from tests.support.commands import lac
from tests.support.schools.good_exports import GOOD

TERMS = """Kind,First day,Last day
term,01/09/2026,23/10/2026
term,02/11/2026,18/12/2026
term,12/04/2027,28/05/2027
inset,1 September 2026,
closed,03/09/2026,04/09/2026
""".replace("1 September 2026", "01/09/2026")


def files(terms: str) -> dict[str, bytes]:
    others = {name: text.encode() for name, text in GOOD.items() if name != "calendar.csv"}
    return {**others, "Terms.csv": terms.encode()}


def test_terms_make_the_days_from_their_first_to_their_last() -> None:
    days = check_exports(read_exports(files(TERMS))).frames["calendar.csv"]
    assert (days["date"].min(), days["date"].max()) == (date(2026, 9, 1), date(2027, 5, 28))
    kinds = dict(days.select("date", "kind").iter_rows())
    # 39 and 35 weekdays in autumn, 35 in summer; less the INSET day, two closed, May Day
    assert days.group_by("kind").len().sort("kind").rows() == [
        ("INSET", 1), ("closed", 2), ("holiday", 270 - 109 + 1), ("school day", 109 - 4),
    ]  # fmt: skip
    assert kinds[date(2027, 5, 3)] == "holiday"  # May Day
    assert kinds[date(2026, 10, 26)] == "holiday"  # half term
    assert days.filter(pl.col("date").dt.weekday() > 5)["kind"].unique().to_list() == ["holiday"]


def test_no_day_is_made_of_which_the_terms_tell_nothing() -> None:
    """INSET days stand alone, and each school year has its own days: 2026/27 has none here."""
    terms = """kind,first_day,last_day
    INSET,2025-08-29,
    term,2025-09-02,2025-09-04
    term,2025-09-08,2025-09-09
    INSET,2026-10-26,
    INSET,2027-03-15,
    term,2027-08-31,2027-09-01
    """.replace(" ", "")
    days = check_exports(read_exports(files(terms))).frames["calendar.csv"]
    assert [f"{day} {kind}" for day, kind in days.select("date", "kind").iter_rows()] == [
        "2025-08-29 INSET",
        *(f"2025-09-0{day} school day" for day in (2, 3, 4)),
        *(f"2025-09-0{day} holiday" for day in (5, 6, 7)),
        *(f"2025-09-0{day} school day" for day in (8, 9)),
        "2026-10-26 INSET",
        "2027-03-15 INSET",
        "2027-08-31 school day",
        "2027-09-01 school day",
    ]


def test_a_faulty_row_of_terms_is_told_where_it_stands() -> None:
    wrong = TERMS.replace("18/12/2026", "38/12/2026").replace("inset", "inset day")
    wrong = wrong.replace("28/05/2027", "28/05/2026")
    found = check_exports(read_exports(files(wrong)))
    places = [f"{group.place}" for group in group_problems(found.problems)]
    assert 'Terms.csv, row 3, column "last_day"' in places
    assert [
        (each.shown_file, each.row, each.shown_column, each.fault)
        for each in found.problems
        if each.file == "calendar.csv"
    ] == [
        ("Terms.csv", 3, "last_day", "not a date"),
        ("Terms.csv", 4, "last_day", "dates out of order"),
        ("Terms.csv", 5, "kind", "not allowed"),
    ]


def test_an_odd_term_is_told_at_its_row() -> None:
    """Say which terms overlap, and that one has school days at Christmas and no holiday."""
    read = read_exports(files(TERMS + "term,01/12/2026,10/01/2027\nterm,01/09/2027,20/07/2028\n"))
    overlap = "Terms.csv, rows 3 and 7: these terms overlap. Check their days."
    assert [note for note in read.notes if "overlap" in note] == [overlap]
    doubts = check_exports(read).list_doubts(date(2026, 11, 20))
    assert [
        (each.shown_file, each.row, each.shown_column, each.fault)
        for each in doubts
        if each.file == "calendar.csv"
    ] == [
        ("Terms.csv", 7, "first_day", "school day at Christmas"),
        ("Terms.csv", 4, "first_day", "weeks without a school day"),
        ("Terms.csv", 8, "first_day", "no week of holiday"),
        ("Terms.csv", 8, "first_day", "school day at Christmas"),
    ]


def test_a_row_of_terms_that_is_none_is_told_too() -> None:
    found = check_exports(read_exports(files(TERMS + "closed,07/09/2026,,x\n")))
    assert [(each.shown_file, each.row, each.fault) for each in found.problems] == [
        ("Terms.csv", 7, "field count")
    ]


def test_a_workbook_to_start_with_is_full_of_examples_that_are_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "start.xlsx"
    assert lac("template", "--start", "--out", out).exit_code == 0
    read = read_exports({"start.xlsx": out.read_bytes()})
    assert {each.fault for each in read.problems} == {"no rows"}
    assert {each.rows_read for each in read.files.values()} == {0}
    assert lac("template", "--start", "--out", out).exit_code == 2
