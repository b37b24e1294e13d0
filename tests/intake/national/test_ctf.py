"""The Common Transfer File: its marks where they are sure, and what it does not say."""

from xml.etree.ElementTree import Element, SubElement, fromstring

import polars as pl
import pytest

from intake.check.account import Scope, build_accounts
from intake.check.check import check_exports
from intake.national.ctf import find_provision, find_sessions
from intake.read.read import read_exports
from intake.tables import ExportFolder
from tests.intake.national.formats import (
    BOTH,
    MARKS,
    NED,
    ORLA,
    ROLL,
    checked,
    list_rows,
    list_told,
    read_examples,
    without_register,
    written,
)
from tests.intake.national.planted import inject_planned_faults, list_planned_faults

EXAMPLES = {name[:5]: text for name, text in read_examples("ctf").items()}
EXAMPLE = EXAMPLES["ctf25"]


def read(text: str, **more: str) -> ExportFolder:
    return read_exports(
        {"x.xml": text.encode(), **{f"{n}.csv": t.encode() for n, t in more.items()}}
    )


@pytest.mark.parametrize(("name", "entered"), [("ctf23", "2022-09-05"), ("ctf25", "2023-09-04")])
def test_the_examples_of_the_public_layout_are_read(name: str, entered: str) -> None:
    found = read(EXAMPLES[name])
    roll = found.files[ROLL].rows.select("upn", "forename", "sex", "entry_date", "postcode").rows()
    assert roll == [
        (ORLA, "Orla", "F", entered, "ZZ99 3VZ"),
        (NED, "Ned", "M", entered, "ZZ99 3VZ"),
    ]
    counted = found.files[MARKS].rows.filter(pl.col("code") != "#")
    assert counted.group_by("upn").len().sort("upn").rows() == [(NED, 18), (ORLA, 18)]
    assert found.files["other_numbers.csv"].rows["former_upn"].to_list() == ["F045221018003"]
    assert any(
        "1 in care according to the file, without a start date" in note for note in found.notes
    )


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
        ("/\\I\\", (4, 3, 1), "soon"),
        # seven days a week from a Tuesday on, as its weekends show, and said to be from a Monday
        (f"{_WEEK[2:]}####{_WEEK}####", (18, 18, 0), "2025-09-01"),
    ],
)
def test_a_string_that_does_not_agree_with_its_year_is_left_out(
    marks: str, totals: tuple[int, int, int], start: str
) -> None:
    with pytest.raises(ValueError, match="marks"):
        find_sessions(year(marks, totals, start))


def test_a_string_that_could_be_something_else_is_left_out() -> None:
    """One weekend, or two closed days: nobody can say which."""
    assert find_sessions(year(f"{_WEEK}####", (10, 10, 0))) is None


def test_a_year_with_a_fault_is_listed_and_the_other_children_keep_theirs() -> None:
    found = checked({"x.xml": EXAMPLE.replace("Attended>15<", "Attended>14<", 1)})
    assert set(found.frames[MARKS]["upn"]) == {NED}
    assert MARKS not in found.refused_files
    told = [each for each in found.problems if each.file == MARKS]
    ((place, row, said),) = [(each.shown_file, each.row, each.problem) for each in told]
    assert (place, row) == ("x.xml: YearData", 2)
    assert said.startswith("AttendanceMarks does not agree with the start, the totals or the codes")


def test_a_file_of_which_no_year_can_be_taken_is_told() -> None:
    found = checked({"x.xml": EXAMPLE.replace("Attended>", "Attended>9")})
    assert found.accepted_frames[MARKS].is_empty()
    assert [each.row for each in found.problems if each.file == MARKS] == [2, 3]


def test_marks_whose_weeks_are_not_sure_are_counted_and_their_children_named_by_place() -> None:
    """A fault of the file is listed; of this nobody can say that it is one."""
    head, _, tail = EXAMPLE.partition("<AttendanceStartDate>")
    short = tail.replace(
        tail.partition("</AttendSessions>")[0],
        (f"2025-09-01</AttendanceStartDate><AttendanceMarks>{_WEEK}####</AttendanceMarks>"),
        1,
    )
    head = head.replace("Possible>18<", "Possible>10<").replace("Attended>15<", "Attended>10<")
    head = head.replace("Authorised>3<", "Authorised>0<")
    found = read(f"{head}<AttendanceStartDate>{short}")
    (note,) = (each for each in found.notes if "the marks of 1 were left out" in each)
    assert note.endswith("(Pupil, rows 2).")
    assert set(found.files[MARKS].rows["upn"]) == {NED}


def test_whether_in_care_is_never_guessed() -> None:
    notes = read(EXAMPLE.replace("InCare>true", "InCare>Y")).notes
    (note,) = (each for each in notes if "in care" in each)
    assert "neither yes nor no to being in care, so they were not counted (Pupil, rows 2)" in note


def test_a_mark_on_a_closed_day_is_told_at_its_child_with_the_day() -> None:
    """Of a class that has them all, one line of the list, with the day to look at."""
    found = checked({"x.xml": EXAMPLE, "calendar.csv": "date,kind\n2025-09-03,holiday\n"})
    place = ("x.xml: Pupil", 3, "AttendanceMarks, 3 Sep 2025 AM")
    assert (*place, "mark on a closed day") in list_told(found)


def test_no_personal_value_is_shown_of_any_planted_fault() -> None:
    planned = list_planned_faults("ctf")
    found = checked(inject_planned_faults(without_register("ctf"), planned)[0]).problems
    said = " ".join(f"{each.problem} {each.fix}" for each in found)
    assert {each.fault for each in found} >= {each.kind for each in planned}
    own = pl.read_csv(written("ctf")[0][ROLL].encode(), infer_schema=False)
    personal = {*own["upn"], *own["date_of_birth"], *own["postcode"].drop_nulls()}
    planted = {each.text for each in planned if len(each.text) > 3}
    assert [each for each in (*personal, *planted) if each in said] == []


def test_a_file_that_is_cut_to_some_is_no_statement_on_the_rest() -> None:
    """Without a block there is no row: nothing is taken for none."""
    found = checked(
        {"x.xml": f"<CTfile><CTFpupilData><Pupil><UPN>{ORLA}</UPN></Pupil></CTFpupilData></CTfile>"}
    )
    assert found.digests.keys() == {ROLL}
    assert {fault for *_, fault in list_told(found)} == {"missing value"}


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
    found = read(EXAMPLE.replace(">K</SENprovision>", ">S</SENprovision>"))
    assert any("for 1 it does not say clearly" in note for note in found.notes)
    assert set(found.files[ROLL].rows["sen_provision"]) <= {"", "E", "N"}


def test_a_roll_of_the_schools_own_goes_before_it() -> None:
    own = BOTH.replace("year_group,", "year_group,class,").replace(",5,", ",5,5A,")
    found = checked({"x.xml": EXAMPLE, ROLL: own.replace(",6,", ",6,6B,")})
    assert list_rows(found, ROLL, "upn", "class") == [(NED, "6B"), (ORLA, "5A")]


def test_a_register_of_the_schools_own_goes_before_its_marks_of_the_same_day() -> None:
    """Whatever it is called, and in another form of dates; marks of other days are taken."""
    own = {"Autumn export": f"upn,date,session,code\n{ORLA.lower()},04/09/2025,am,N\n"}
    alone, found = read(EXAMPLE).files[MARKS].rows, read(EXAMPLE, **own)
    rows = found.files[MARKS].rows
    of_day = rows.filter(pl.col("date").is_in(["04/09/2025", "4 Sep 2025"]), upn=ORLA.lower())
    assert of_day["code"].to_list() == ["N"]
    assert rows.filter(upn=ORLA, date="4 Sep 2025").is_empty()
    assert rows.height == alone.height - alone.filter(upn=ORLA, date="2025-09-04").height + 1
    assert any("Autumn export.csv has the same data" in note for note in found.notes)
    assert found.unknown_files == ()
    checked_files = check_exports(found)
    assert {each.fault for each in checked_files.problems} == {"missing file"}
    accounts = {each.file: each for each in build_accounts(checked_files, Scope({ORLA}))}
    assert (accounts[MARKS].number, accounts[MARKS].taken) == (1, 1)
    theirs = accounts["ctf attendance"]
    assert theirs.number == theirs.taken + theirs.not_shown + theirs.left_out
    assert theirs.taken + theirs.not_shown == rows.height - 1
