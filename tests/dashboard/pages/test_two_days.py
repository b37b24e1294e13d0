"""A real home eight days after its files: the screen is of today, attendance of its register."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from dashboard.server.sessions import ActiveSignIns
from intake.publish import entries
from queries import read, reference
from safeguards.access import access, admission
from safeguards.access.admission import Principal
from safeguards.home.home import Home
from tests.support.schools.good_exports import GOOD
from tests.support.schools.homes import UNTIL, demo_home, keys_at
from tests.support.schools.real_home import BROWSER, PEOPLE, at_one_browser, phrase_of, real_home
from tests.support.schools.small_home import NOW, SmallHome
from tests.support.web.site import Site

#: A Saturday; five school days have no register.
TODAY = UNTIL + timedelta(8)
Open = Callable[[str], Site]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(real_home(tmp_path_factory.mktemp("two-days") / "home", children=12))


@pytest.fixture(autouse=True)
def keys(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAC_KEYS", keys_at(home.folder)["LAC_KEYS"])


def sign_in(home: Home, role: str) -> Principal:
    """Whoever has the role here."""
    return admission.sign_in_with_passphrase(home, PEOPLE[role], phrase_of(PEOPLE[role]))


def session_of(home: Home, role: str) -> access.Session:
    """What the tab of this role asks on that Saturday."""
    return access.open(home.folder, purpose="test", admitted=sign_in(home, role), as_at=TODAY)


@pytest.fixture
def open_at(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[date], Open]:
    """A tab of a role in the home on a day."""

    def at(day: date) -> Open:
        def open_tab(role: str) -> Site:
            presences = ActiveSignIns()
            presences.sign_in(BROWSER, sign_in(home, role))
            at_one_browser(home.folder, monkeypatch, presences)
            monkeypatch.setattr(Home, "find_default_day", lambda *_: day)
            return Site(home.folder, monkeypatch, role)

        return open_tab

    return at


def test_old_files_are_said_above_everything(open_at: Callable[[date], Open]) -> None:
    """On every page, with the way on for whoever may bring files in, and from two days on."""
    said = "Register up to Friday 20 November 2026: 5 school days are missing."
    for role, page in (("dsl", "today"), ("dsl", "plans"), ("pastoral", "children")):
        site = open_at(TODAY)(role).visit(page)
        assert [each.value for each in site.app.warning] == [said]
        buttons = [each.label for each in site.app.button]
        assert ("Bring files in" in buttons) == (role == "dsl")
    assert not open_at(UNTIL + timedelta(4))("dsl").visit("today").app.warning


def test_dates_are_of_today_and_attendance_of_its_register(
    home: Home, open_at: Callable[[date], Open]
) -> None:
    """The next seven days begin today; the week is named; a booking of last week is no more."""
    site = open_at(TODAY)("teacher").visit("today")
    assert "Attendance in the week of Monday 16 November 2026" in site.text
    session = session_of(home, "teacher")
    assert (session.as_at, session.register_day) == (TODAY, UNTIL)
    booked = read.fetch_duties(session)["booked_date"].drop_nulls().to_list()
    assert all(day >= TODAY for day in booked)
    years = read.fetch_members(session)["absent_sessions"]
    then = session.copy_as_at(UNTIL)
    assert years.equals(read.fetch_members(then)["absent_sessions"])


#: Reasons that no action closes.
_LEFT_TO_THE_RECORD = set(reference.read("look").filter("is_closed_by_record")["rule"])


def test_what_is_logged_today_shows_at_once_and_closes_at_once(
    home: Home, open_at: Callable[[date], Open]
) -> None:
    """A colleague sees it, and the reason is closed; the form begins with today."""
    session = session_of(home, "pastoral")
    open_reasons = read.fetch_attention_reasons(session).filter(~pl.col("is_closed"))
    child = open_reasons.row(0, named=True)
    logged = entries.log_action(
        session, handle=child["handle"], kind="called the carer", outcome="spoke"
    )
    assert (logged.problems, logged.visible_from) == ((), TODAY)
    site, colleague = open_at(TODAY)("teacher").visit("today"), session_of(home, "teacher")
    assert read.fetch_last_actions(colleague)[child["pupil_id"]]["action_date"] == TODAY
    left = read.fetch_attention_reasons(colleague).filter(
        ~pl.col("is_closed"), pupil_id=child["pupil_id"]
    )
    assert not set(left["rule"]) - _LEFT_TO_THE_RECORD
    assert child["handle"] not in {row.child for row in site.list_rows("looks")}


def test_midnight_ends_a_session(home: Home, tmp_path: Path) -> None:
    """A tab that stays open asks for the new day; a demo's day stays, and so does a named one."""
    now = [datetime(2026, 11, 28, 12).astimezone()]
    admitted = sign_in(home, "dsl")
    demo = demo_home(tmp_path / "demo")
    real = partial(
        access.open, home.folder, purpose="test", admitted=admitted, clock=lambda: now[0]
    )
    tabs = [real(), real(as_at=TODAY)]
    tabs.append(
        access.open(demo, purpose="test", role="dsl", clock=lambda: now[0], environ=keys_at(demo))
    )
    assert [each.as_at for each in tabs] == [TODAY, TODAY, UNTIL]
    assert all(each.is_current for each in tabs)
    now[0] += timedelta(1)
    assert [each.is_current for each in tabs] == [False, True, True]


def test_files_that_come_in_are_shown_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a page that nobody clicks; the next click finds nothing more to say."""
    small = SmallHome(tmp_path)
    small.load()
    monkeypatch.setenv("LAC_KEYS", small.environ["LAC_KEYS"])
    site = Site(small.folder, monkeypatch, "teacher").visit("children")
    site.app.run()
    before = site.title
    ended = GOOD["care_episodes.csv"].replace("2024-05-01,,,", "2024-05-01,,2026-11-16,")
    small.write({**GOOD, "care_episodes.csv": ended})
    small.load_really(now=NOW + timedelta(minutes=5))
    site.app.session_state["by-clock"] = True  # as a clock has it run
    site.app.run()
    assert site.title != before
    (news,) = site.app.info
    assert news.value.startswith("New files came in: this page shows them now. Register up to ")
    assert not site.app.run().info
