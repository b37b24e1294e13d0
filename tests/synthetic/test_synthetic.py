"""The made-up school: its calendar, its accounts, its cast, its files."""

import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType

import holidays
import polars as pl
import pytest
from typer.testing import CliRunner

from cli.main import app
from queries.contract import (
    ALL_EXPORTS,
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    EXPORTS,
    ROLL,
    WHOLE_SCHOOL_WEEKLY,
    get_category,
)
from synthetic.calendar import (
    build_calendar,
    build_planned_calendar,
    build_register,
    list_bank_holidays,
)
from synthetic.cast.cast import CAST
from synthetic.exports import write_school
from synthetic.population.people import compute_check_letter
from synthetic.school import school as made_up
from synthetic.school.part import AT_A_TIME
from synthetic.school.school import School, make_school

UNTIL = date(2026, 11, 20)

PRESENT = set("/\\LBKPVW")
AUTHORISED = {"C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T"}
UNAUTHORISED = set("GNOU")
NOT_POSSIBLE = {"D", "Q", "X", "Z", "#", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"}

#: By forename: possible, missed, unauthorised, late; 1 September to 20 November 2026.
CAST_FIGURES = {
    "Ruby": (102, 5, 0, 0),
    "Mason": (102, 14, 8, 8),
    "Freya": (100, 10, 0, 6),
    "Jayden": (102, 14, 6, 2),
    "Leo": (102, 4, 0, 0),
    "Poppy": (64, 5, 1, 0),
    "Theodore": (16, 1, 0, 0),
    "Alfie": (102, 39, 0, 0),
    "Isla": (102, 13, 7, 4),
    "Kai": (102, 6, 4, 0),
    "Grace": (102, 2, 0, 0),
    "Oscar": (102, 12, 0, 3),
}


@pytest.fixture(scope="module")
def school() -> School:
    return make_school(7)


def marks_of(school: School, upn: str) -> pl.DataFrame:
    return school.frames[ATTENDANCE.name].filter(pl.col("upn") == upn)


def this_year(marks: pl.DataFrame) -> pl.DataFrame:
    return marks.filter(pl.col("date").is_between(date(2026, 9, 1), UNTIL))


def counts(codes: list[str]) -> tuple[int, int]:
    """Possible and absent sessions."""
    absent = sum(code in AUTHORISED or code in UNAUTHORISED for code in codes)
    return sum(code in PRESENT for code in codes) + absent, absent


# the calendar


def test_bank_holidays_are_those_of_the_holidays_package() -> None:
    for year in range(2020, 2031):
        theirs = holidays.country_holidays("GB", subdiv="ENG", years=year)
        assert list_bank_holidays(year) == {day for day in theirs if day.weekday() < 5}


@pytest.mark.parametrize("start", range(2016, 2036))
def test_a_year_has_190_school_days_five_inset_days_and_ends_in_july(start: int) -> None:
    planned = build_planned_calendar(start)
    tally = Counter(planned.values())
    assert (tally["school day"], tally["INSET"], tally["closed"]) == (190, 5, 1)
    worked = [day for day, kind in planned.items() if kind != "holiday"]
    assert date(start, 9, 1) <= worked[0] <= date(start, 9, 4)
    assert date(start + 1, 7, 17) <= worked[-1] <= date(start + 1, 7, 27)
    assert all(day.weekday() < 5 for day in worked)
    assert not set(worked) & (list_bank_holidays(start) | list_bank_holidays(start + 1))
    known = Counter(build_calendar(start, start, date(start + 1, 8, 31)).values())
    assert (known["school day"], known["closed"]) == (189, 2)


def test_the_calendar_holds_the_whole_year_but_not_the_snow_to_come() -> None:
    before = build_calendar(2025, 2025, date(2026, 1, 18))
    after = build_calendar(2025, 2025, date(2026, 1, 19))
    assert list(before) == list(after) == list(build_planned_calendar(2025))
    assert (min(before), max(before)) == (date(2025, 9, 1), date(2026, 8, 31))
    changed = {day for day in before if before[day] != after[day]}
    assert changed == {date(2026, 1, 19)}
    assert after[date(2026, 1, 19)] == "closed"


# the accounts


def test_every_child_has_one_mark_for_each_session_on_roll(school: School) -> None:
    shown = date(2026, 11, 27)
    days = [
        day for start in (2024, 2025, 2026) for day in build_register(start).days if day <= shown
    ]
    marks = school.frames[ATTENDANCE.name]
    assert marks.select("upn", "date", "session").is_duplicated().sum() == 0
    found = dict(marks.group_by("upn").agg(pl.col("date").unique().sort()).iter_rows())
    for row in school.frames[ROLL.name].iter_rows(named=True):
        last = row["leaving_date"] or shown
        assert found[row["upn"]] == [day for day in days if row["entry_date"] <= day <= last]
    assert len(marks) == 2 * sum(len(dates) for dates in found.values())
    assert len(found) == len(school.frames[ROLL.name])


def test_codes_are_valid_few_are_blank_and_closed_days_have_no_other(school: School) -> None:
    marks = school.frames[ATTENDANCE.name].join(school.frames[CALENDAR.name], on="date")
    assert len(marks) == len(school.frames[ATTENDANCE.name])
    codes = set(marks["code"].drop_nulls())
    assert codes <= PRESENT | AUTHORISED | UNAUTHORISED | NOT_POSSIBLE
    assert {"/", "\\", "U", "C2", *"LIMOGNCERVBP"} <= codes
    assert set(marks.filter(kind="closed")["code"]) == {"#", "Y4"}
    behind = marks.filter(pl.col("date") <= UNTIL)
    assert 0 < behind["code"].null_count() < len(behind) / 1000


def test_the_roll_stays_near_280_with_leavers_and_joiners(school: School) -> None:
    roll = school.frames[ROLL.name]
    for day in (date(2024, 10, 1), date(2025, 5, 1), date(2026, 2, 2), UNTIL):
        here = roll.filter(pl.col("entry_date") <= day).filter(
            pl.col("leaving_date").is_null() | (pl.col("leaving_date") >= day)
        )
        assert 270 <= len(here) <= 281
    assert set(roll["year_group"]) == {"3", "4", "5", "6"}
    assert roll["upn"].n_unique() == len(roll)
    assert all(upn[1:4] == "001" and compute_check_letter(upn[1:]) == upn[0] for upn in roll["upn"])
    assert roll.filter(pl.col("entry_date").dt.month() != 9).height > 10
    assert roll.filter(pl.col("leaving_date") > UNTIL).is_empty()


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_half_of_the_children_in_scope_are_looked_after(seed: int) -> None:
    """By the newest period of each; what periods hold is checked by test_children.py."""
    care = make_school(seed).frames[CARE_EPISODES.name]
    newest = {row["upn"]: row["status"] for row in care.iter_rows(named=True)}
    assert Counter(newest.values()) == {
        "looked after": 12,
        "previously looked after": 5,
        "in need": 4,
        "on a protection plan": 3,
    }


# the same again


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder, seed in zip(folders, (7, 7, 8), strict=True):
        write_school(folder, seed=seed, years=1, dirty=True)
    first, second, other = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders
    )
    assert first == second
    assert {name for name in first if first[name] != other[name]} >= {ROLL.name, ATTENDANCE.name}


def test_several_processes_draw_what_one_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A school of two parts has the same rows, in the same order."""
    one = make_school(7, 900, years=1).frames
    monkeypatch.setattr(made_up, "_FEW", 1)
    # a new process imports the main module again, which a test of a page has put in its place
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    several = make_school(7, 900, years=1).frames
    assert len(one[ROLL.name]) > AT_A_TIME
    assert all(frame.equals(several[name]) for name, frame in one.items())


def test_a_school_without_the_cast_has_as_many_children(school: School, tmp_path: Path) -> None:
    """Others have their places, so that schools of several seeds can be put together."""
    assert CliRunner().invoke(app, ["synth", "--out", str(tmp_path), "--no-cast"]).exit_code == 0
    without, cast = (pl.read_csv(tmp_path / CARE_EPISODES.name), {each.upn for each in CAST})
    assert without["upn"].n_unique() == school.frames[CARE_EPISODES.name]["upn"].n_unique() == 24
    assert cast.isdisjoint(pl.read_csv(tmp_path / ROLL.name)["upn"])


def test_a_week_later_only_unknown_reasons_have_changed() -> None:
    keys = ["upn", "date", "session"]
    week_before = make_school(7, years=1, until=date(2026, 11, 13)).frames[ATTENDANCE.name]
    now = make_school(7, years=1).frames[ATTENDANCE.name]
    past = week_before.filter(pl.col("date") <= date(2026, 11, 13))
    both = past.join(now, on=keys, suffix="_now")
    assert len(both) == len(past)
    changed = both.filter(pl.col("code").ne_missing(pl.col("code_now")))
    assert len(changed) > 5
    assert set(changed["code"]) == {"N"}
    assert set(changed["code_now"]) <= {"I", "O", "G"}


# the cast


def test_the_cast_stands_first_and_its_figures_are_those_of_its_stories(school: School) -> None:
    upns = school.frames[ROLL.name]["upn"].to_list()
    assert upns[:12] == [member.upn for member in CAST]
    for member in CAST:
        codes = this_year(marks_of(school, member.upn))["code"].to_list()
        unauthorised = sum(code in UNAUTHORISED for code in codes)
        figures = (*counts(codes), unauthorised, codes.count("L"))
        assert figures == CAST_FIGURES[member.person.forename], member.person.forename


def test_the_cast_has_the_same_marks_in_every_school(school: School) -> None:
    """On the days of the stories on which both are open: each has closures of its own."""
    other = make_school(11, years=1)
    assert other.frames[ROLL.name]["upn"].to_list()[:12] == [member.upn for member in CAST]
    both = this_year(other.frames[ATTENDANCE.name]).join(
        this_year(school.frames[ATTENDANCE.name]), on=["upn", "date", "session"]
    )
    both = both.filter(pl.col("upn").is_in([member.upn for member in CAST]))
    both = both.filter(pl.col("code_right") != "Y4")
    assert both.height > 10 * 90
    assert both.filter(pl.col("code") != pl.col("code_right")).is_empty()


# edges


@pytest.mark.slow
@pytest.mark.parametrize("children", [0, 1, 2, 12, 30, 2000])
def test_any_number_of_children_can_be_in_scope(children: int) -> None:
    frames = make_school(3, children, years=1).frames
    assert frames[CARE_EPISODES.name]["upn"].n_unique() == children
    assert set(frames[CARE_EPISODES.name]["upn"]) <= set(frames[ROLL.name]["upn"])
    assert len(frames[ROLL.name]) >= max(280, children)


@pytest.mark.parametrize(
    ("until", "ahead"),
    [
        (date(2026, 11, 18), [date(2026, 11, 19), date(2026, 11, 20)]),  # a Wednesday
        (date(2026, 9, 1), [date(2026, 9, 3), date(2026, 9, 4)]),  # before the first day
        (date(2026, 8, 10), []),  # the summer holiday
        (date(2026, 12, 20), [date(2027, 1, day) for day in range(5, 9)]),  # Christmas
    ],
)
def test_any_day_can_be_the_last(until: date, ahead: list[date]) -> None:
    marks = make_school(7, years=2, until=until).frames[ATTENDANCE.name]
    days = marks.filter(pl.col("date") > until)
    assert sorted(set(days["date"])) == ahead
    assert days["code"].null_count() == len(days)


# the files


def test_the_files_are_those_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / WHOLE_SCHOOL_WEEKLY.name).write_text("from an earlier run")
    write_school(tmp_path, years=1)
    exports = [
        export
        for export in ALL_EXPORTS
        if export is not WHOLE_SCHOOL_WEEKLY and not get_category(export).is_off_at_first
    ]
    assert {path.name for path in tmp_path.iterdir()} == {export.name for export in exports}
    for export in exports:
        data = (tmp_path / export.name).read_bytes()
        assert data.decode("utf-8").split("\n")[0] == ",".join(export.header)
        assert data.endswith(b"\n")
        assert b"\r" not in data


def test_a_file_that_may_not_be_empty_is_left_out_when_it_is(tmp_path: Path) -> None:
    write_school(tmp_path, children=0, years=1)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {export.name for export in EXPORTS[:5]}
    assert (tmp_path / CARE_EPISODES.name).read_text(encoding="utf-8").count("\n") == 1
