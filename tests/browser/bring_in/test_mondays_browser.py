"""A year of Mondays in a browser: drop, Load, and no question from the second on."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

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
from tests.support.web.browsers import NEEDS_BROWSER, settle
from tests.support.web.servers import free_port, started, write_server

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]

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
_THEN = f"""
import datetime
from dashboard.bring_in import desk
desk.get_utc_now = lambda: {_NOW!r}
"""


def bring(page: Page, folder: Path, files: dict[str, bytes]) -> tuple[bool, str]:
    """Drop and load: whether anything was asked, and all that the page said before.

    What is asked stands above, and beside Load that the file would not be loaded.
    """
    for name, content in files.items():
        (folder / name).write_bytes(content)
    page.locator("input[type=file]").set_input_files([folder / name for name in files])
    load = page.get_by_role("button", name="Load these files")
    expect(load).to_be_visible(timeout=60_000)
    settle(page)
    unread = page.get_by_text("Not read yet, so not loaded: register.xlsx: Sheet1. See above.")
    if was_asked := unread.is_visible():
        page.get_by_role("button", name="Yes, always read such files").click()
        expect(unread).to_have_count(0, timeout=60_000)
    expect(load).to_be_visible(timeout=60_000)
    told = page.inner_text("body")
    load.click()
    expect(page.get_by_text("Loaded: 4 children")).to_be_visible(timeout=60_000)
    settle(page)
    return was_asked, told


def load_at_once(home: SmallHome, files: dict[str, bytes]) -> None:
    """The same without a page."""
    desk = Desk(Home.open(home.folder), "Office", "manager", None)
    for table in desk.list_own_tables(files, {}):
        desk.keep_mapping(table)
    assert desk.preview(files, "").problems == ()
    desk.load(files, "", lambda _: None)


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
    browser: Browser, homes: tuple[SmallHome, SmallHome], tmp_path: Path, count: Count
) -> None:
    """With corrections, a late file and an older one; the control leaves the corrections out.

    Each Monday the page says which roll is used; of a corrected week, that earlier rows change.
    """
    by_week, at_once = homes
    draw = rng("mondays")
    weeks = list_weeks(max(size("registers.mondays"), _FEWEST_WEEKS))
    every = [day for week in weeks for day in week]
    school = write_school(every)
    marks = {
        (child, day, half): draw.choice(["/" if half == "AM" else "\\"] * 9 + ["I"])
        for child in _SCHOOL
        for day in every
        for half in ("AM", "PM")
    }
    first, late, asked = dict(marks), write_week(marks, weeks[3]), list[bool]()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    serve = write_server(_THEN, by_week.folder, port, "manager")
    with (
        started(serve, address, keys_at(by_week.folder), tmp_path / "log.txt") as served,
        browser.new_page() as page,
    ):
        page.goto(served.link)

        def load(files: dict[str, bytes], *says: str) -> None:
            was_asked, told = bring(page, tmp_path, files)
            asked.append(was_asked)
            assert ("The roll used is the one loaded on 1 August 2027." in told) == (len(asked) > 1)
            for line in ("was already loaded", "would change or be removed"):
                assert (line in told) == (line in says), told

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
                load(corrected, "would change or be removed")
                if number == 2:
                    load(files, "was already loaded", "would change or be removed")
                    load(corrected, "was already loaded", "would change or be removed")
    load_at_once(at_once, {**write_week(marks, every), **school})
    found = [each.answers(_FACTS) for each in homes]
    broken = sum(found[0][name] != found[1][name] for name in _FACTS)
    assert first != marks
    load_at_once(at_once, write_week(first, every))
    control = at_once.answers(_FACTS) != found[0]
    count("mondays", len(asked), broken + sum(asked[1:]), control)
    assert found[0] == found[1]
    assert asked == [True] + [False] * (len(asked) - 1)
    assert control


def correct_some(marks: Marks, week: list[date], draw: random.Random) -> None:
    """The office corrects some marks of a week."""
    for child in _SCHOOL[::3]:
        marks[child, draw.choice(week), "AM"] = "L"
