"""The Common Transfer File: the same school by it, and marks that are read only where sure."""

from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, fromstring

import polars as pl
import pytest

from intake.check.check import CheckResult, check_exports
from intake.national.ctf import find_provision, find_sessions
from intake.read.read import read_exports
from synthetic.returns.ctf import write_transfer_file
from tests.support.schools.homes import UNTIL, exports

EXAMPLES = sorted(Path(__file__).with_name("examples").glob("ctf*.xml"))
ROLL, MARKS = "roll.csv", "attendance.csv"


@cache
def written(*, has_commas: bool) -> tuple[dict[str, str], dict[str, str]]:
    """A school by our files, and the same with a transfer file."""
    folder = exports(7, 24, 1, UNTIL)
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    if not has_commas:  # one sign a code: as in years before there were codes of two
        lines = files[MARKS].splitlines()
        files[MARKS] = "".join(f"{line}\n" for line in lines if line[-1] not in "1234567")
    return files, write_transfer_file(files, has_commas=has_commas)[0]


def checked(files: dict[str, str]) -> CheckResult:
    return check_exports(read_exports({name: text.encode() for name, text in files.items()}))


def marks_of(result: CheckResult) -> list[tuple[object, ...]]:
    """The marks that count: no closures, and no sessions that nobody marked."""
    rows = result.accepted_frames[MARKS].drop("row").filter(pl.col("code") != "#")
    return sorted(rows.rows(), key=repr)


@pytest.mark.parametrize("has_commas", [True, False])
def test_the_same_school_comes_of_the_file_as_of_our_own(has_commas: bool) -> None:
    own, transferred = (checked(each) for each in written(has_commas=has_commas))
    assert (own.problems, transferred.problems) == ((), ())
    assert len(marks_of(own)) > 10_000
    assert marks_of(transferred) == marks_of(own)
    rolls = [
        sorted(each.accepted_frames[ROLL].drop("row", "class").rows(), key=repr)
        for each in (own, transferred)
    ]
    assert rolls[0] == rolls[1]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name[:5])
def test_the_examples_of_the_public_layout_are_read(path: Path) -> None:
    read = read_exports({path.name: path.read_bytes()})
    roll = read.files[ROLL].rows.select("upn", "forename", "sex", "entry_date", "postcode").rows()
    entered = {"ctf23": "2022-09-05", "ctf25": "2023-09-04"}[path.name[:5]]
    assert roll == [
        ("U012200121004", "Orla", "F", entered, "ZZ99 3VZ"),
        ("N012200120017", "Ned", "M", entered, "ZZ99 3VZ"),
    ]
    counted = read.files[MARKS].rows.filter(pl.col("code") != "#")
    assert counted.group_by("upn").len().sort("upn").rows() == [
        ("N012200120017", 18),
        ("U012200121004", 18),
    ]
    assert read.files["other_numbers.csv"].rows["former_upn"].to_list() == ["F045221018003"]
    assert any("1 in care as it says, without since when" in note for note in read.notes)


def year(marks: str, totals: tuple[int, int, int], start: str = "2025-09-01") -> Element:
    possible, attended, authorised = totals
    return fromstring(
        f"<YearData><SessionsPossible>{possible}</SessionsPossible>"
        f"<SessionsAttended>{attended}</SessionsAttended>"
        f"<SessionsAuthorised>{authorised}</SessionsAuthorised><AttendSessions>"
        f"<AttendanceStartDate>{start}</AttendanceStartDate>"
        f"<AttendanceMarks>{marks}</AttendanceMarks></AttendSessions></YearData>"
    )


_WEEK = "/\\" * 5


@pytest.mark.parametrize(
    ("marks", "totals", "start", "last"),
    [
        # two weekends that are closed: seven days a week, to the second Friday
        (f"{_WEEK}####{_WEEK}####", (20, 20, 0), "2025-09-01", "2025-09-12"),
        # marks where weekends would be: five days a week, the same ten days
        (_WEEK * 2, (20, 20, 0), "2025-09-01", "2025-09-12"),
        # five days or less are the same in both
        ("/\\I\\", (4, 3, 1), "2025-09-01", "2025-09-02"),
        # from a Wednesday on, without its weekend
        (_WEEK, (10, 10, 0), "2025-09-03", "2025-09-09"),
        # a place between commas may be blank
        (",\\,C1,-", (2, 1, 1), "2025-09-01", "2025-09-02"),
    ],
)
def test_a_string_is_read_in_the_one_layout_that_is_sure(
    marks: str, totals: tuple[int, int, int], start: str, last: str
) -> None:
    found = find_sessions(year(marks, totals, start))
    assert found is not None
    assert f"{found[-1][0]}" == last
    assert all(day.weekday() < 5 for day, _, _ in found)
    assert all(code not in ("\\" if half == "AM" else "/") or not code for _, half, code in found)


@pytest.mark.parametrize(
    ("marks", "totals", "start"),
    [
        ("/\\I\\", (4, 4, 0), "2025-09-01"),  # totals of something else
        ("/\\I\\", (5, 3, 1), "2025-09-01"),
        ("/\\I", (3, 2, 1), "2025-09-01"),  # half a day
        ("/\\C1\\", (5, 3, 1), "2025-09-01"),  # a code of two signs without commas
        ("/\\7\\", (4, 3, 1), "2025-09-01"),  # a sign of the school's own
        ("/\\Y\\", (4, 3, 1), "2025-09-01"),  # withdrawn in 2024
        (f"{_WEEK}####", (10, 10, 0), "2025-09-01"),  # one weekend, or two closed days
        ("/\\I\\", (4, 3, 1), "soon"),
    ],
)
def test_a_string_that_could_be_something_else_is_left_out(
    marks: str, totals: tuple[int, int, int], start: str
) -> None:
    assert find_sessions(year(marks, totals, start)) is None


def test_what_was_left_out_is_counted_and_its_children_named_by_place() -> None:
    text = EXAMPLES[1].read_text(encoding="utf-8").replace("Attended>15<", "Attended>14<", 1)
    read = read_exports({"x.xml": text.encode()})
    assert any("marks of 1 were left out" in note and "Pupil 1)" in note for note in read.notes)
    assert set(read.files[MARKS].rows["upn"]) == {"N012200120017"}


def test_a_file_that_is_cut_to_some_is_no_statement_on_the_rest() -> None:
    """Without a block there is no row: nothing is taken for none."""
    text = "<CTfile><CTFpupilData><Pupil><UPN>U012200121004</UPN></Pupil></CTFpupilData></CTfile>"
    read = read_exports({"x.xml": text.encode()})
    assert read.files.keys() == {ROLL}
    assert {each.fault for each in check_exports(read).problems} == {
        "missing file",
        "missing value",
    }


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("", ""),
        ("2023-01-09 K", "K"),
        ("2023-01-09 K; 2025-06-02 E", "E"),
        ("2025-06-02 E; 2023-01-09 K", "E"),
        ("2013-01-09 A; 2025-06-02 N", "N"),
        # not sure: kinds of before 2018, one that ended, two of a day, no day
        ("2013-01-09 S", None),
        ("2023-01-09 K 2026-05-01", None),
        ("2025-06-02 E; 2025-06-02 K", None),
        ("soon K", None),
    ],
)
def test_the_newest_provision_holds_where_it_is_sure(rows: str, found: str | None) -> None:
    pupil = Element("Pupil")
    history = SubElement(pupil, "SENhistory")
    for row in filter(None, rows.split("; ")):
        sen = SubElement(history, "SEN")
        for tag, text in zip(("StartDate", "SENprovision", "EndDate"), row.split(), strict=False):
            SubElement(sen, tag).text = text
    assert find_provision(pupil) == found


def test_what_is_not_said_of_provision_is_counted_and_not_taken_for_none() -> None:
    text = EXAMPLES[1].read_text(encoding="utf-8").replace(">K</SENprovision>", ">S</SENprovision>")
    read = read_exports({"x.xml": text.encode()})
    assert any("of 1 it does not say for certain" in note for note in read.notes)
    assert set(read.files[ROLL].rows["sen_provision"]) <= {"", "E", "N"}


def test_a_roll_of_the_schools_own_goes_before_it() -> None:
    own, transferred = written(has_commas=True)
    both = {**transferred, ROLL: own[ROLL]}
    assert checked(both).frames[ROLL]["class"].null_count() < 100
