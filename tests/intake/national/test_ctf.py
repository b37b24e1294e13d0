"""The Common Transfer File: the same school by it, each planted fault, and sure marks only."""

from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, fromstring

import polars as pl
import pytest

from intake.check.check import CheckResult, check_exports
from intake.national.ctf import YearFault, find_provision, find_sessions
from intake.read.read import read_exports
from synthetic.returns.ctf import write_transfer_file
from synthetic.returns.faults import inject_planned_faults, list_planned_faults
from tests.support.planted import plant_and_check
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


def test_each_planted_fault_is_told_at_its_element() -> None:
    """Of a child at its number in the file, of a year's marks at that of the year."""
    planned = list_planned_faults("ctf")
    assert len(planned) >= 50
    given = written(has_commas=True)[1]
    kept = ("school.csv", "calendar.csv", "care_episodes.csv")
    quick = {name: text for name, text in given.items() if name in kept or name.endswith(".xml")}
    plant_and_check(quick, planned, checked, (next(name for name in quick if "xml" in name),))


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
    assert isinstance(found, list)
    assert f"{found[-1][0]}" == last
    assert all(day.weekday() < 5 for day, _, _ in found)
    assert all(code not in ("\\" if half == "AM" else "/") or not code for _, half, code in found)


_MARKS, _START = "AttendanceMarks", "AttendanceStartDate"
_SUM = "does not add up"


@pytest.mark.parametrize(
    ("marks", "totals", "start", "told"),
    [
        ("/\\I\\", (4, 4, 0), "2025-09-01", (_MARKS, _SUM)),  # totals of something else
        ("/\\I\\", (5, 3, 1), "2025-09-01", ("SessionsPossible", _SUM)),
        ("/\\I", (3, 2, 1), "2025-09-01", (_MARKS, "not allowed")),  # half a day
        # a code of two signs without commas
        ("/\\C1\\", (5, 3, 1), "2025-09-01", (_MARKS, "not allowed")),
        # a sign of the school's own
        ("/\\7\\", (4, 3, 1), "2025-09-01", (_MARKS, "not allowed")),
        # withdrawn in 2024
        ("/\\Y\\", (4, 3, 1), "2025-09-01", (_MARKS, "code not on that date")),
        ("/\\I\\", (4, 3, 1), "soon", (_START, "not a date")),
        # seven days a week from a Tuesday on, as its weekends show, and said to be from a Monday
        (f"{_WEEK[2:]}####{_WEEK}####", (18, 18, 0), "2025-09-01", (_START, _SUM)),
    ],
)
def test_a_string_that_is_wrong_is_left_out_and_told_at_its_element(
    marks: str, totals: tuple[int, int, int], start: str, told: tuple[str, str]
) -> None:
    found = find_sessions(year(marks, totals, start))
    assert isinstance(found, YearFault)
    assert (found.heading, found.fault) == told


def test_a_string_that_could_be_something_else_is_left_out() -> None:
    """One weekend, or two closed days: nobody can say which."""
    assert find_sessions(year(f"{_WEEK}####", (10, 10, 0))) is None


def test_a_year_with_a_fault_is_listed_and_the_other_children_keep_theirs() -> None:
    text = EXAMPLES[1].read_text(encoding="utf-8").replace("Attended>15<", "Attended>14<", 1)
    read = read_exports({"x.xml": text.encode()})
    assert set(read.files[MARKS].rows["upn"]) == {"N012200120017"}
    found = check_exports(read)
    assert MARKS not in found.refused_files
    told = [each for each in found.problems if each.file == MARKS]
    assert [(each.shown_file, each.row, each.problem) for each in told] == [
        ("x.xml: YearData", 2, "SessionsAttended is not what the marks count to.")
    ]


def test_a_file_of_which_no_year_can_be_taken_is_told() -> None:
    text = EXAMPLES[1].read_text(encoding="utf-8").replace("Attended>", "Attended>9")
    found = check_exports(read_exports({"x.xml": text.encode()}))
    assert MARKS in found.refused_files
    assert [each.row for each in found.problems if each.file == MARKS] == [2, 3]


def test_marks_whose_weeks_are_not_sure_are_counted_and_their_children_named_by_place() -> None:
    """A fault of the file is listed; of this nobody can say that it is one."""
    text = EXAMPLES[1].read_text(encoding="utf-8")
    head, _, tail = text.partition("<AttendanceStartDate>")
    short = tail.replace(
        tail.partition("</AttendSessions>")[0],
        (f"2025-09-01</AttendanceStartDate><AttendanceMarks>{_WEEK}####</AttendanceMarks>"),
        1,
    )
    head = head.replace("Possible>18<", "Possible>10<").replace("Attended>15<", "Attended>10<")
    head = head.replace("Authorised>3<", "Authorised>0<")
    read = read_exports({"x.xml": f"{head}<AttendanceStartDate>{short}".encode()})
    assert any(
        "the marks of 1 were left out" in each and "Pupil, rows 2)" in each for each in read.notes
    )
    assert set(read.files[MARKS].rows["upn"]) == {"N012200120017"}


def test_whether_in_care_is_never_guessed() -> None:
    text = EXAMPLES[1].read_text(encoding="utf-8").replace("InCare>true", "InCare>Y")
    (note,) = (each for each in read_exports({"x.xml": text.encode()}).notes if "in care" in each)
    assert "neither true nor false there, so they were not counted (Pupil, rows 2)" in note


def test_a_mark_on_a_closed_day_is_told_at_its_child_with_the_day() -> None:
    """Of a class that has them all, one line of the list, with the day to look at."""
    text = EXAMPLES[1].read_bytes()
    closed = b"date,kind\n2025-09-03,holiday\n"
    found = check_exports(read_exports({"x.xml": text, "calendar.csv": closed}))
    told = {
        (each.shown_file, each.row, each.shown_column)
        for each in found.problems
        if each.fault == "mark on a closed day"
    }
    assert ("x.xml: Pupil", 3, "AttendanceMarks, 3 Sep 2025 AM") in told


def test_no_personal_value_is_shown_of_any_planted_fault() -> None:
    planned = list_planned_faults("ctf")
    given = written(has_commas=True)[1]
    found = checked(inject_planned_faults(given, planned)[0]).problems
    said = " ".join(f"{each.problem} {each.fix}" for each in found)
    assert len({each.fault for each in found}) > 10
    own = pl.read_csv(written(has_commas=True)[0][ROLL].encode(), infer_schema=False)
    personal = {*own["upn"], *own["date_of_birth"], *own["postcode"].drop_nulls()}
    planted = {each.text for each in planned if len(each.text) > 3}
    assert [each for each in (*personal, *planted) if each in said] == []


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


def test_a_register_of_the_schools_own_goes_before_its_marks_of_the_same_day() -> None:
    """Whatever it is called, and in another form of dates; marks of other days are taken."""
    text = EXAMPLES[1].read_bytes()
    own = "upn,date,session,code\nu012200121004,04/09/2025,am,N\n"
    read = read_exports({"x.xml": text, "Autumn export.csv": own.encode()})
    alone = read_exports({"x.xml": text}).files[MARKS].rows
    found = read.files[MARKS].rows.filter(pl.col("code") != "#")
    day = found.filter(pl.col("date").is_in(["04/09/2025", "4 Sep 2025"]), upn="u012200121004")
    assert day["code"].to_list() == ["N"]
    same_day = alone.filter(upn="U012200121004", date="2025-09-04").height
    assert read.files[MARKS].rows.height == alone.height - same_day + 1
    assert any("Autumn export.csv tells the same" in note for note in read.notes)
    assert read.unknown_files == ()
    told = {each.fault for each in check_exports(read).problems}
    assert told == {"missing file"}
