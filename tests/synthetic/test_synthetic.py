"""The made-up school: its calendar, its accounts, its cast, its files."""

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import holidays
import polars as pl
import pytest

from queries.contract import (
    ALL_EXPORTS,
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    EXPORTS,
    FAULTS,
    ROLL,
    WHOLE_SCHOOL_WEEKLY,
    get_category,
)
from synthetic import CAST, FAULTS_FILE, School, compute_check_letter, make_school, write_exports
from synthetic.calendar import (
    build_calendar,
    build_planned_calendar,
    build_register,
    list_bank_holidays,
)
from synthetic.population.personas import PERSONA_CHANCES

UNTIL = date(2026, 11, 20)

PRESENT = set("/\\LBKPVW")
AUTHORISED = {"C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T"}
UNAUTHORISED = set("GNOU")
NOT_POSSIBLE = {"D", "Q", "X", "Z", "#", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"}
NEW_IN_2024 = {"K", "Q", "C1", "C2", "J1", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"}

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


def member_upn(forename: str) -> str:
    return next(member.upn for member in CAST if member.forename == forename)


def counts(codes: list[str]) -> tuple[int, int]:
    """Possible and absent sessions."""
    absent = sum(code in AUTHORISED or code in UNAUTHORISED for code in codes)
    return sum(code in PRESENT for code in codes) + absent, absent


# the calendar


@pytest.mark.parametrize("year", range(2020, 2031))
def test_bank_holidays_are_those_of_the_holidays_package(year: int) -> None:
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


# pupil numbers and personas


@pytest.mark.parametrize("upn", ["A950000178301", "H243278544154", "R674123101121"])
def test_known_pupil_numbers_have_their_check_letter(upn: str) -> None:
    assert compute_check_letter(upn[1:]) == upn[0]


@pytest.mark.parametrize(("digits", "letter"), [("247962919251", "Q"), ("428558133462", "W")])
def test_wrong_check_letters_are_told(digits: str, letter: str) -> None:
    assert compute_check_letter(digits) == letter


@pytest.mark.parametrize("status", PERSONA_CHANCES)
def test_every_status_has_a_persona_for_every_rate(status: str) -> None:
    for percent in range(96):
        assert any(p.lowest <= percent / 100 <= p.highest for p in PERSONA_CHANCES[status])


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


def test_codes_are_valid_and_closed_days_have_no_other(school: School) -> None:
    marks = school.frames[ATTENDANCE.name].join(school.frames[CALENDAR.name], on="date")
    assert len(marks) == len(school.frames[ATTENDANCE.name])
    codes = set(marks["code"].drop_nulls())
    assert codes <= PRESENT | AUTHORISED | UNAUTHORISED | NOT_POSSIBLE
    assert {
        "/",
        "\\",
        "L",
        "I",
        "M",
        "O",
        "U",
        "G",
        "N",
        "C",
        "C2",
        "E",
        "R",
        "V",
        "B",
        "P",
    } <= codes
    closed = marks.filter(pl.col("kind") == "closed")
    assert set(closed["code"]) == {"#", "Y4"}
    assert set(marks["kind"]) == {"school day", "closed"}
    assert marks.filter(code="/")["session"].unique().to_list() == ["AM"]
    assert marks.filter(code="\\")["session"].unique().to_list() == ["PM"]
    assert marks.filter(code="U")["session"].unique().to_list() == ["AM"]


def test_before_2024_only_the_codes_of_that_time_are_used() -> None:
    marks = make_school(7, until=date(2025, 3, 5)).frames[ATTENDANCE.name]
    old = set(marks.filter(pl.col("date") < date(2024, 8, 19))["code"].drop_nulls())
    assert "Y" in old
    assert not old & NEW_IN_2024
    assert "Y" not in set(marks.filter(pl.col("date") >= date(2024, 8, 19))["code"])


def test_marks_after_the_last_day_are_blank_and_few_before(school: School) -> None:
    marks = school.frames[ATTENDANCE.name]
    ahead = marks.filter(pl.col("date") > UNTIL)
    assert ahead["date"].n_unique() == 5
    assert ahead["code"].null_count() == len(ahead)
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
def test_periods_of_care_do_not_overlap_and_half_are_looked_after(seed: int) -> None:
    care = make_school(seed).frames[CARE_EPISODES.name]
    assert care["upn"].n_unique() == 24
    periods = defaultdict(list)
    for row in care.iter_rows(named=True):
        start = (
            row["known_since"] if row["start"] == "unknown" else date.fromisoformat(row["start"])
        )
        assert (row["known_since"] is not None) == (row["start"] == "unknown")
        assert start < (row["end"] or date.max)
        is_looked_after = row["status"] == "looked after"
        assert (row["legal_status"] is not None) == is_looked_after
        assert (row["home"] is not None) == is_looked_after
        assert row["authority"] is not None or row["status"] == "previously looked after"
        periods[row["upn"]].append((start, row["end"] or date.max, row["status"]))
    for rows in periods.values():
        assert all(rows[n][1] <= rows[n + 1][0] for n in range(len(rows) - 1))
    present = Counter(rows[-1][2] for rows in periods.values())
    assert present == {
        "looked after": 12,
        "previously looked after": 5,
        "in need": 4,
        "on a protection plan": 3,
    }


# the same again


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder, seed in zip(folders, (7, 7, 8), strict=True):
        write_exports(make_school(seed, years=1), folder, dirty=True)
    first, second, other = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders
    )
    assert first == second
    assert {name for name in first if first[name] != other[name]} >= {ROLL.name, ATTENDANCE.name}


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


@pytest.mark.parametrize("seed", [7, 11])
def test_the_cast_stands_first_and_its_figures_are_those_of_its_stories(seed: int) -> None:
    school = make_school(seed, years=1)
    upns = school.frames[ROLL.name]["upn"].to_list()
    assert upns[:12] == [member.upn for member in CAST]
    for member in CAST:
        codes = this_year(marks_of(school, member.upn))["code"].to_list()
        unauthorised = sum(code in UNAUTHORISED for code in codes)
        figures = (*counts(codes), unauthorised, codes.count("L"))
        assert figures == CAST_FIGURES[member.forename], member.forename


def test_freya_is_at_ten_per_cent_of_her_own_possible_sessions(school: School) -> None:
    codes = this_year(marks_of(school, member_upn("Freya")))["code"].to_list()
    possible, absent = counts(codes)
    assert 10 * absent == possible
    assert codes.count("Y1") == 2


def test_jayden_misses_mondays_only(school: School) -> None:
    marks = this_year(marks_of(school, member_upn("Jayden")))
    missed = marks.filter(pl.col("code").is_in(AUTHORISED | UNAUTHORISED))
    assert set(missed["date"].dt.weekday()) == {1}


def test_islas_reasons_are_overdue_and_kais_come_later(school: School) -> None:
    later = make_school(7, years=1, until=date(2026, 11, 27))
    days = {"Isla": [date(2026, 11, 2), date(2026, 11, 3)], "Kai": [date(2026, 11, 19), UNTIL]}
    for name, until_now in days.items():
        waiting = marks_of(school, member_upn(name)).filter(code="N")
        assert sorted(set(waiting["date"])) == until_now
    assert this_year(marks_of(later, member_upn("Isla"))).filter(code="N").height == 4
    assert marks_of(later, member_upn("Kai")).filter(code="N").is_empty()


def test_the_episodes_of_the_cast_tell_their_stories(school: School) -> None:
    care = school.frames[CARE_EPISODES.name]
    rows = {name: care.filter(upn=member_upn(name)).rows(named=True) for name in CAST_FIGURES}
    jayden = rows["Jayden"][0]
    assert (jayden["start"], jayden["known_since"]) == ("unknown", date(2025, 9, 15))
    assert rows["Leo"][1]["start"] == "2026-02-09"
    assert [row["status"] for row in rows["Grace"]][-1] == "previously looked after"
    assert rows["Mason"][-1]["start"] == "2026-10-05"
    roll = {row["upn"]: row for row in school.frames[ROLL.name].iter_rows(named=True)}
    assert roll[member_upn("Theodore")]["entry_date"] == date(2026, 11, 10)
    assert roll[member_upn("Poppy")]["leaving_date"] == date(2026, 10, 16)
    surnames = Counter(row["surname"] for row in roll.values())
    assert all(surnames[member.surname] == 1 for member in CAST)


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


def test_the_files_are_those_of_the_contract(school: School, tmp_path: Path) -> None:
    (tmp_path / WHOLE_SCHOOL_WEEKLY.name).write_text("from an earlier run")
    write_exports(school, tmp_path)
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
    write_exports(make_school(7, 0, years=1), tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {export.name for export in EXPORTS[:5]}
    assert (tmp_path / CARE_EPISODES.name).read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize("children", [0, 24])
def test_dirt_covers_every_class_but_a_missing_and_an_empty_file(
    children: int, tmp_path: Path
) -> None:
    write_exports(make_school(7, children, years=1), tmp_path, dirty=True)
    with (tmp_path / FAULTS_FILE).open(encoding="utf-8", newline="") as file:
        faults = list(csv.DictReader(file))
    assert len(faults) >= 25
    assert len({tuple(fault.values()) for fault in faults}) == len(faults)
    assert {fault["class"] for fault in faults} == set(FAULTS) - {"missing file", "no rows"}
    for fault in faults:
        lines = (tmp_path / fault["file"]).read_bytes().split(b"\n")
        assert 0 <= int(fault["row"]) <= len(lines) - 1
