"""Signing in on the pages of a real home: nobody by default, one named person, not for ever."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.server import attempts, sessions
from dashboard.server.sessions import FRESH_PERIOD, IDLE_TIMEOUT, MAX_SIGN_IN, ActiveSignIns
from dashboard.server.start_link import BrowserSessions
from dashboard.text import words
from dashboard.ui import tab as session
from safeguards.access import admission
from safeguards.access.admission import Principal
from safeguards.access.people import People, Person
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.keys import Keys
from tests.support.clocks import Clock
from tests.support.schools.real_home import (
    BROWSER,
    LEAD,
    PEOPLE,
    at_one_browser,
    phrase_of,
    real_home,
)
from tests.support.web.lists import press_row
from tests.support.web.site import is_heading, switch_page

_APP = str(Path(dashboard.__file__).with_name("app.py"))
#: As they are, before a test says of which browser a page is.
READ_COOKIE, RENEW_COOKIE = session.read_visitor_cookie, session._renew_cookie
BEGAN = datetime(2026, 11, 23, 8, 35, tzinfo=UTC)
SECOND = timedelta(seconds=1)
#: The field of the dialog for an action, and of the page that asks to sign in.
_LINE = "In a few words (optional, no names)"


@pytest.fixture
def clock() -> Clock:
    return Clock(BEGAN)


@pytest.fixture
def presences(clock: Clock) -> ActiveSignIns:
    return ActiveSignIns(clock)


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, presences: ActiveSignIns) -> Home:
    """A loaded real home, asked by one browser."""
    folder = real_home(tmp_path / "home")
    at_one_browser(folder, monkeypatch, presences)
    return Home.open(folder)


@pytest.fixture
def tab(real: Home, clock: Clock) -> AppTest:
    """The clock of presences goes on from that of the computer, by which people sign in."""
    assert not real.is_demo
    clock.now = get_utc_now()
    return AppTest.from_file(_APP, default_timeout=30).run()


def sign_in(tab: AppTest, name: str, phrase: str | None = None) -> AppTest:
    tab.selectbox[0].select(name)
    tab.text_input[0].input(phrase or phrase_of(name))
    found: AppTest = next(each for each in tab.button if each.label == "Sign in").click().run()
    assert not found.exception
    return found


def title(tab: AppTest) -> str:
    assert not tab.exception
    return str(tab.title[0].value)


def texts(tab: AppTest) -> str:
    parts = [*tab.markdown, *tab.info, *tab.error, *tab.warning]
    return "\n".join(str(each.value) for each in parts)


def events(home: Home) -> list[tuple[str, str, str]]:
    records = AccessLog(home, Keys.load(home)).read_records()
    return [(each["event"], each["actor"], each["role"]) for each in records]


# How long somebody is there


def admitted(at: datetime = BEGAN) -> Principal:
    return Principal("0123456789", LEAD, "dsl", at)


@pytest.mark.parametrize(
    ("clicks", "after", "is_there"),
    [
        ([], IDLE_TIMEOUT - SECOND, True),
        ([], IDLE_TIMEOUT, False),
        ([IDLE_TIMEOUT - SECOND], IDLE_TIMEOUT, True),
        ([IDLE_TIMEOUT - SECOND], 2 * IDLE_TIMEOUT - 2 * SECOND, True),
        ([IDLE_TIMEOUT - SECOND], 2 * IDLE_TIMEOUT - SECOND, False),
        ([k * IDLE_TIMEOUT / 2 for k in range(1, 64)], MAX_SIGN_IN - SECOND, True),
        ([k * IDLE_TIMEOUT / 2 for k in range(1, 64)], MAX_SIGN_IN, False),
        ([], -SECOND, True),
        ([], -61 * SECOND, False),
        ([IDLE_TIMEOUT / 2], IDLE_TIMEOUT / 2 - 61 * SECOND, False),
    ],
    ids=["idle, a second left", "idle", "one click", "one click, a second left",
         "one click, idle", "eight hours, a second left", "eight hours",
         "clock put right by a second", "clock set back",
         "clock set back after a click"],
)  # fmt: skip
def test_nobody_stays_for_ever(
    presences: ActiveSignIns,
    clock: Clock,
    clicks: list[timedelta],
    after: timedelta,
    is_there: bool,
) -> None:
    presences.sign_in(BROWSER, admitted())
    for click in clicks:
        clock.now = BEGAN + click
        presences.touch(BROWSER)
    clock.now = BEGAN + after
    assert (presences.find_admitted(BROWSER) == admitted()) is is_there
    assert (presences.compute_time_remaining(BROWSER) > timedelta(0)) is is_there


def test_who_is_out_stays_out(presences: ActiveSignIns, clock: Clock) -> None:
    """A click, or a clock that is put right, brings nobody back."""
    presences.sign_in(BROWSER, admitted())
    clock.now = BEGAN + IDLE_TIMEOUT
    assert presences.find_admitted(BROWSER) is None
    presences.touch(BROWSER)
    clock.now = BEGAN
    assert presences.find_admitted(BROWSER) is None


def test_each_browser_is_somebodys_own(presences: ActiveSignIns) -> None:
    presences.sign_in(BROWSER, admitted())
    for other in ("another", "", None):
        assert presences.find_admitted(other) is None
        assert not presences.is_fresh(other)
    presences.sign_out("another")
    assert presences.find_admitted(BROWSER) == admitted()
    presences.sign_out(BROWSER)
    assert presences.find_admitted(BROWSER) is None
    with pytest.raises(ValueError, match="by the link"):
        presences.sign_in("", admitted())


def test_a_sign_in_is_fresh_for_a_while(presences: ActiveSignIns, clock: Clock) -> None:
    presences.sign_in(BROWSER, admitted())
    clock.now = BEGAN + FRESH_PERIOD - SECOND
    assert presences.is_fresh(BROWSER)
    clock.now = BEGAN + FRESH_PERIOD
    assert not presences.is_fresh(BROWSER)
    presences.sign_in(BROWSER, admitted(clock.now))
    assert presences.is_fresh(BROWSER)
    # as one by a service that goes on; the eight hours run all the same
    presences.sign_in(BROWSER, admitted(clock.now), is_fresh=False)
    assert not presences.is_fresh(BROWSER)
    assert presences.compute_time_remaining(BROWSER) == IDLE_TIMEOUT


# On the pages


def test_nothing_is_shown_before_somebody_signs_in_or_after_they_went(
    tab: AppTest, real: Home
) -> None:
    """Nor is there a role switch, nor a page in the menu; the next person finds nothing."""
    assert title(tab) == "Sign in"
    assert [each.label for each in tab.selectbox] == ["Your name"]
    assert "Larkfield" not in texts(tab)
    assert "view" not in {event for event, *_ in events(real)}
    sign_in(tab, LEAD, "five words that are wrong")
    assert title(tab) == "Sign in"
    assert "name or the passphrase is wrong" in texts(tab)
    assert tab.text_input[0].value == ""
    tab.run()  # what one run does not draw is forgotten at its end
    assert "five words that are wrong" not in str(tab.session_state)
    assert events(real)[-1] == ("deny", LEAD, "none")
    for role, name in PEOPLE.items():  # whatever LAC_ROLE says
        sign_in(tab, name)
        assert f"Signed in: **{name}**" in texts(tab)
        assert words.ROLES[role] in texts(tab)
        assert ("open", name, role) in events(real)
        assert not [each for each in tab.selectbox if each.label.startswith("View as")]
        tab.session_state["identity"] = "what was opened"
        press(tab, "Sign out")
        assert title(tab) == "Sign in"
        assert not [key for key in ("session", "identity") if key in tab.session_state]
        assert events(real)[-1] == ("sign_out", name, role)


def press(tab: AppTest, label: str) -> None:
    next(each for each in tab.button if each.label.startswith(label)).click().run()
    assert not tab.exception


def test_a_warning_comes_before_the_time_is_over(
    tab: AppTest, clock: Clock, presences: ActiveSignIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that runs a page is no click: what ends by itself keeps nobody signed in."""
    sign_in(tab, LEAD)
    began = presences.compute_time_remaining(BROWSER)
    clock.now += timedelta(minutes=10)
    tab.session_state[session._BY_CLOCK] = True
    tab.run()
    assert presences.compute_time_remaining(BROWSER) == began - timedelta(minutes=10)
    tab.run()
    assert presences.compute_time_remaining(BROWSER) == began
    clock.now += IDLE_TIMEOUT - sessions.WARNING_PERIOD
    monkeypatch.setattr(presences, "touch", lambda _: None)  # as if nobody clicked
    tab.run()
    assert "You will be signed out in 2 minutes" in texts(tab)
    clock.now += sessions.WARNING_PERIOD
    tab.run()
    assert title(tab) == "Sign in"
    assert "You were signed out" in texts(tab)


def test_the_warning_stands_in_an_open_dialog_and_typing_is_use(
    tab: AppTest, clock: Clock, presences: ActiveSignIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the dialog nobody could read or press it; a run of the dialog alone is somebody's."""
    sign_in(tab, LEAD)
    press_row(tab, "looks")
    touch = presences.touch
    monkeypatch.setattr(presences, "touch", lambda _: None)  # as if nobody clicked
    clock.now += IDLE_TIMEOUT - sessions.WARNING_PERIOD
    tab.run()
    (warning,) = [each.value for each in tab.warning]
    assert "You will be signed out in 2 minutes" in warning
    stay = [each.key for each in tab.button if each.label == "Stay signed in"]
    assert stay == ["stay-in-dialog"]
    monkeypatch.setattr(presences, "touch", touch)
    for fragments, is_use in (([], False), (["the dialog"], True)):
        run = SimpleNamespace(fragment_ids_this_run=fragments)
        with monkeypatch.context() as patched:
            patched.setattr(session, "get_script_run_ctx", lambda run=run: run)
            patched.setattr(session, "read_visitor_cookie", lambda *_: BROWSER)
            session.touch_by_typing()
        assert (presences.compute_time_remaining(BROWSER) == IDLE_TIMEOUT) == is_use


def test_what_is_half_typed_waits_for_the_same_person_only(tab: AppTest, real: Home) -> None:
    """The tab keeps it, by a key which is another for whoever comes next."""

    def find_fields() -> dict[str, str | None]:
        return {f"{each.key}": each.value for each in tab.text_input if each.label == _LINE}

    sign_in(tab, PEOPLE["teacher"])
    press_row(tab, "looks")
    (key,) = find_fields()
    tab.text_input(key).input("Tired").run()
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    tab.run()
    assert not find_fields()
    sign_in(tab, PEOPLE["teacher"])
    assert find_fields() == {key: "Tired"}
    # and in this tab, too, when somebody else signs in in another one of the browser
    sessions.ACTIVE_SIGN_INS.sign_in(
        BROWSER, admission.sign_in_with_passphrase(real, LEAD, phrase_of(LEAD))
    )
    tab.run()
    assert is_heading(title(tab), "today")
    assert not find_fields()
    press_row(tab, "looks")
    assert [*find_fields().values()] == [""]
    assert key not in find_fields()


def test_a_role_that_is_taken_away_ends_open_tabs(tab: AppTest, real: Home) -> None:
    """Another role, off the list, or a list that was edited by hand: at the next click."""
    teacher, keys = PEOPLE["teacher"], Keys.load(real)
    people = People.load(real, keys)
    changes: tuple[Callable[[], object], ...] = (
        lambda: people.add_or_replace(Person(teacher, "dsl")).save(real, keys),
        lambda: people.remove(teacher).save(real, keys),
        lambda: keys.heads.set("roles.csv"),
    )
    for change in changes:
        people.save(real, keys)
        sign_in(tab.run(), teacher)
        before = [event for event, *_ in events(real)].count("view")
        change()
        tab.run()
        assert title(tab) == "Sign in"
        assert [event for event, *_ in events(real)].count("view") == before


def test_a_file_is_taken_by_who_has_just_signed_in(tab: AppTest, clock: Clock, real: Home) -> None:
    sign_in(tab, LEAD)
    clock.now = get_utc_now() + FRESH_PERIOD
    switch_page(tab, "plans").run()
    (again,) = tab.text_input
    assert again.label == "Your passphrase again, to take plans.docx"
    tab.text_input[0].input(phrase_of(PEOPLE["teacher"]))
    press(tab, "Go on")
    assert "name or the passphrase is wrong" in texts(tab)
    tab.text_input[0].input(phrase_of(LEAD))
    press(tab, "Go on")
    assert not tab.text_input
    assert events(real).count(("sign_in", LEAD, "dsl")) == 2


def test_who_guesses_is_slowed_and_let_in_after_the_wait(
    tab: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even with the right passphrase nobody is before; the page says for how long."""
    seconds = [0.0]
    slowed = attempts.Attempts(lambda: seconds[0])
    monkeypatch.setattr(attempts, "ATTEMPTS", slowed)
    for _ in range(attempts.FREE_OF_PERSON):
        assert "The name or the" in texts(sign_in(tab, LEAD, "five words of somebody else"))
    assert "Too many attempts. Try again in 1 second." in texts(sign_in(tab, LEAD))
    seconds[0] += 1
    assert is_heading(title(sign_in(tab, LEAD)), "today")
    assert slowed.begin(LEAD, None) == 0.0


# A new cookie for each sign-in


class Browser:
    """A browser that came by the link: its cookie, and its tabs on the dashboard."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sessions = BrowserSessions()
        self.cookie = self.sessions.create_session()
        self.opened_with = self.cookie
        monkeypatch.setattr(session, "BROWSER_SESSIONS", self.sessions)
        monkeypatch.setattr(session, "read_visitor_cookie", READ_COOKIE)
        monkeypatch.setattr(session, "_renew_cookie", RENEW_COOKIE)
        monkeypatch.setenv("LAC_COOKIE", "lac_0")
        monkeypatch.setattr(
            type(st.context), "cookies", property(lambda _: {"lac_0": self.opened_with})
        )

    def open_tab(self) -> AppTest:
        self.opened_with = self.cookie
        return AppTest.from_file(_APP, default_timeout=30).run()

    def fetch(self, tab: AppTest) -> None:
        """What the picture in the page that was just drawn has the browser do."""
        found = re.search(r"!\[\]\(/renew/([\w-]+)\)", texts(tab))
        assert found is not None, texts(tab)
        renewed = self.sessions.redeem_renewal(found[1], self.cookie)
        assert renewed is not None
        self.cookie = renewed


@pytest.fixture
def browser(real: Home, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Browser:
    assert not real.is_demo
    clock.now = get_utc_now()
    return Browser(monkeypatch)


def test_each_sign_in_has_a_cookie_of_its_own(browser: Browser, presences: ActiveSignIns) -> None:
    """What somebody took of the cookie before shows nobody, from person to person."""
    seen = [browser.cookie]
    tab = browser.open_tab()
    for name in (LEAD, PEOPLE["teacher"]):
        assert is_heading(title(sign_in(tab, name)), "today")
        assert presences.find_admitted(seen[-1]) is None
        browser.fetch(tab)
        assert browser.sessions.has_session(browser.cookie)  # brought for the first time
        assert not browser.sessions.has_session(seen[-1])
        found = presences.find_admitted(browser.cookie)
        assert found is not None
        assert found.name == name
        seen.append(browser.cookie)
        assert "/renew/" not in texts(tab.run())
        other = browser.open_tab()
        assert is_heading(title(other), "today")
        browser.opened_with = seen[0]
        press(tab, "Sign out")
        assert title(tab) == "Sign in"
        assert presences.find_admitted(browser.cookie) is None
    assert len(set(seen)) == 3


def test_who_proves_it_again_keeps_the_cookie(browser: Browser, presences: ActiveSignIns) -> None:
    """Else each file that is taken would sign the other tabs out."""
    tab = sign_in(browser.open_tab(), LEAD)
    browser.fetch(tab)
    key = browser.cookie
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "read_visitor_cookie", lambda *_: key)
        session.sign_in(admitted(get_utc_now()))
    assert presences.find_admitted(key) is not None
    assert not browser.sessions._renewals


def test_an_open_tab_comes_along_with_its_own_person(browser: Browser, clock: Clock) -> None:
    """Who was signed in in it, and is again in another tab; never with somebody else."""
    first = sign_in(browser.open_tab(), LEAD)
    browser.fetch(first)
    old = browser.opened_with
    clock.now += IDLE_TIMEOUT
    assert title(first.run()) == "Sign in"
    second = browser.open_tab()
    second = sign_in(second, PEOPLE["teacher"])
    browser.fetch(second)
    browser.opened_with = old
    assert title(first.run()) == "Sign in"
    clock.now += IDLE_TIMEOUT
    third = sign_in(browser.open_tab(), LEAD)
    browser.fetch(third)
    browser.opened_with = old
    assert is_heading(title(first.run()), "today")
