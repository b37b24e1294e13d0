"""A year of Mondays by the page's own functions: drop, load, and no question from the second on."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.bring_in import desk as desks
from dashboard.bring_in.desk import Desk
from safeguards.home.home import Home, create_demo
from safeguards.keys.keys import Keys
from tests.support.registers.layouts import (
    CHILDREN,
    Layout,
    Marks,
    Register,
    build_grid,
    list_school_days,
)
from tests.support.registers.read import write_register
from tests.support.schools.homes import keys_at
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, rng, size

_LAYOUT = Layout("Monday", "days over halves, names above", "xlsx", 190, ("names of days",))
_FEWEST_WEEKS = 5
_SHOWN = CHILDREN[:4]
_SCHOOL = CHILDREN[:12]
_FACTS = {
    "marks": "select pupil_key, session_date, half, code from raw_mark order by all",
    "weeks": "select week_start, school_days, possible_sessions, authorised_absent_sessions,"
    " unauthorised_absent_sessions from raw_school_week order by all",
    "stays": "select pupil_key, entry_date, leaving_date, year_group from raw_enrolment order by 1",
}


@dataclass
class Office:
    """A school with a home, and whoever brings its files in on Mondays."""

    root: Path
    home: SmallHome

    @property
    def desk(self) -> Desk:
        return Desk(Home.open(self.home.folder), "Office", "manager", None)

    def bring(self, files: dict[str, bytes]) -> tuple[int, tuple[str, ...]]:
        """Drop and load; how many questions there were, and what was told of older files."""
        questions = 0
        for table in self.desk.list_own_tables(files, {}):
            questions += 1 + len(table.proposal.questions)
            self.desk.keep_mapping(table)
        found = self.desk.preview(files, "")
        assert found.why_not == ""
        assert found.problems == ()
        self.desk.load(files, "", lambda _: None)
        return questions, found.older


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Office, Office]:
    """Two schools, alike and empty."""
    made = []
    for name in ("by week", "at once"):
        (tmp_path / name).mkdir()
        home = SmallHome(tmp_path / name)
        monkeypatch.setenv("LAC_KEYS", keys_at(home.folder)["LAC_KEYS"])
        Keys.create(create_demo(home.folder), home.environ)
        made.append(Office(tmp_path / name, home))
    monkeypatch.setattr(desks, "get_utc_now", lambda: datetime(2027, 8, 1, 7, tzinfo=UTC))
    return made[0], made[1]


def write_week(marks: Marks, days: list[date]) -> dict[str, bytes]:
    rows, first = build_grid(_LAYOUT, marks, _SCHOOL, days)
    made = Register(_LAYOUT, {"Sheet1": rows}, marks, body={"Sheet1": (first, len(rows) - 1)})
    return write_register(made)


def write_school(days: list[date]) -> dict[str, bytes]:
    """The roll, the calendar, the school and who is in care."""
    roll = ["upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date"]
    roll += [f"{child},Made,Up,2017-05-04,F,4,2022-09-05," for child in _SCHOOL]
    care = ["upn,status,start,known_since,end,authority,legal_status,home"]
    care += [f"{child},looked after,2025-03-14,,,Ashmere,C2,foster" for child in _SHOWN]
    texts = {
        "roll.csv": roll,
        "care_episodes.csv": care,
        "calendar.csv": ["date,kind", *(f"{day},school day" for day in days)],
        "school.csv": ["school_id,name,phase", "0019999,Made-up Junior School,junior"],
    }
    return {name: ("\n".join(lines) + "\n").encode() for name, lines in texts.items()}


def list_weeks(number: int) -> list[list[date]]:
    """The school days of so many weeks."""
    days = list_school_days(190)
    mondays = sorted({day - timedelta(day.weekday()) for day in days})[:number]
    return [[day for day in days if monday <= day < monday + timedelta(7)] for monday in mondays]


@pytest.mark.slow
def test_a_year_of_mondays_is_one_load_of_the_last_state(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """With corrections, a late file and an older one; the control leaves the corrections out."""
    by_week, at_once = offices
    draw = rng("mondays")
    weeks = list_weeks(max(size("registers.mondays"), _FEWEST_WEEKS))
    school = write_school([day for week in weeks for day in week])
    marks = {
        (child, day, half): draw.choice(["/" if half == "AM" else "\\"] * 9 + ["I"])
        for child in _SCHOOL
        for week in weeks
        for day in week
        for half in ("AM", "PM")
    }
    first = dict(marks)
    monkeypatch.setenv("LAC_KEYS", by_week.home.environ["LAC_KEYS"])
    asked = []
    late = write_week(marks, weeks[3])
    for number, week in enumerate(weeks):
        files = write_week(marks, week)
        if number == 0:
            questions, _ = by_week.bring({**files, **school})
        elif number == 3:  # it comes a week late
            continue
        else:
            questions, older = by_week.bring(files)
            assert older == ()
        asked.append(questions)
        if number == 4:
            asked.append(by_week.bring(late)[0])
        if number % 3 == 2:
            correct_some(marks, week, draw)
            corrected = write_week(marks, week)
            asked.append(by_week.bring(corrected)[0])
            if number == 2:
                assert by_week.bring(files)[1][0].startswith(
                    "register.xlsx: Sheet1 was loaded before"
                )
                by_week.bring(corrected)
    assert asked[1:] == [0] * (len(asked) - 1)
    monkeypatch.setenv("LAC_KEYS", at_once.home.environ["LAC_KEYS"])
    at_once.bring({**write_week(marks, [day for week in weeks for day in week]), **school})
    found = [each.home.answers(_FACTS) for each in offices]
    broken = sum(found[0][name] != found[1][name] for name in _FACTS)
    assert first != marks
    every = [day for week in weeks for day in week]
    at_once.bring(write_week(first, every))
    control = at_once.home.answers(_FACTS) != found[0]
    count("mondays", len(asked), broken + sum(asked[1:]), control)
    assert found[0] == found[1]
    assert control


def correct_some(marks: Marks, week: list[date], draw: random.Random) -> None:
    """The office corrects some marks of a week."""
    for child in _SCHOOL[::3]:
        marks[child, draw.choice(week), "AM"] = "L"
