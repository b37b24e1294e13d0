"""What a load makes of the rows that are there and of those that come, file by file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    GOOD,
    Files,
    added,
    upn,
    with_cell,
    with_line,
    without,
)
from tests.support.schools.school_rows import SchoolRows

DAN, EVE = upn(4), upn(5)
CARE, ROLL, CALENDAR = "care_episodes.csv", "roll.csv", "calendar.csv"


@pytest.fixture
def school(tmp_path: Path) -> SchoolRows:
    return SchoolRows(tmp_path)


def with_marks(marks: dict[str, dict[str, str]], files: Files = GOOD) -> Files:
    """A register of children and November days: two codes a day, - for a blank."""
    lines = [
        f"{child},2026-11-{day},{half},{'' if code == '-' else code}"
        for child, days in marks.items()
        for day, pair in days.items()
        for half, code in zip(("AM", "PM"), pair, strict=True)
    ]
    return {**files, "attendance.csv": "\n".join(["upn,date,session,code", *lines, ""])}


def with_others(files: Files = GOOD) -> Files:
    """The same school with two children who are in none of the groups."""
    for child, name in ((DAN, "Dan"), (EVE, "Eve")):
        files = added(ROLL, f"{child},Low,{name},,03/03/2018,M,3,3B,02/09/2025,,,,", files)
    return files


def less(child: str, *names: str) -> Files:
    """The good files, some of them without a child."""
    kept = {
        name: "\n".join(line for line in GOOD[name].split("\n") if not line.startswith(child))
        for name in names
    }
    return GOOD | kept


def only(name: str, *lines: str) -> Files:
    """The good files, one of them with its head and these lines."""
    return {**GOOD, name: "\n".join([GOOD[name].split("\n")[0], *lines, ""])}


# Marks


@pytest.mark.parametrize(
    ("later", "changed"),
    [
        # the later file's mark stands, and a blank there is no mark
        ({**GOOD, "attendance.csv": GOOD["attendance.csv"].replace("PM,N", "PM,I")},
         {CAT: {"17 PM": "I"}}),
        (with_cell("attendance.csv", 2, "code", ""), {ANN: {"16 AM": ""}}),
        # also where the file has no other mark of the child, or of anybody
        (with_marks({ANN: {"16": "--"}, BEN: {"16": "/I"}}),
         {ANN: {"16 AM": "", "16 PM": ""}, BEN: {"16 PM": "I"}}),
        (with_marks({BEN: {"16": "--"}}), {BEN: {"16 AM": "", "16 PM": ""}}),
        # days outside of the file, and children who are not in it, keep theirs
        (with_marks({ANN: {"17": "II"}}), {ANN: {"17 AM": "I", "17 PM": "I"}}),
        (without("attendance.csv"), {}),
    ],
)  # fmt: skip
def test_a_register_tells_all_of_its_own_days_and_children(
    school: SchoolRows, later: Files, changed: dict[str, dict[str, str]]
) -> None:
    school.load()
    before = {child: school.marks(child) for child in (ANN, BEN, CAT)}
    school.load(later)
    for child, marks in before.items():
        after = {**marks, **changed.get(child, {})}
        assert school.marks(child) == {day: code for day, code in after.items() if code}


@pytest.mark.parametrize(
    ("loads", "until"),
    [
        ([GOOD], "2026-11-18"),  # its last full day
        ([with_marks({ANN: {"17": "/\\", "21": "##"}})], "2026-11-17"),  # closures lie ahead
        ([GOOD, with_marks({ANN: {"16": "/\\"}})], "2026-11-18"),  # an older week, late
        ([without("attendance.csv")], "2026-09-07"),  # the newest stay or status
        ([only(CARE)], "2026-11-18"),  # nobody in any of the groups
    ],
)
def test_where_the_data_end(school: SchoolRows, loads: list[Files], until: str) -> None:
    for files in loads:
        school.load(files)
    assert school.data_until == until


def test_rows_of_other_children_are_counted_and_dropped(school: SchoolRows) -> None:
    """Of children out of scope nothing is kept but the number of their rows."""
    school.load(with_others(with_marks({ANN: {"16": "/\\"}, DAN: {"16": "/\\", "17": "/I"}})))
    query = """
        select rows_read, rows_taken, rows_not_shown, first_date, last_date from raw_source
        where file_name = 'attendance.csv'
    """
    assert school.ask(query) == [(6, 2, 4, "2026-11-16", "2026-11-17")]
    assert school.ask("select count(*) from raw_mark") == [(2,)]
    assert school.ask("select count(*) from raw_pupil") == [(3,)]


# Other files


def test_other_files_merge_by_key_and_delete_nothing_by_silence(school: SchoolRows) -> None:
    """A row that a newer file leaves out stays; one that it changes is changed."""
    school.load()
    tables = {
        "raw_calendar_day": "calendar_date, kind",
        "raw_enrolment": "pupil_key, entry_date, leaving_date, year_group",
        "raw_care_episode": "pupil_key, status, start_date, known_since, end_date, authority",
    }
    queries = {name: f"select {columns} from {name}" for name, columns in tables.items()}
    before = {name: set(school.ask(query)) for name, query in queries.items()}
    school.load(
        only(CARE, f"{ANN},looked after,2024-05-01,,2026-11-18,Westmoor,C2,foster")
        | {CALENDAR: GOOD[CALENDAR] + "2026-11-23,closed\n"}
        | {ROLL: "\n".join(GOOD[ROLL].split("\n")[:3]) + "\n"}
        | {"attendance.csv": with_marks({ANN: {"16": "/\\"}})["attendance.csv"]}
    )
    after = {name: set(school.ask(query)) for name, query in queries.items()}
    assert after["raw_enrolment"] == before["raw_enrolment"]
    assert after["raw_calendar_day"] == before["raw_calendar_day"] | {("2026-11-23", "closed")}
    (key,) = school.of(ANN, "pupil_key", "raw_pupil")
    unchanged = {row for row in before["raw_care_episode"] if row[2] != "2024-05-01"}
    changed = (*key, "looked after", "2024-05-01", None, "2026-11-18", "Westmoor")
    assert after["raw_care_episode"] == unchanged | {changed}


def test_a_child_absent_from_newer_files_stays(school: SchoolRows) -> None:
    """Nobody is deleted by silence: roll and care file may lack who was in scope once."""
    school.load()
    before = school.marks(BEN)
    school.load(less(BEN, *GOOD))
    assert school.of(BEN, "is_on_newest_roll", "raw_pupil") == [(False,)]
    assert school.marks(BEN) == before
    school.load(with_marks({BEN: {"20": "L\\"}}, less(BEN, CARE)))
    assert school.of(BEN, "is_on_newest_roll", "raw_pupil") == [(True,)]
    assert school.marks(BEN)["20 AM"] == "L"
    assert school.ask("select count(*) from raw_pupil") == [(3,)]


def test_a_corrected_entry_date_replaces_the_stay_it_contradicts(school: SchoolRows) -> None:
    """A child is on one roll once a day; an earlier stay that has ended is no contradiction."""
    school.load()
    school.load({**GOOD, ROLL: GOOD[ROLL].replace("02/09/2025", "09/09/2025")})
    assert school.of(BEN, "entry_date", "raw_enrolment") == [("2025-09-09",)]
    assert school.of(CAT, "entry_date", "raw_enrolment") == [("2023-09-01",), ("2026-09-07",)]


def test_a_rolls_year_group_is_of_its_day(school: SchoolRows) -> None:
    """The last of the data, or that on which the child left."""
    school.load()
    columns = "year_group, year_group_date"
    assert school.of(ANN, columns, "raw_enrolment") == [(4, "2026-11-18")]
    marks = [f"{each},2027-09-02,{half}" for each in (ANN, BEN, CAT) for half in ("AM,/", "PM,\\")]
    files = only("attendance.csv", *marks) | {CALENDAR: GOOD[CALENDAR] + "2027-09-02,school day\n"}
    files[ROLL] = GOOD[ROLL].replace(",F,4,", ",F,5,")
    school.load(files, now=datetime(2027, 9, 3, 7, 0, tzinfo=UTC))
    assert school.of(ANN, columns, "raw_enrolment") == [(5, "2027-09-02")]
    assert (5, "2025-07-18") in school.of(CAT, columns, "raw_enrolment")


def test_pseudonyms_stay_and_a_new_child_gets_a_new_one(school: SchoolRows) -> None:
    """A child is the same child in every load, whatever else changes on the roll."""
    school.load()
    before = dict(school.ask("select pupil_id, handle from raw_pupil"))
    files = added(CARE, f"{DAN},in need,2026-10-01,,,,,", with_others())
    school.load({**files, ROLL: files[ROLL].replace("Smith-Jones", "Smith")})
    after = dict(school.ask("select pupil_id, handle from raw_pupil"))
    assert before.items() < after.items()
    assert [(new,) for new in set(after) - set(before)] == school.of(DAN, "pupil_id", "raw_pupil")
    assert len(set(after.values())) == 4


@pytest.mark.parametrize(("care", "children"), [((), 0), ((f"{BEN},in need,2025-01-10,,,,,",), 1)])
def test_a_school_with_few_children_or_none_loads(
    school: SchoolRows, care: tuple[str, ...], children: int
) -> None:
    school.load(only(CARE, *care))
    assert school.ask("select count(*) from raw_pupil") == [(children,)]


@pytest.mark.parametrize("name", [ROLL, CARE])
def test_replace_of_roll_or_care_takes_a_child_out(school: SchoolRows, name: str) -> None:
    """A child of whom no stay or no episode is left is left out with all else."""
    school.load()
    (ben,) = school.of(BEN, "pupil_key", "raw_pupil")
    files = without("attendance.csv", less(BEN, ROLL, CARE))
    school.load(files, replace=[name])
    for table in ("raw_pupil", "raw_mark", "raw_care_episode", "raw_enrolment"):
        keys = school.ask(f"select distinct pupil_key from {table}")
        assert len(keys) == 2
        assert ben not in keys


# The whole school's weeks


def test_a_whole_register_gives_the_schools_weeks(school: SchoolRows) -> None:
    """Everybody who counts is summed; the fallback file gives the weeks that are left."""
    marks = {child: {"16": "/\\", "17": "I\\"} for child in (ANN, BEN, CAT, DAN, EVE)}
    school.load(with_others(with_marks(marks)))
    query = """
        select week_start, school_days, possible_sessions, authorised_absent_sessions, file_name
        from raw_school_week left join raw_source using (source_id) order by week_start
    """
    assert school.ask(query) == [
        ("2026-11-09", 5, 2800, 100, "whole_school_weekly.csv"),
        ("2026-11-16", 2, 20, 5, "attendance.csv"),
    ]
    kept = "select rows_taken from raw_source where file_name = 'whole_school_weekly.csv'"
    assert school.ask(kept) == [(1,)]


@pytest.mark.parametrize("missing", [(), (EVE,), (DAN, EVE)])
def test_a_part_of_the_register_is_no_whole_school(
    school: SchoolRows, missing: tuple[str, ...]
) -> None:
    """A file that lacks a child, or names nobody out of scope, or that others cannot tell."""
    here = [child for child in (ANN, BEN, CAT, DAN, EVE) if child not in missing]
    marks = {child: {"16": "/\\"} for child in here}
    files = with_others(with_marks(marks, without("whole_school_weekly.csv")))
    school.load(files)
    assert (school.ask("from raw_school_week") == []) == bool(missing)
    school.load({**files, "whole_school_weekly.csv": GOOD["whole_school_weekly.csv"]})
    assert school.ask("from raw_school_week")


def test_a_school_that_is_all_in_scope_has_no_line_of_its_own(school: SchoolRows) -> None:
    """Its register cannot be told from one that leaves the others out."""
    school.load(without("whole_school_weekly.csv"))
    assert school.ask("from raw_school_week") == []


# Faulty files


def test_a_refused_register_keeps_its_earlier_rows_while_the_rest_loads(school: SchoolRows) -> None:
    """The unit of refusal is the file, and the newest one is named as refused."""
    school.load()
    before = school.marks(ANN)
    faulty = with_cell("attendance.csv", 2, "code", "0", with_line("attendance.csv", 3, "\0"))
    found = school.load(added(CALENDAR, "2026-11-23,school day", faulty))
    assert found.refused_files == {"attendance.csv"}
    assert school.marks(ANN) == before
    days: list[tuple[Any, ...]] = school.ask("select calendar_date, kind from raw_calendar_day")
    assert ("2026-11-23", "school day") in days
    query = """
        select is_refused, problem_count, rows_taken, first_date from raw_source
        where file_name = 'attendance.csv' order by load_id
    """
    assert school.ask(query) == [(False, 0, 25, "2026-11-16"), (True, 2, 0, None)]
