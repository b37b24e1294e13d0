"""A load from folder to home: what comes in, what stays, what is refused, what can be undone."""

import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from intake.check.check import check_exports
from intake.check.upn import compute_check_letter
from intake.problems import IntakeError
from intake.publish import files as build
from intake.publish.load import PHASES, LoadResult, load_exports, rebuild_store, undo_load
from intake.read.read import read_exports
from queries.contract import ROLL
from queries.errors import StoreError
from queries.store import store, versions
from queries.views import views
from safeguards.access import access
from safeguards.errors import HomeError, SafeguardsError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
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
    write,
)
from tests.support.schools.homes import keys_at
from tests.support.schools.small_home import first_load
from tests.support.sizes import rng, size

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
DAN, EVE = upn(4), upn(5)
_REAL = compute_check_letter("201999926001") + "201999926001"


class School:
    """A home and the folder that is loaded into it."""

    def __init__(self, root: Path) -> None:
        self.folder, self.home_folder = root / "exports", root / "home"
        self.environ = keys_at(self.home_folder)

    def load(self, files: Files = GOOD, *, is_copied: bool = True, **options: Any) -> LoadResult:
        """Load these files and no others; by default a first one of the good files is copied."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        write(files, self.folder)
        if is_copied and not (self.home_folder.exists() or options) and files == GOOD:
            return first_load(self.home_folder)
        return load_exports(
            self.folder,
            self.home_folder,
            rng=random.Random(1),
            environ=self.environ,
            **{"now": NOW, **options},
        )

    @property
    def home(self) -> Home:
        return Home.open(self.home_folder)

    def rows(self, query: str, as_at: str = "2026-11-20") -> list[tuple[Any, ...]]:
        """The answer of the version in use; dates as text."""
        return self.answers({"": query}, as_at)[""]

    def answers(
        self, queries: dict[str, str], as_at: str = "2026-11-20"
    ) -> dict[str, list[tuple[Any, ...]]]:
        """The answers of the version in use to several questions."""
        path = versions.find_current_version(self.home.store)
        assert path is not None
        with build.open_version(path, Keys.load(self.home, self.environ).store) as opened:
            rows = {
                name: opened.read(query, as_at=date.fromisoformat(as_at)).rows()
                for name, query in queries.items()
            }
        return {
            name: [
                tuple(str(value) if isinstance(value, date) else value for value in row)
                for row in answer
            ]
            for name, answer in rows.items()
        }

    def of(self, child: str) -> str:
        """The pseudonym of a child."""
        record = Vault.open(self.home, Keys.load(self.home, self.environ)).find_by_upn(child)
        assert record is not None
        return record.pupil_id

    def marks(self, child: str) -> dict[str, str]:
        """A child's marks by day and half, such as 16 AM."""
        query = f"""
            select strftime(session_date, '%d ') || half, code from raw_mark
            semi join (from raw_pupil where pupil_id = '{self.of(child)}') using (pupil_key)
        """
        return dict(self.rows(query))

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that a load brings, but for which load and file it came from."""
        tables = {
            "raw_school": "school_id, school_name, phase",
            "raw_calendar_day": "calendar_date, kind",
            "raw_pupil": "pupil_id, handle, is_on_newest_roll",
            "raw_enrolment": "pupil_key, entry_date, leaving_date, year_group, year_group_date",
            "raw_care_episode": "pupil_key, status, start_date, known_since, end_date, authority",
            "raw_mark": "pupil_key, session_date, half, code",
            "raw_school_week": "week_start, school_days, possible_sessions",
        }
        return self.answers(
            {
                table: f"select {columns} from {table} order by all"
                for table, columns in tables.items()
            }
        )


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


def register(marks: dict[str, dict[str, str]]) -> str:
    """attendance.csv of children and November days: two codes a day, - for a blank."""
    lines = ["upn,date,session,code"]
    for child, days in marks.items():
        for day, pair in days.items():
            codes = pair.split(",") if "," in pair else list(pair)
            for half, code in zip(("AM", "PM"), codes, strict=True):
                lines.append(f"{child},2026-11-{day},{half},{'' if code == '-' else code}")
    return "\n".join(lines) + "\n"


def with_marks(marks: dict[str, dict[str, str]], files: Files = GOOD) -> Files:
    return {**files, "attendance.csv": register(marks)}


def with_others(files: Files = GOOD) -> Files:
    """The same school with two children who are in none of the groups."""
    for child, name in ((DAN, "Dan"), (EVE, "Eve")):
        row = f"{child},Low,{name},,03/03/2018,M,3,3B,02/09/2025,,,,"
        files = added("roll.csv", row, files)
    return files


# What a load makes


@pytest.mark.slow
def test_an_absent_home_is_made_as_a_demo_home(school: School) -> None:
    """Made-up data is all that this version takes, so a new home is for made-up children."""
    outcome = school.load(is_copied=False)
    assert school.home.is_demo
    assert (outcome.version, outcome.children, outcome.problems) == ("store-1.duckdb", 3, ())
    assert outcome.data_until == date(2026, 11, 18)  # its last full day


@pytest.mark.slow
def test_the_phases_are_told_in_their_order(school: School) -> None:
    """Progress hears of every phase once, as it begins."""
    told: list[str] = []
    school.load(progress=told.append)
    assert tuple(told) == PHASES


@pytest.mark.slow
def test_only_its_owner_can_read_a_home(school: School) -> None:
    """Files are 0600 and folders 0700 whatever the caller's umask says, but for the store's.

    `lac` itself sets the umask that covers the store as well.
    """
    school.load(is_copied=False)
    for path in (school.home_folder, *school.home_folder.rglob("*")):
        if path.suffix != ".duckdb" and path.name not in ("CURRENT", "load.lock"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


@pytest.mark.slow
def test_the_same_files_again_make_no_new_version(school: School) -> None:
    """Nothing has changed, so nothing is written but nothing is wrong either."""
    school.load()
    outcome = school.load()
    assert outcome.version is None
    assert outcome.problems == ()
    assert [path.name for path in versions.list_versions(school.home.store)] == ["store-1.duckdb"]


def test_the_same_files_with_a_refused_one_make_no_new_version(school: School) -> None:
    """The fault is told again, but the home stays as it is."""
    faulty = with_cell("attendance.csv", 2, "code", "0", with_line("attendance.csv", 3, "\0"))
    assert school.load(faulty).refused_files == ("attendance.csv",)
    outcome = school.load(faulty)
    assert outcome.version is None
    assert [problem.fault for problem in outcome.problems] == ["not allowed", "broken row"]
    assert versions.list_versions(school.home.store)[-1].name == "store-1.duckdb"


@pytest.mark.slow
def test_files_in_a_load_before_the_last_are_new_again(school: School) -> None:
    """Only the newest bytes of a file are `loaded already`: going back to older ones loads."""
    school.load()
    school.load(with_cell("attendance.csv", 2, "code", "I"))
    assert school.load().version == "store-3.duckdb"
    assert school.marks(ANN)["16 AM"] == "/"


# Marks


@pytest.mark.slow
def test_an_n_is_resolved_by_a_later_file(school: School) -> None:
    """The later file's mark stands."""
    school.load()
    assert school.marks(CAT)["17 PM"] == "N"
    school.load({**GOOD, "attendance.csv": GOOD["attendance.csv"].replace("PM,N", "PM,I")})
    assert school.marks(CAT)["17 PM"] == "I"


@pytest.mark.slow
def test_a_mark_that_is_blank_later_is_gone(school: School) -> None:
    """The register at hand tells all of its days: a blank there is no mark."""
    school.load()
    before = school.marks(ANN)
    school.load(with_cell("attendance.csv", 2, "code", ""))
    assert before["16 AM"] == "/"
    assert school.marks(ANN) == {day: code for day, code in before.items() if day != "16 AM"}


@pytest.mark.slow
def test_a_child_whose_marks_are_all_blank_later_has_none(school: School) -> None:
    """Also where the file holds no other mark of the child, or of anybody."""
    school.load(with_marks({ANN: {"16": "/\\"}, BEN: {"16": "/\\"}}))
    school.load(with_marks({ANN: {"16": "--"}, BEN: {"16": "/\\"}}))
    assert (school.marks(ANN), school.marks(BEN)) == ({}, {"16 AM": "/", "16 PM": "\\"})
    school.load(with_marks({BEN: {"16": "--"}}))
    assert school.marks(BEN) == {}


@pytest.mark.slow
def test_marks_outside_the_file_stay(school: School) -> None:
    """Days before and after the file, and children who are not in it, keep their marks."""
    school.load()
    before = {child: school.marks(child) for child in (ANN, BEN)}
    school.load(with_marks({ANN: {"17": "II"}}))
    assert school.marks(ANN) == {**before[ANN], "17 AM": "I", "17 PM": "I"}
    assert school.marks(BEN) == before[BEN]


def test_planned_closures_ahead_are_no_end_of_the_data(school: School) -> None:
    """A future # is stored, but the data end with the last mark that was made."""
    outcome = school.load(with_marks({ANN: {"17": "/\\", "21": "##"}}))
    assert outcome.data_until == date(2026, 11, 17)
    assert school.marks(ANN)["21 PM"] == "#"


@pytest.mark.slow
def test_the_end_of_the_data_does_not_go_back(school: School) -> None:
    """An older week that is loaded late leaves the newest full day where it is."""
    school.load()
    assert school.load(with_marks({ANN: {"16": "/\\"}})).data_until == date(2026, 11, 18)


def test_rows_of_other_children_are_counted_and_dropped(school: School) -> None:
    """Of children out of scope nothing is written, and the number of rows is told."""
    files = with_others(with_marks({ANN: {"16": "/\\"}, DAN: {"16": "/\\", "17": "/I"}}))
    outcome = school.load(files)
    assert outcome.dropped_rows == 4
    assert outcome.marks == 2
    assert school.rows(
        "select rows_read, rows_kept, rows_out_of_scope, first_date, last_date"
        " from raw_source where file_name = 'attendance.csv'"
    ) == [(6, 2, 4, "2026-11-16", "2026-11-17")]


# Other files


@pytest.mark.slow
def test_other_files_merge_by_key_and_delete_nothing_by_silence(school: School) -> None:
    """A row that a newer file leaves out stays; one that it changes is changed."""
    school.load()
    before = school.state()
    files = {
        **GOOD,
        "calendar.csv": "date,kind\n2026-11-16,school day\n2026-11-17,school day\n"
        "2026-11-18,school day\n2026-11-20,school day\n2026-11-23,closed\n",
        "roll.csv": "\n".join(GOOD["roll.csv"].split("\n")[:3]) + "\n",
        "care_episodes.csv": GOOD["care_episodes.csv"].split("\n")[0]
        + f"\n{ANN},looked after,2024-05-01,,2026-11-18,Westmoor,C2,foster\n",
        "attendance.csv": register({ANN: {"16": "/\\"}}),
    }
    assert school.load(files).problems == ()
    after = school.state()
    assert after["raw_calendar_day"] == [*before["raw_calendar_day"], ("2026-11-23", "closed")]
    assert after["raw_enrolment"] == before["raw_enrolment"]
    changed = ("looked after", "2024-05-01", None, "2026-11-18", "Westmoor")
    unchanged = [row[1:] for row in before["raw_care_episode"] if row[2] != "2024-05-01"]
    after_care = [row[1:] for row in after["raw_care_episode"]]
    assert sorted(after_care, key=str) == sorted([*unchanged, changed], key=str)


@pytest.mark.slow
def test_a_child_absent_from_a_newer_roll_stays_and_is_listed(school: School) -> None:
    """Nobody is deleted by silence: the office is asked for a leaving date."""
    school.load()
    newer = without("attendance.csv")
    for name in ("roll.csv", "care_episodes.csv"):
        lines = [line for line in GOOD[name].split("\n") if not line.startswith(BEN)]
        newer[name] = "\n".join(lines)
    school.load(newer)
    listed = school.rows("select pupil_id from check_off_newest_roll")
    assert listed == [(school.of(BEN),)]
    assert len(school.rows("from raw_pupil")) == 3
    assert school.marks(BEN) != {}


@pytest.mark.slow
def test_a_corrected_entry_date_replaces_the_stay_it_contradicts(school: School) -> None:
    """A child is on one roll once a day; an earlier stay that has ended is no contradiction."""
    school.load()
    query = """
        select entry_date from raw_enrolment
        semi join (from raw_pupil where pupil_id = '{}') using (pupil_key) order by entry_date
    """
    school.load({**GOOD, "roll.csv": GOOD["roll.csv"].replace("02/09/2025", "09/09/2025")})
    assert school.rows(query.format(school.of(BEN))) == [("2025-09-09",)]
    assert school.rows(query.format(school.of(CAT))) == [("2023-09-01",), ("2026-09-07",)]


@pytest.mark.slow
def test_year_groups_go_up_with_the_years(school: School) -> None:
    """A roll's year group is of its day: earlier days ask for less, later ones for more."""
    school.load()
    query = f"select year_group from cohort_member where pupil_id = '{school.of(ANN)}'"
    days = ("2024-09-02", "2025-07-31", "2025-09-01", "2026-11-20", "2027-09-03")
    assert [school.rows(query, day) for day in days] == [[(2,)], [(2,)], [(3,)], [(4,)], [(5,)]]
    files = {**GOOD, "calendar.csv": GOOD["calendar.csv"] + "2027-09-02,school day\n"}
    files["roll.csv"] = GOOD["roll.csv"].replace(",F,4,", ",F,6,")
    marks = (
        f"{each},2027-09-02,{half}\n" for each in (ANN, BEN, CAT) for half in ("AM,/", "PM,\\")
    )
    files["attendance.csv"] = "upn,date,session,code\n" + "".join(marks)
    school.load(files, now=datetime(2027, 9, 3, 7, 0, tzinfo=UTC))
    assert school.rows(query, "2027-09-02") == [(6,)]
    assert school.rows(query, "2026-11-20") == [(5,)]


@pytest.mark.slow
def test_pseudonyms_stay_and_a_new_child_gets_a_new_one(school: School) -> None:
    """A child is the same child in every load, whatever else changes on the roll."""
    school.load()
    before = dict(school.rows("select pupil_id, handle from raw_pupil"))
    files = added("care_episodes.csv", f"{DAN},in need,2026-10-01,,,,,", with_others())
    files["roll.csv"] = files["roll.csv"].replace("Smith-Jones", "Smith")
    school.load(files)
    after = dict(school.rows("select pupil_id, handle from raw_pupil"))
    assert before.items() < after.items()
    assert set(after) - set(before) == {school.of(DAN)}
    assert len(set(after.values())) == 4


@pytest.mark.slow
def test_a_child_who_leaves_the_care_file_stays_in_scope(school: School) -> None:
    """Whoever was in scope once is followed on, also by marks that come later."""
    school.load()
    lines = GOOD["care_episodes.csv"].split("\n")
    kept = "\n".join(line for line in lines if not line.startswith(BEN))
    files = {**GOOD, "care_episodes.csv": kept, "attendance.csv": register({BEN: {"20": "I\\"}})}
    school.load(files)
    assert school.marks(BEN)["20 AM"] == "I"


def test_an_empty_care_file_loads(school: School) -> None:
    """A school without any such child has a home as well, and nobody's row in it."""
    header = GOOD["care_episodes.csv"].split("\n", maxsplit=1)[0] + "\n"
    outcome = school.load({**GOOD, "care_episodes.csv": header})
    assert (outcome.children, outcome.marks, outcome.dropped_rows) == (0, 0, 33)
    assert outcome.data_until == date(2026, 11, 18)
    assert school.rows("from cohort_member") == []


def test_one_child_loads(school: School) -> None:
    """One child in scope is enough."""
    header = GOOD["care_episodes.csv"].split("\n", maxsplit=1)[0]
    one = f"{header}\n{BEN},in need,2025-01-10,,,,,\n"
    outcome = school.load({**GOOD, "care_episodes.csv": one})
    assert outcome.children == 1
    assert school.rows("select pupil_id from cohort_member") == [(school.of(BEN),)]


# The whole school's weeks


@pytest.mark.slow
def test_a_whole_register_gives_the_schools_weeks(school: School) -> None:
    """Everybody who counts is summed; the fallback file gives the weeks that are left."""
    marks = {child: {"16": "/\\", "17": "I\\"} for child in (ANN, BEN, CAT, DAN, EVE)}
    outcome = school.load(with_others(with_marks(marks)))
    assert outcome.has_whole_school
    query = """
        select week_start, school_days, possible_sessions, authorised_absent_sessions, file_name
        from raw_school_week left join raw_source using (source_id) order by week_start
    """
    assert school.rows(query) == [
        ("2026-11-09", 5, 2800, 100, "whole_school_weekly.csv"),
        ("2026-11-16", 2, 20, 5, "attendance.csv"),
    ]
    kept = "select rows_kept from raw_source where file_name = 'whole_school_weekly.csv'"
    assert school.rows(kept) == [(1,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "marks",
    [
        {ANN: {"16": "/\\"}, BEN: {"16": "/\\"}, CAT: {"16": "/\\"}},
        {ANN: {"16": "/\\"}, BEN: {"16": "/\\"}, CAT: {"16": "/\\"}, DAN: {"16": "/\\"}},
    ],
    ids=["children in scope only", "one child is missing"],
)
def test_a_part_of_the_register_is_no_whole_school(school: School, marks: Any) -> None:
    """Without everybody there is no line of the school, unless the fallback gives one."""
    files = with_others(with_marks(marks, without("whole_school_weekly.csv")))
    assert not school.load(files).has_whole_school
    weekly = {**files, "whole_school_weekly.csv": GOOD["whole_school_weekly.csv"]}
    assert school.load(weekly).has_whole_school


def test_a_register_of_a_school_that_is_all_in_scope_is_no_whole_school(school: School) -> None:
    """A file that names nobody out of scope cannot be told from one that leaves them out."""
    assert not school.load(without("whole_school_weekly.csv")).has_whole_school


def test_a_school_without_a_register(school: School) -> None:
    """Children and weeks load; the data end with the newest stay or status."""
    outcome = school.load(without("attendance.csv"))
    assert (outcome.children, outcome.marks) == (3, 0)
    assert outcome.data_until == date(2026, 9, 7)
    assert outcome.has_whole_school


# What is refused


@pytest.mark.slow
def test_a_refused_register_keeps_its_earlier_rows_while_the_rest_loads(school: School) -> None:
    """The unit of refusal is the file, and the newest one is named as refused."""
    school.load()
    before = school.marks(ANN)
    faulty = with_cell("attendance.csv", 2, "code", "0", with_line("attendance.csv", 3, "\0"))
    faulty = added("calendar.csv", "2026-11-23,school day", faulty)
    outcome = school.load(faulty)
    assert (outcome.version, outcome.refused_files) == ("store-2.duckdb", ("attendance.csv",))
    assert school.marks(ANN) == before
    assert ("2026-11-23", "school day") in school.state()["raw_calendar_day"]
    query = """
        select is_refused, problem_count, rows_kept, first_date from raw_source
        where file_name = 'attendance.csv' order by load_id
    """
    assert school.rows(query) == [(False, 0, 25, "2026-11-16"), (True, 2, 0, None)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "faulty",
    [
        with_cell("roll.csv", 3, "sex", "X"),
        with_cell("care_episodes.csv", 4, "status", "In needs"),
        without("roll.csv"),
        without("care_episodes.csv"),
    ],
    ids=["roll", "care", "no roll", "no care"],
)
def test_a_refused_roll_or_care_file_refuses_the_load(school: School, faulty: Files) -> None:
    """Who is in scope is then in doubt, so nothing is taken, first load or not."""
    outcome = school.load(faulty)
    assert (outcome.version, len(outcome.problems)) == (None, 1)
    assert not school.home_folder.exists()
    school.load()
    before = school.state()
    assert school.load(added("calendar.csv", "2026-11-23,INSET", faulty)).version is None
    assert school.state() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["school.csv", "calendar.csv"])
def test_school_and_calendar_may_be_those_of_an_earlier_load(school: School, name: str) -> None:
    """They are needed once; later the home's own rows do."""
    assert school.load(without(name)).version is None
    school.load()
    before = school.state()
    files = with_cell("attendance.csv", 2, "code", "I", without(name))
    outcome = school.load(files)
    assert outcome.version == "store-2.duckdb"
    assert [problem.fault for problem in outcome.problems] == ["missing file"]
    assert outcome.refused_files == (name,)
    changed = {"raw_mark"}
    after = school.state()
    assert {table for table in after if after[table] != before[table]} == changed


@pytest.mark.parametrize("name", ["roll.csv", "attendance.csv"])
def test_a_real_authoritys_number_is_refused(school: School, name: str) -> None:
    """A home that a load makes is for made-up children: nothing is written, no number told."""
    for files in (
        added(name, f"{_REAL},Low,Dan,,03/03/2018,M,3,3B,02/09/2025,,,,"),
        added(name, f"{_REAL},2026-11-16,AM,/"),
    ):
        if (",AM," in files[name].split("\n")[-2]) == (name == "attendance.csv"):
            with pytest.raises(IntakeError, match="for made-up children") as told:
                school.load(files)
            assert _REAL not in str(told.value)
    assert not school.home_folder.exists()


def test_a_real_home_is_refused(school: School) -> None:
    """Made-up children have no place in one."""
    school.load()
    description = school.home_folder / "home.toml"
    description.write_text(description.read_text().replace('"demo"', '"real"'))
    with pytest.raises(IntakeError, match="a school's real"):
        school.load(with_cell("attendance.csv", 2, "code", "I"))


def test_a_folder_with_other_things_in_it_is_no_home(school: School) -> None:
    """A path that was mistyped does not get a home among somebody's files."""
    school.home_folder.mkdir()
    (school.home_folder / "letter.txt").write_text("Dear")
    with pytest.raises(HomeError, match="not empty"):
        school.load()
    assert [path.name for path in school.home_folder.iterdir()] == ["letter.txt"]


@pytest.mark.slow
def test_two_loads_at_once(school: School) -> None:
    """The second is refused, and the first goes on undisturbed."""
    school.load()
    with (
        FileLock(school.home_folder / "load.lock"),
        pytest.raises(IntakeError, match="Another load is under way"),
    ):
        school.load(with_cell("attendance.csv", 2, "code", "I"))
    assert school.load(with_cell("attendance.csv", 2, "code", "I")).version == "store-2.duckdb"


@pytest.mark.slow
def test_a_load_within_a_load(school: School) -> None:
    """As above with the real thing: a second load begins while the first builds its store."""
    refused: list[str] = []

    def second(phase: str) -> None:
        if phase == "store":
            with pytest.raises(IntakeError, match="under way"):
                load_exports(school.folder, school.home_folder, now=NOW, environ=school.environ)
            refused.append(phase)

    assert school.load(progress=second).version == "store-1.duckdb"
    assert refused == ["store"]


# --replace


@pytest.mark.slow
def test_replace_drops_a_files_earlier_rows(school: School) -> None:
    """It shows how many rows go, and asks, before it does."""
    school.load()
    shown: list[dict[str, int]] = []

    def yes(rows: dict[str, int]) -> bool:
        shown.append(rows)
        return True

    files = with_marks({ANN: {"17": "II"}, BEN: {"17": "--"}})
    outcome = school.load(files, replace=["attendance.csv"], confirm=yes)
    assert shown == [{"attendance.csv": 25}]
    assert outcome.replaced_rows == {"attendance.csv": 25}
    assert (school.marks(ANN), school.marks(BEN)) == ({"17 AM": "I", "17 PM": "I"}, {})


@pytest.mark.slow
def test_replace_of_the_roll_takes_a_child_out(school: School) -> None:
    """A child of whom no stay is left is left out with marks and episodes."""
    school.load()
    lines = [line for line in GOOD["roll.csv"].split("\n") if not line.startswith(BEN)]
    cares = [line for line in GOOD["care_episodes.csv"].split("\n") if not line.startswith(BEN)]
    files = without("attendance.csv", {**GOOD, "roll.csv": "\n".join(lines)})
    files["care_episodes.csv"] = "\n".join(cares)
    ben = school.of(BEN)
    assert school.load(files, replace=["roll.csv"]).children == 2
    assert ben not in [row[0] for row in school.rows("select pupil_id from raw_pupil")]
    assert len(school.rows("select distinct pupil_key from raw_mark")) == 2


@pytest.mark.slow
def test_replace_that_is_refused_changes_nothing(school: School) -> None:
    """Whoever is asked and says no has the home as it was."""
    school.load()
    before = school.state()
    with pytest.raises(IntakeError, match="Nothing was changed"):
        school.load(
            with_marks({ANN: {"17": "II"}}), replace=["attendance.csv"], confirm=lambda _: False
        )
    assert school.state() == before
    assert len(versions.list_versions(school.home.store)) == 1


@pytest.mark.slow
def test_replace_with_a_faulty_file_changes_nothing(school: School) -> None:
    """Rows go only where others can take their place."""
    school.load()
    before = school.state()
    outcome = school.load(with_cell("attendance.csv", 2, "code", "0"), replace=["attendance.csv"])
    assert (outcome.version, outcome.left_out_rows) == (None, {})
    assert len(outcome.problems) == 1
    with pytest.raises(IntakeError, match=r"attendance\.csv is not among .* its earlier rows stay"):
        school.load(without("attendance.csv"), replace=["attendance.csv"])
    with pytest.raises(IntakeError, match=r"that the store keeps, not marks\.csv"):
        school.load(replace=["marks.csv"])
    assert school.state() == before


# Undo, rebuild


@pytest.mark.slow
def test_undo_goes_back_one_version(school: School) -> None:
    """To the load before; then there is none left, and a new load follows from there."""
    school.load()
    before = school.state()
    school.load(with_cell("attendance.csv", 2, "code", "I"))
    assert undo_load(school.home, school.environ) == "store-1.duckdb"
    assert school.state() == before
    with pytest.raises(IntakeError, match="no earlier version"):
        undo_load(school.home, school.environ)
    assert school.state() == before
    school.load(with_cell("attendance.csv", 2, "code", "L"))
    assert school.marks(ANN)["16 AM"] == "L"


@pytest.mark.slow
def test_undo_can_leave_a_damaged_version_but_not_go_to_one(school: School) -> None:
    """The version before the damage is what undo is for."""
    school.load()
    before = school.state()
    school.load(with_cell("attendance.csv", 2, "code", "I"))
    newest = versions.find_current_version(school.home.store)
    assert newest is not None
    newest.write_bytes(b"damaged" * 1000)
    undo_load(school.home, school.environ)
    assert school.state() == before
    school.load(with_cell("attendance.csv", 2, "code", "I"))
    (school.home.store / "store-1.duckdb").write_bytes(b"damaged" * 1000)
    with pytest.raises(IntakeError, match="no earlier version"):
        undo_load(school.home, school.environ)


@pytest.mark.slow
def test_a_session_sees_each_version_though_a_number_comes_twice(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After undo and a load, store-2 is another file: a running dashboard reads the new one."""
    monkeypatch.setenv("LAC_KEYS", school.environ["LAC_KEYS"])

    def codes() -> list[Any]:
        session = access.open(school.home_folder, actor="a", role="dsl", purpose="test")
        query = "select code from pupil_session where pupil_id = $id and half = 'AM' order by all"
        return session.read(query, {"id": school.of(ANN)})["code"].to_list()

    school.load(with_marks({ANN: {"16": "/\\"}}))
    assert codes() == ["/"]
    for code in ("I", "L"):
        write(with_marks({ANN: {"16": f"{code}\\"}}), school.folder)
        assert load_in_a_child(school).returncode == 0
        assert codes() == [code]
        undo_load(school.home, school.environ)
        assert codes() == ["/"]


@pytest.fixture
def other_definitions(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called, it makes this code's definitions others than those of the stores there are."""
    digest = views.compute_definitions_digest()

    def change() -> None:
        monkeypatch.setattr(views, "compute_definitions_digest", lambda: f"{digest[:-1]}-")

    return change


@pytest.mark.slow
def test_a_store_of_other_definitions_is_rebuilt(
    school: School, other_definitions: Callable[[], None]
) -> None:
    """The facts stay; the views are this code's; a second time there is nothing to do."""
    school.load()
    before = school.state()
    other_definitions()
    rebuild_store(school.home, school.environ)
    assert (
        versions.find_current_version(school.home.store) == school.home.store / "store-1.1.duckdb"
    )
    assert school.state() == before
    rebuild_store(school.home, school.environ)
    assert len(versions.list_versions(school.home.store)) == 2


@pytest.mark.slow
def test_the_same_files_load_again_under_other_definitions(
    school: School, other_definitions: Callable[[], None]
) -> None:
    """`Loaded already` holds only while the views are this code's."""
    school.load()
    other_definitions()
    assert school.load().version == "store-2.duckdb"


@pytest.mark.slow
def test_undo_after_a_rebuild_still_undoes_the_load(
    school: School, other_definitions: Callable[[], None]
) -> None:
    """A rebuild amends a load: the version that it was made from is not the load before."""
    school.load()
    before = school.state()
    school.load(with_cell("attendance.csv", 2, "code", "I"))
    other_definitions()
    rebuild_store(school.home, school.environ)
    assert undo_load(school.home, school.environ) == "store-1.duckdb"
    rebuild_store(school.home, school.environ)
    assert school.state() == before


def test_a_store_of_a_newer_schema_is_refused(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older lac does not guess what a newer one wrote."""
    with monkeypatch.context() as newer:
        newer.setattr(store, "SCHEMA_VERSION", store.SCHEMA_VERSION + 1)
        school.load(is_copied=False)
    with pytest.raises(StoreError, match="newer lac"):
        school.load(with_cell("attendance.csv", 2, "code", "I"))
    with pytest.raises(StoreError, match="newer lac"):
        rebuild_store(school.home, school.environ)


# Cut off and out of room


@pytest.mark.parametrize("made", [(), ("store",), ("store", "vault", "written", "log", "ledger")])
def test_a_home_that_was_cut_off_while_it_was_made(school: School, made: tuple[str, ...]) -> None:
    """Folders without a description are a home half made: the next load makes it whole."""
    school.home_folder.mkdir()
    for name in made:
        (school.home_folder / name).mkdir()
    (school.home_folder / "home.toml.new").write_text("kind")
    assert school.load().version == "store-1.duckdb"


@pytest.mark.slow
@pytest.mark.parametrize("has_public_key", [False, True])
def test_a_home_that_was_cut_off_before_its_keys(school: School, has_public_key: bool) -> None:
    """Keys of which only the public half was left sealed nothing: they are made anew."""
    school.load()
    shutil.rmtree(school.environ["LAC_KEYS"])
    for path in (*school.home.store.iterdir(), school.home.vault / "vault.json"):
        path.unlink()
    if not has_public_key:
        (school.home.vault / "public_key").rename(school.home.vault / "public_key.new")
    assert school.load().version == "store-1.duckdb"


def test_lost_keys_are_not_made_anew(school: School) -> None:
    """New keys would cut every child off from its past: a home in use asks for its own."""
    school.load()
    shutil.rmtree(school.environ["LAC_KEYS"])
    with pytest.raises(SafeguardsError, match="keys of this home are not in"):
        school.load(with_cell("attendance.csv", 2, "code", "I"))


_LIMITED = """
import ctypes
import os
import resource
import signal
import sys
limit = int(sys.argv[1])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
# the superuser's right to write anywhere, which would hide a folder's mode
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "cli.main", "load", *sys.argv[2:]])
"""


def load_in_a_child(school: School, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """`lac load` whose files may have so many bytes, and which no mode is open to by rank."""
    command = [sys.executable, "-c", _LIMITED, str(limit), str(school.folder)]
    return subprocess.run(
        [*command, "--home", str(school.home_folder)],
        env=school.environ,
        capture_output=True,
        text=True,
        check=False,
    )


#: From the first file that is written to nearly all of a store, each a third larger.
_LIMITS = [round(100 * 1.275**step) for step in range(40)]


@pytest.mark.slow
@pytest.mark.parametrize("limit", _LIMITS[:: -(len(_LIMITS) // size("load.disk_limits"))])
def test_a_full_disk_leaves_the_old_store(school: School, limit: int) -> None:
    """Wherever room runs out, it is told in a line, and the version before still opens."""
    school.load()
    before = school.state()
    write(with_cell("attendance.csv", 2, "code", "I", with_others()), school.folder)
    ended = load_in_a_child(school, limit)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert school.state() == before
    assert load_in_a_child(school).returncode == 0
    assert school.marks(ANN)["16 AM"] == "I"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vault", "store", "log", "."])
def test_a_home_that_cannot_be_written(school: School, name: str) -> None:
    """The message names the place, and the version before still opens."""
    school.load()
    before = school.state()
    write(
        added("care_episodes.csv", f"{DAN},in need,2026-10-01,,,,,", with_others()), school.folder
    )
    locked = school.home_folder / name
    places = [path for path in locked.iterdir() if path.is_file()] if name in ("log", ".") else []
    for path in (*places, locked):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        ended = load_in_a_child(school)
    finally:
        locked.chmod(0o700)
        for path in places:
            path.chmod(0o600)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert str(locked.name if name != "." else school.home_folder) in ended.stderr
    assert school.state() == before


def test_nothing_of_the_files_is_kept_in_memory_of_a_version(school: School) -> None:
    """The rows that a version holds are those that a second check of the folder gives."""
    outcome = school.load()
    checked = check_exports(read_exports(school.folder))
    assert outcome.marks == checked.frames["attendance.csv"]["code"].count()
    assert len(school.rows("from raw_enrolment")) == checked.frames[ROLL.name].height


@pytest.mark.slow
def test_with_line_is_what_a_broken_row_costs(school: School) -> None:
    """One broken row is left out alone; of a file that is taken whole, no row comes in."""
    outcome = school.load(with_line("attendance.csv", 2, f'{ANN},2026-11-16,AM,"'))
    assert (outcome.left_out_rows, outcome.marks) == ({"attendance.csv": 1}, 24)
    outcome = school.load(with_line("calendar.csv", 2, "\0"))
    assert outcome.refused_files == ("calendar.csv",)


# What is dated ahead


def _answers(school: School) -> dict[str, Any]:
    """Every mart and check but those that tell of the files themselves."""
    told = ("load_file", "school_load", "check_dated_ahead")
    asked = [
        view.name
        for view in views.load_views().values()
        if view.find_field("Category") and view.name not in told
    ]
    return school.answers({name: f"from {name} order by all" for name in asked})


@pytest.mark.slow
def test_a_mark_dated_ahead_changes_nothing_but_the_warning(tmp_path: Path) -> None:
    """Whoever's it is and whenever: today stays, and the mark is counted and named."""
    ahead = [date(2026, 12, 1) + timedelta(days=n) for n in range(10)]
    calendar = GOOD["calendar.csv"] + "".join(f"{day},school day\n" for day in ahead)
    files = with_others({**GOOD, "calendar.csv": calendar})
    (tmp_path / "plain").mkdir()
    plain = School(tmp_path / "plain")
    plain.load(files)
    expected, until = _answers(plain), plain.rows("select data_until from raw_load")
    draw = rng("ahead")
    for place in range(size("ahead.places")):
        child, day = draw.choice((ANN, BEN, CAT, DAN)), draw.choice(ahead)
        mark = f"{child},{day},{draw.choice(('AM', 'PM'))},{draw.choice('MCIO')}"
        (tmp_path / f"place-{place}").mkdir()
        school = School(tmp_path / f"place-{place}")
        outcome = school.load(added("attendance.csv", mark, files))
        (told,) = outcome.ahead
        assert (told.file, told.number, told.last_day) == ("attendance.csv", 1, day)
        assert _answers(school) == expected, mark
        assert school.rows("select data_until from raw_load") == until
        assert len(school.rows("from check_dated_ahead")) == (child != DAN)
