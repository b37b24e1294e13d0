"""A file alone is taken against what the home holds, as it would be beside all the others."""

from pathlib import Path
from typing import Any

import pytest

from intake.check.account import describe_accounts
from intake.publish import files
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    GOOD,
    MORE,
    Files,
    added,
    upn,
    with_cell,
)
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import draw_some

MARKS, SDQ, NUMBERS = "attendance.csv", "sdq.csv", "other_numbers.csv"
_LOADS = ("raw_load", "raw_source", "raw_flagged_row")
#: A change of each file that its home takes.
CHANGED: Files = {
    MARKS: with_cell(MARKS, 2, "code", "I")[MARKS],
    SDQ: added(SDQ, f"{ANN},2026-11-01,carer,9,,,,,,,", with_cell(SDQ, 2, "impact", "1"))[SDQ],
    **{
        name: added(name, line)[name]
        for name, line in {
            "health.csv": f"{BEN},dental check,2026-11-02,done,,",
            "ehcp.csv": f"{ANN},2026-11-02,requested,",
            "pep.csv": f"{ANN},2026-11-10,held,,,",
            "suspensions.csv": f"{BEN},2026-11-17,SUSP,1,PP",
            "whole_school_weekly.csv": "2026-11-23,2240,80,10",
        }.items()
    },
    **{
        name: with_cell(name, *cell)[name]
        for name, cell in {
            "calendar.csv": (2, "kind", "closed"),
            "school.csv": (2, "name", "Hill Lane"),
            "care_episodes.csv": (3, "legal_status", "C1"),
            "roll.csv": (2, "year_group", "5"),
        }.items()
    },
}


@pytest.fixture
def desk(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path)
    made.load()
    return made


def rows(desk: SmallHome) -> dict[str, list[dict[str, Any]]]:
    """Every raw_ row, but for which load and file it came from."""
    found = files.read_rows(desk.path, desk.keys.store)
    where = {"source_id", "load_id"}
    return {
        table: sorted(frame.drop(where & set(frame.columns)).to_dicts(), key=str)
        for table, frame in found.items()
        if table not in _LOADS
    }


def test_each_kind_of_file_alone_is_as_beside_the_others(tmp_path: Path) -> None:
    """One after another, each changes something, and in the end all is as after all at once."""
    found = []
    drawn = {name: CHANGED[name] for name in draw_some("alone.files", [*CHANGED])}
    for folder, coming in (("alone", [{name: drawn[name]} for name in drawn]), ("all", [drawn])):
        (tmp_path / folder).mkdir()
        desk = SmallHome(tmp_path / folder)
        desk.load()
        before = rows(desk)
        versions = [desk.load(exports).version for exports in coming]
        assert versions == [f"store-{number}.duckdb" for number in range(2, len(coming) + 2)]
        found.append(rows(desk))
        assert sum(found[-1][table] != before[table] for table in before) >= len(drawn)
    assert CHANGED.keys() == GOOD.keys()
    assert found[0] == found[1]


def test_what_is_used_of_the_home_and_what_changes_is_told(desk: SmallHome) -> None:
    """A register of one child more than the roll; the mark is of nobody shown here."""
    coming = added(MARKS, f"{upn(9)},2026-11-16,AM,/", with_cell(MARKS, 2, "code", "I"))
    outcome = desk.load({MARKS: coming[MARKS]})
    assert outcome.problems == ()
    assert outcome.notes == ("The roll used is the one loaded on 21 November 2026.",)
    assert outcome.lacks[0].startswith(f"{MARKS}: 1 number in the register is not on the roll.")
    first, *_ = describe_accounts(outcome.accounts)
    assert first == (
        "attendance.csv: 34 rows of 4 children on 6 days: 25 taken, 1 about children who are not "
        "shown here, 8 blank."
    )
    (change,) = outcome.changes
    assert (change.new, change.changed, change.gone) == (0, 1, 0)
    assert outcome.changed_children == (desk.find(ANN).handle,)
    kept = desk.ask(
        "select rows_read, rows_taken, rows_not_shown, rows_left_out, rows_refused "
        "from raw_source order by source_id desc limit 1"
    )
    assert kept == [(34, 25, 1, 8, 0)]


def test_children_without_a_mark_in_a_register_are_told(desk: SmallHome) -> None:
    """By code name to who may see that: of who was on roll in its days, and is shown here."""
    lines = "upn,date,session,code\n" + f"{ANN},2026-11-16,AM,/\n{BEN},2026-11-16,AM,\n"
    marked = desk.load({MARKS: lines}).marked
    gone = ", ".join(sorted(desk.find(child).handle for child in (BEN, CAT)))
    said = "Children on these pages: 1 with marks in this register, 2 without"
    assert marked.describe(has_names=True) == f"{said}: {gone}."
    assert marked.describe(has_names=False) == f"{said}."
    before = f"upn,date,session,code\n{ANN},2026-07-20,AM,/\n{BEN},2026-07-20,AM,/\n"
    calendar = added("calendar.csv", "2026-07-20,school day")["calendar.csv"]
    assert desk.load({MARKS: before, "calendar.csv": calendar}).marked.without == ()


def test_marks_are_held_against_the_homes_calendar_and_roll(desk: SmallHome) -> None:
    coming = f"upn,date,session,code\n{ANN},2026-11-13,AM,/\n{ANN},2026-11-16,PM,I\n"
    outcome = desk.load({MARKS: coming + f"{ANN},2024-08-30,AM,/\n" + f"{BEN},2026-11-16,AM,/\n"})
    assert {each.fault for each in outcome.problems} == {
        "mark on a closed day",
        "outside enrolment",
    }


def test_other_numbers_are_taken_with_roll_and_care_file_only(desk: SmallHome) -> None:
    alone = desk.load({NUMBERS: f"upn,former_upn,authority,child_id\n{ANN},{upn(8)},,\n"})
    assert alone.version is None
    assert sorted(each.fix for each in alone.problems) == [
        f"Add {other}: {NUMBERS} cannot be loaded without it."
        for other in ("care_episodes.csv", "roll.csv")
    ]


@pytest.mark.parametrize("name", ["concerns.csv", "own_words.csv"])
def test_lines_alone_are_held_against_the_names_of_the_homes_roll(
    desk: SmallHome, name: str
) -> None:
    before = rows(desk)
    assert desk.load({name: MORE[name]}).problems == ()
    assert rows(desk) != before
    naming = MORE[name].replace("tearful", "Kept by Ann").replace("break is", "Ben is")
    told = desk.load({name: naming})
    assert (told.problems, [each.fault for each in told.doubts]) == ((), ["may name somebody"])


def test_an_older_file_is_told_with_what_it_would_undo(desk: SmallHome) -> None:
    """By its bytes if it was loaded before; else by the day on which it ends."""
    newer = with_cell(MARKS, 2, "code", "I")
    assert desk.load({MARKS: newer[MARKS]}).older == ()
    again = desk.load({MARKS: GOOD[MARKS]})
    (told,) = again.older
    assert told == (
        "attendance.csv was already loaded on 21 November 2026, and another file after it. "
        "Loading it again may undo what the later file corrected."
    )
    assert again.changes[0].changed == 1
    week = f"upn,date,session,code\n{ANN},2026-11-16,AM,U\n"
    (told,) = desk.load({MARKS: week}).older
    assert told.startswith("attendance.csv ends on 16 November 2026, but the marks here run up to")


def test_a_later_file_that_says_otherwise_than_what_was_typed_is_told(
    desk: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed counts, in every kind of data, until somebody has decided."""
    monkeypatch.setenv("LAC_KEYS", desk.environ["LAC_KEYS"])
    desk.add_fact("pep.csv", {"date": "2026-11-10", "outcome": "held", "quality": "good"})
    agreeing = added("pep.csv", f"{ANN},2026-11-10,held,good,,")
    assert desk.load({"pep.csv": agreeing["pep.csv"]}).conflicts == ()
    other = added("pep.csv", f"{ANN},2026-11-10,held,requires improvement,,")
    (told,) = desk.load({"pep.csv": other["pep.csv"]}).conflicts
    assert told.startswith(
        "pep.csv: 1 row says something different from what was typed here, which is used."
    )
    assert desk.ask("select quality from stg_pep where pep_date = '2026-11-10'") == [("good",)]
