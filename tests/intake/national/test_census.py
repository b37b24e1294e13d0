"""The school census as an authority's collection gives it back: roll, suspensions, numbers."""

import pytest

from intake.check.account import Scope, build_accounts
from intake.check.check import CheckResult
from intake.problems import IntakeError
from tests.intake.national import formats
from tests.intake.national.formats import (
    CARE,
    NED,
    ORLA,
    ORLAS,
    ROLL,
    checked,
    list_rows,
    list_told,
)

SUSPENSIONS = "suspensions.csv"
#: The table of children on roll, in the example of the public layout.
ON_ROLL = next(
    text for name, text in formats.read_examples("census_").items() if "pupilonroll" in name
)


def read_examples(**more: str) -> CheckResult:
    """The examples; on_roll: another table of children on roll in place of theirs."""
    kept = formats.read_examples("census_")
    if "on_roll" in more:
        kept = {name: text for name, text in kept.items() if text != ON_ROLL}
    return checked({**kept, **{f"{name}.csv": text for name, text in more.items()}})


def test_the_examples_of_the_public_layout_are_read() -> None:
    found = read_examples()
    columns = ("upn", "forename", "sex", "year_group", "entry_date", "sen_provision")
    assert list_rows(found, ROLL, *columns) == [
        (NED, "Ned", "M", "6", "2023-09-04", "N"),
        (ORLA, "Orla", "F", "5", "2023-09-04", "K"),
    ]
    of_time = ("upn", "date", "category", "sessions", "reason")
    assert list_rows(found, SUSPENSIONS, *of_time)[0] == (ORLA, "2025-01-22", "SUSP", "2", "DB")


def test_who_was_looked_after_counts_from_the_census_day_where_that_is_there() -> None:
    """Without the day it is counted; where a period is known it adds nothing."""
    (note,) = [each for each in read_examples().notes if "previously looked after" in each]
    assert "1 previously looked after" in note
    assert "(rows 3)" in note
    day = "schoolcensustableid,term,year,referencedate\nc1,SPR,2026,2026-Jan-15 00:00:00\n"
    found = read_examples(day=day)
    care = list_rows(found, CARE, "upn", "start", "known_since")
    assert care == [(NED, "None", "2026-01-15")]
    of_day = [each for each in build_accounts(found, Scope(())) if each.name == "day.csv"]
    assert [rule.rule for rule in of_day[0].rules] == ["they are about no child"]
    own = f"upn,status,start,end,authority\n{NED},previously looked after,2019-03-01,,\n"
    assert read_examples(day=day, care_episodes=own).accepted_frames[CARE].height == 1


def test_a_month_before_its_day_in_one_column_is_told_in_the_others_too() -> None:
    text = ON_ROLL
    for day, turned in (("2016-Nov-03", "11/03/2016"), ("2015-Feb-20", "02/03/2015")):
        text = text.replace(f"{day} 00:00:00", turned)
    text = text.replace("2023-Sep-04 00:00:00", "09/14/2023", 1)
    found = read_examples(on_roll=text)
    told = [(row, column) for _, row, column, fault in list_told(found) if "day" in fault]
    assert sorted(told) == [(2, "dob"), (2, "entrydate"), (3, "dob")]
    assert found.frames[ROLL].height == 0


def test_a_roll_of_the_schools_own_goes_before_it() -> None:
    own = ORLAS.replace("year_group,", "year_group,class,").replace(",5,", ",5,5A,")
    found = read_examples(roll=own)
    assert found.frames[ROLL]["class"].to_list() == ["5A"]
    assert any("1 of 2 children are on the roll" in note for note in found.notes)


def test_a_former_number_leads_to_the_roll() -> None:
    text = ON_ROLL.replace(f"{NED},,", f"{NED},F045221018003,")
    numbers = read_examples(on_roll=text).accepted_frames["other_numbers.csv"]
    assert numbers.select("upn", "former_upn").rows() == [(NED, "F045221018003")]


def test_two_terms_at_once_are_refused() -> None:
    """Numbers of rows count anew in each, so those of one could lead to children of the other."""
    with pytest.raises(IntakeError, match="are both for the school census"):
        read_examples(again=ON_ROLL)
