"""A year of Mondays: the page asks nothing from the second on, and each load adds its week."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.bring_in import desk as desks
from dashboard.bring_in.desk import Desk, Preview
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
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, rng, size

pytestmark = pytest.mark.slow

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
#: The summer after, so that no day is ahead.
_NOW = datetime(2027, 8, 1, 7, tzinfo=UTC)


def bring(home: SmallHome, files: dict[str, bytes]) -> tuple[bool, Preview]:
    """Bring files in as the page does: return whether it asked anything, and what it showed."""
    desk = Desk(Home.open(home.folder), "Office", "manager", None)
    tables = desk.list_own_tables(files, {})
    for table in tables:
        assert table.proposal.questions == ()
        desk.keep_mapping(table)
    shown = desk.preview(files, "")
    assert shown.problems == ()
    desk.load(files, "", lambda _: None)
    return bool(tables), shown


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[SmallHome, SmallHome]:
    """Two schools, alike and empty."""
    made = []
    for name in ("by week", "at once"):
        (tmp_path / name).mkdir()
        made.append(SmallHome(tmp_path / name))
        monkeypatch.setenv("LAC_KEYS", made[-1].environ["LAC_KEYS"])
        Keys.create(create_demo(made[-1].folder), made[-1].environ)
    monkeypatch.setattr(desks, "get_utc_now", lambda: _NOW)
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


def test_a_year_of_mondays_is_one_load_of_the_last_state(
    homes: tuple[SmallHome, SmallHome], monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """With corrections, a late file and an older one; the control leaves the corrections out.

    Each Monday says which roll is used; of a corrected week, that earlier rows change.
    """
    by_week, at_once = homes
    draw = rng("mondays")
    weeks = list_weeks(max(size("registers.mondays"), _FEWEST_WEEKS))
    days = [day for week in weeks for day in week]
    school = write_school(days)
    marks = {
        (child, day, half): draw.choice(["/" if half == "AM" else "\\"] * 9 + ["I"])
        for child in _SCHOOL
        for day in days
        for half in ("AM", "PM")
    }
    first, late, asked = dict(marks), write_week(marks, weeks[3]), list[bool]()
    monkeypatch.setenv("LAC_KEYS", by_week.environ["LAC_KEYS"])

    def load(files: dict[str, bytes], *, changes: bool = False, is_older: bool = False) -> None:
        was_asked, shown = bring(by_week, files)
        asked.append(was_asked)
        roll = "The roll used is the one loaded on 1 August 2027."
        assert (roll in shown.checked.notes) == (len(asked) > 1)
        assert bool(shown.changed_children) == changes
        assert any("was already loaded" in line for line in shown.older) == is_older

    for number, week in enumerate(weeks):
        files = write_week(marks, week)
        if number == 3:  # it comes a week late
            continue
        load(files | (school if number == 0 else {}))
        if number == 4:
            load(late)
        if number % 3 == 2:
            correct_some(marks, week, draw)
            corrected = write_week(marks, week)
            load(corrected, changes=True)
            if number == 2:
                load(files, changes=True, is_older=True)
                load(corrected, changes=True, is_older=True)
    by_week_facts = by_week.answers(_FACTS)
    monkeypatch.setenv("LAC_KEYS", at_once.environ["LAC_KEYS"])
    bring(at_once, {**write_week(marks, days), **school})
    at_once_facts = at_once.answers(_FACTS)
    broken = sum(by_week_facts[name] != at_once_facts[name] for name in _FACTS)
    assert first != marks
    bring(at_once, write_week(first, days))
    control = at_once.answers(_FACTS) != by_week_facts
    count("mondays", len(asked), broken + sum(asked[1:]), int(control))
    assert by_week_facts == at_once_facts
    assert asked == [True] + [False] * (len(asked) - 1)
    assert control


def correct_some(marks: Marks, week: list[date], draw: random.Random) -> None:
    """The office corrects some marks of a week."""
    for child in _SCHOOL[::3]:
        marks[child, draw.choice(week), "AM"] = "L"
