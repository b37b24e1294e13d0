"""Downloads of Get information about pupils: who has a premium, and tests on their days."""

import polars as pl
import pytest

from tests.intake.national.formats import (
    BOTH,
    CARE,
    NED,
    ORLA,
    ROLL,
    checked,
    list_rows,
    list_told,
    read_examples,
)

TESTS = "tests.csv"
(PREMIUM,) = read_examples("giap_pupil_premium").values()


def test_the_example_of_the_public_layout_is_read() -> None:
    """Adopted from care is a state since the year's first day; looked after is counted."""
    found = checked({ROLL: BOTH, "x.csv": PREMIUM}, "")
    assert list_rows(found, CARE, "upn", "status", "start", "known_since") == [
        (NED, "previously looked after", "None", "2025-04-01")
    ]
    assert any("1 with the looked-after premium but no period" in note for note in found.notes)
    assert any("(rows 2)" in note for note in found.notes)


def test_a_state_adds_nothing_to_periods_that_are_known() -> None:
    care = (
        f"upn,status,start,end,authority\n{ORLA},looked after,2024-01-10,,Ashmere\n"
        f"{NED},previously looked after,2019-03-01,,\n"
    )
    found = checked({ROLL: BOTH, CARE: care, "x.csv": PREMIUM}, "")
    assert found.accepted_frames[CARE].height == 2
    assert not any("with the looked-after premium" in note for note in found.notes)


def test_a_test_without_a_day_is_asked_for_and_a_reason_never_guessed() -> None:
    mtc = (
        "ACADYR,UPN,DOB,FormMark,PupilStatus,ReasonNotTakingCheck\n"
        f"2024/2025,{ORLA},03/11/2016,21,Complete,\n2024/2025,{NED},20/02/2015,,Not taken,A\n"
    )
    files = {ROLL: BOTH, CARE: "upn,status,start,end,authority\n", "mtc.csv": mtc}
    found = checked(files)
    assert ("mtc.csv", 2, "date", "missing value") in list_told(found)
    assert any("a column called date" in note for note in found.notes)
    assert any("1 without a mark in the multiplication check" in note for note in found.notes)
    dated = mtc.replace("Check\n", "Check,date\n").replace("Complete,", "Complete,,09/06/2025")
    rows = list_rows(checked({**files, "mtc.csv": dated}), TESTS, "date", "test", "score")
    assert rows[0] == ("2025-06-09", "tables", "21")


def test_a_comma_in_a_name_is_told_and_tabs_do_as_well() -> None:
    cut = checked({ROLL: BOTH, "x.csv": PREMIUM.replace("Testmere", "Test,mere")})
    assert ("x.csv", 2, "", "field count") in list_told(cut)
    tabbed = checked({ROLL: BOTH, "x.txt": PREMIUM.replace(",", "\t")}, "")
    assert tabbed.accepted_frames[CARE].height == 1


def test_a_birthday_that_slipped_into_another_column_stands_in_no_message() -> None:
    """The school's own file, which has no birthday, still shows what stands there."""
    tests = (
        "UPN,DOB,READSCORE,MATSCORE,GPSSCORE,READOUTCOME,MATOUTCOME,GPSOUTCOME,date\n"
        f"{ORLA},,03/11/2016,,,,,,12/05/2026\n"
    )
    own = f"upn,date,test,score,outcome\n{NED},2026-05-12,reading,03/11/2016,\n"
    found = checked({ROLL: BOTH, "ks2.csv": tests, TESTS: own})
    told = [
        (each.shown_file, each.shown_column, each.problem, each.value)
        for each in found.problems
        if each.fault == "not a whole number"
    ]
    assert told == [
        (TESTS, "score", 'score "03/11/2016" is not a whole number.', "03/11/2016"),
        ("ks2.csv", "READSCORE", "READSCORE is not a whole number.", ""),
    ]


_PHONICS = (
    "Phonics_UPN,Phonics_PHONICS_MARK,Phonics_PHONICS_OUTCOME,date\n"
    f"{NED},30,,{{}}\n{ORLA},31,,{{}}\n"
)
_OWN_TESTS = (
    f"upn,date,test,score,outcome\n{NED},25/03/2024,reading,100,\n{NED},01/04/2024,maths,100,\n"
)


@pytest.mark.parametrize("own", ["", _OWN_TESTS], ids=["alone", "beside our own"])
def test_dates_with_the_month_first_are_told_and_never_turned_round(own: str) -> None:
    """The school's own file is in the right order, and is no measure of another's."""
    files = {ROLL: BOTH, "x.csv": _PHONICS.format("05/13/2025", "05/04/2025")}
    found = checked({**files, TESTS: own} if own else files)
    told = [(file, row, fault) for file, row, _, fault in list_told(found) if file == "x.csv"]
    assert told == [("x.csv", row, "month before day") for row in (2, 3)]
    stored = found.frames[TESTS]["date"].sort().cast(pl.String).to_list()
    assert stored == (["2024-03-25", "2024-04-01"] if own else [])


def test_one_day_that_is_none_leaves_the_others_of_a_file_with_the_day_first() -> None:
    days = _PHONICS + f"{ORLA},32,,{{}}\n"
    found = checked({ROLL: BOTH, "x.csv": days.format("05/13/2025", "25/04/2025", "05/04/2025")})
    assert [row for file, row, *_ in list_told(found) if file == "x.csv"] == [2]
    stored = found.frames[TESTS]["date"].sort().cast(pl.String).to_list()
    assert stored == ["2025-04-05", "2025-04-25"]
