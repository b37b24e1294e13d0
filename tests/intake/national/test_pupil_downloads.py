"""Downloads of Get information about pupils: the same tests by them, and who has a premium."""

from functools import cache
from pathlib import Path

import pytest

from intake.check.check import CheckResult, check_exports
from intake.read.read import read_exports
from synthetic.returns.faults import list_planned_faults
from synthetic.returns.giap import COLUMNS, write_downloads
from tests.support.planted import plant_and_check
from tests.support.schools.homes import UNTIL, exports

EXAMPLE = Path(__file__).with_name("examples") / "giap_pupil_premium_made_up.csv"
CARE, TESTS, ROLL = "care_episodes.csv", "tests.csv", "roll.csv"
NEEDED = ("school.csv", "calendar.csv", "attendance.csv", ROLL, CARE, TESTS)


@cache
def written() -> tuple[dict[str, str], dict[str, str]]:
    """A school by our files, less what a download has no say in, and with downloads."""
    folder = exports(7, 60, 1, UNTIL)
    files = {name: (folder / name).read_text(encoding="utf-8") for name in NEEDED}
    lines = files["attendance.csv"].splitlines(keepends=True)
    files["attendance.csv"] = "".join(lines[:400])
    # of the tests that a school without older years lacks, one of each
    upn = files[CARE].splitlines()[1].partition(",")[0]
    more = ("phonics,33,", "reading,104,", "maths,,A", "spelling,,N", "phonics,,L")
    days = ("2023-06-12", "2026-05-12", "2026-05-12", "2026-05-12", "2022-06-13")
    rows = [f"{upn},{day},{test}\n" for day, test in zip(days, more, strict=True)]
    files[TESTS] += "".join(rows)
    return files, write_downloads(files)[0]


def checked(files: dict[str, str]) -> CheckResult:
    return check_exports(read_exports({name: text.encode() for name, text in files.items()}))


def rows_of(result: CheckResult, name: str) -> list[tuple[object, ...]]:
    return sorted(result.accepted_frames[name].drop("row").rows(), key=repr)


def test_the_same_school_comes_of_downloads_as_of_our_own_files() -> None:
    own, given = written()
    before, found = checked(own), checked(given)
    assert (before.problems, found.problems) == ((), ())
    assert set(COLUMNS) <= set(given)
    assert len(given[TESTS].splitlines()) < len(own[TESTS].splitlines()) - 10
    for name in (CARE, TESTS, ROLL):
        assert rows_of(found, name) == rows_of(before, name), name


@pytest.mark.slow
def test_each_planted_fault_is_told_at_its_row() -> None:
    planned = list_planned_faults("giap")
    assert len(planned) >= 50
    plant_and_check(written()[1], planned, checked, tuple(COLUMNS))


_ROLL = (
    "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
    "U012200121004,Testmere,Orla,2016-11-03,F,5,2023-09-04,\n"
    "N012200120017,Fakeham,Ned,2015-02-20,M,6,2023-09-04,\n"
)


def test_the_example_of_the_public_layout_is_read() -> None:
    """Adopted from care is a state since the year's first day; looked after is counted."""
    premium = EXAMPLE.read_text(encoding="utf-8")
    found = checked({ROLL: _ROLL, "x.csv": premium})
    care = found.accepted_frames[CARE].select("upn", "status", "start", "known_since").rows()
    assert [(*row[:3], f"{row[3]}") for row in care] == [
        ("N012200120017", "previously looked after", None, "2025-04-01")
    ]
    assert any("1 with the looked-after premium, and no period" in note for note in found.notes)
    assert any("(rows 2)" in note for note in found.notes)


def test_a_state_adds_nothing_to_periods_that_are_known() -> None:
    care = (
        "upn,status,start,end,authority\n"
        "U012200121004,looked after,2024-01-10,,Ashmere\n"
        "N012200120017,previously looked after,2019-03-01,,\n"
    )
    found = checked({ROLL: _ROLL, CARE: care, "x.csv": EXAMPLE.read_text(encoding="utf-8")})
    assert found.accepted_frames[CARE].height == 2
    assert not any("with the looked-after premium" in note for note in found.notes)


def test_a_test_without_a_day_is_asked_for_and_a_reason_never_guessed() -> None:
    mtc = (
        "ACADYR,UPN,DOB,FormMark,PupilStatus,ReasonNotTakingCheck\n"
        "2024/2025,U012200121004,03/11/2016,21,Complete,\n"
        "2024/2025,N012200120017,20/02/2015,,Not taken,A\n"
    )
    files = {ROLL: _ROLL, CARE: "upn,status,start,end,authority\n", "mtc.csv": mtc}
    found = checked(files)
    told = [(each.shown_file, each.row, each.shown_column, each.fault) for each in found.problems]
    assert ("mtc.csv", 2, "date", "missing value") in told
    assert any("a column called date" in note for note in found.notes)
    assert any("1 without a mark in the multiplication check" in note for note in found.notes)
    dated = mtc.replace("Check\n", "Check,date\n").replace("Complete,", "Complete,,09/06/2025")
    rows = checked({**files, "mtc.csv": dated}).accepted_frames[TESTS]
    assert [f"{row}" for row in rows.select("date", "test", "score").row(0)] == [
        *("2025-06-09", "tables", "21")
    ]


def test_a_comma_in_a_name_is_told_and_tabs_do_as_well() -> None:
    premium = EXAMPLE.read_text(encoding="utf-8")
    files = {ROLL: _ROLL, "x.csv": premium.replace("Testmere", "Test,mere")}
    faults = [(each.shown_file, each.row, each.fault) for each in checked(files).problems]
    assert ("x.csv", 2, "field count") in faults
    tabbed = {ROLL: _ROLL, "x.txt": premium.replace(",", "\t")}
    assert checked(tabbed).accepted_frames[CARE].height == 1


def test_a_birthday_that_slipped_into_another_column_stands_in_no_message() -> None:
    """The school's own file, which has no birthday, still shows what stands there."""
    tests = (
        "UPN,DOB,READSCORE,MATSCORE,GPSSCORE,READOUTCOME,MATOUTCOME,GPSOUTCOME,date\n"
        "U012200121004,,03/11/2016,,,,,,12/05/2026\n"
    )
    own = "upn,date,test,score,outcome\nN012200120017,2026-05-12,reading,03/11/2016,\n"
    found = checked({ROLL: _ROLL, "ks2.csv": tests, TESTS: own})
    told = [
        (each.shown_file, each.shown_column, each.problem, each.value)
        for each in found.problems
        if each.fault == "not a whole number"
    ]
    assert told == [
        (TESTS, "score", 'score "03/11/2016" is not a whole number.', "03/11/2016"),
        ("ks2.csv", "READSCORE", "READSCORE is not a whole number.", ""),
    ]
