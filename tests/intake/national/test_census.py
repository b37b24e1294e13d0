"""The school census as an authority's collection gives it back: roll, suspensions, numbers."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from intake.check.check import CheckResult, check_exports
from intake.problems import IntakeError
from intake.read.read import read_exports
from synthetic.returns.census import COLUMNS, write_school_census
from synthetic.returns.faults import list_planned_faults
from tests.support.planted import plant_and_check
from tests.support.schools.homes import UNTIL, exports

EXAMPLES = sorted(Path(__file__).with_name("examples").glob("census_*.csv"))
CARE, ROLL, SUSPENSIONS = "care_episodes.csv", "roll.csv", "suspensions.csv"
NEEDED = ("school.csv", "calendar.csv", "attendance.csv", ROLL, CARE, SUSPENSIONS)
#: What no table of the census holds of a child.
_NOT_THERE = ("row", "class", "preferred_forename", "address", "postcode")


@cache
def written() -> tuple[dict[str, str], dict[str, str]]:
    """A school by our files, less what the census has no say in, and with a census."""
    folder = exports(7, 24, 1, UNTIL)
    files = {name: (folder / name).read_text(encoding="utf-8") for name in NEEDED}
    lines = files["attendance.csv"].splitlines(keepends=True)
    files["attendance.csv"] = "".join(lines[:400])
    return files, write_school_census(files)[0]


def checked(files: dict[str, str]) -> CheckResult:
    return check_exports(read_exports({name: text.encode() for name, text in files.items()}))


def rows_of(result: CheckResult, name: str) -> list[tuple[object, ...]]:
    rows = result.accepted_frames[name]
    if name == ROLL:  # of who has left the census does not say it
        is_here = pl.col("leaving_date").is_null()
        rows = rows.with_columns(sen_provision=pl.when(is_here).then("sen_provision"))
    return sorted(rows.drop(each for each in _NOT_THERE if each in rows).rows(), key=repr)


def test_the_same_school_comes_of_the_census_as_of_our_own_files() -> None:
    own, given = written()
    before, found = checked(own), checked(given)
    assert (before.problems, found.problems) == ((), ())
    assert set(COLUMNS) <= set(given)
    assert not {ROLL, SUSPENSIONS} & set(given)
    for name in before.accepted_frames:
        assert rows_of(found, name) == rows_of(before, name), name


def test_each_planted_fault_is_told_at_its_row() -> None:
    planned = list_planned_faults("census")
    assert len(planned) >= 50
    plant_and_check(written()[1], planned, checked, tuple(COLUMNS))


def read_examples(*without: str, **more: str) -> CheckResult:
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES}
    kept = {name: text for name, text in texts.items() if not any(each in name for each in without)}
    return checked({**kept, **{f"{name}.csv": text for name, text in more.items()}})


def test_the_examples_of_the_public_layout_are_read() -> None:
    found = read_examples().frames
    assert found[ROLL]["sen_provision"].to_list() == ["K", "N"]
    roll = found[ROLL].select("upn", "forename", "sex", "year_group", "entry_date").rows()
    assert [(*row[:4], f"{row[4]}") for row in roll] == [
        ("U012200121004", "Orla", "F", "5", "2023-09-04"),
        ("N012200120017", "Ned", "M", "6", "2023-09-04"),
    ]
    suspensions = found[SUSPENSIONS].select("upn", "date", "category", "sessions", "reason")
    assert [f"{each}" for each in suspensions.row(0)] == [
        *("U012200121004", "2025-01-22", "SUSP", "2", "DB")
    ]


def test_who_was_looked_after_counts_from_the_census_day_where_that_is_there() -> None:
    """Without the day it is counted; where a period is known it adds nothing."""
    (note,) = [each for each in read_examples().notes if "previously looked after" in each]
    assert "1 previously looked after" in note
    assert "(rows 3)" in note
    day = "schoolcensustableid,term,year,referencedate\nc1,SPR,2026,2026-Jan-15 00:00:00\n"
    care = read_examples(day=day).accepted_frames[CARE]
    assert [f"{each}" for each in care.select("upn", "start", "known_since").row(0)] == [
        *("N012200120017", "None", "2026-01-15")
    ]
    own = "upn,status,start,end,authority\nN012200120017,previously looked after,2019-03-01,,\n"
    assert read_examples(day=day, care_episodes=own).accepted_frames[CARE].height == 1


def test_a_month_before_its_day_in_one_column_is_told_in_the_others_too() -> None:
    path = next(path for path in EXAMPLES if "pupilonroll" in path.name)
    text = path.read_text(encoding="utf-8")
    for day, turned in (("2016-Nov-03", "11/03/2016"), ("2015-Feb-20", "02/03/2015")):
        text = text.replace(f"{day} 00:00:00", turned)
    text = text.replace("2023-Sep-04 00:00:00", "09/14/2023", 1)
    found = read_examples("pupilonroll", on_roll=text)
    told = [(each.row, each.shown_column) for each in found.problems if "day" in each.fault]
    assert sorted(told) == [(2, "dob"), (2, "entrydate"), (3, "dob")]
    assert found.frames[ROLL].height == 0


def test_a_roll_of_the_schools_own_goes_before_it() -> None:
    own = (
        "upn,surname,forename,date_of_birth,sex,year_group,class,entry_date,leaving_date\n"
        "U012200121004,Testmere,Orla,2016-11-03,F,5,5A,2023-09-04,\n"
    )
    found = read_examples(roll=own)
    assert found.frames[ROLL]["class"].to_list() == ["5A"]
    assert any("1 of 2 children are on the roll" in note for note in found.notes)


def test_a_former_number_leads_to_the_roll() -> None:
    path = next(path for path in EXAMPLES if "pupilonroll" in path.name)
    text = path.read_text(encoding="utf-8").replace(
        "N012200120017,,", "N012200120017,F045221018003,"
    )
    numbers = read_examples("pupilonroll", on_roll=text).accepted_frames["other_numbers.csv"]
    assert numbers.select("upn", "former_upn").rows() == [("N012200120017", "F045221018003")]


def test_two_terms_at_once_are_refused() -> None:
    """Numbers of rows count anew in each, so those of one could lead to children of the other."""
    path = next(path for path in EXAMPLES if "pupilonroll" in path.name)
    with pytest.raises(IntakeError, match="are both of the school census"):
        read_examples(again=path.read_text(encoding="utf-8"))
