"""Signing in on the pages of a real home: nobody by default, one named person, not for ever."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.server import sessions
from dashboard.server.sessions import FRESH_PERIOD, IDLE_TIMEOUT, MAX_SIGN_IN, ActiveSignIns
from dashboard.text import words
from dashboard.ui import tab as session
from safeguards.access import admission
from safeguards.access.admission import Principal
from safeguards.access.people import People, Person
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.keys import Keys
from tests.support.schools.real_home import (
    BROWSER,
    LEAD,
    PEOPLE,
    at_one_browser,
    phrase_of,
    real_home,
)

_APP = str(Path(dashboard.__file__).with_name("app.py"))
BEGAN = datetime(2026, 11, 23, 8, 35, tzinfo=UTC)
SECOND = timedelta(seconds=1)
#: A field of the form for an action.
_OF_ACTION = {"One short line, without names"}


class Clock:
    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


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
    parts = [*tab.markdown, *tab.info, *tab.error, *tab.warning, *tab.sidebar.markdown,
             *tab.sidebar.warning]  # fmt: skip
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


# On the pages


def test_nothing_is_shown_before_somebody_signs_in(tab: AppTest, real: Home) -> None:
    """Nor is there a role switch, nor a page in the menu; the log has no view."""
    assert title(tab) == "Sign in"
    assert [each.label for each in tab.selectbox] == ["Your name"]
    assert "Larkfield" not in texts(tab)
    assert "view" not in {event for event, *_ in events(real)}


@pytest.mark.parametrize("role", PEOPLE)
def test_each_person_has_the_pages_of_their_role(tab: AppTest, real: Home, role: str) -> None:
    """Whatever LAC_ROLE says."""
    sign_in(tab, PEOPLE[role])
    assert f"Signed in: **{PEOPLE[role]}**" in texts(tab)
    assert f"Role: {words.ROLES[role].lower()}" in texts(tab)
    assert {actor for event, actor, _ in events(real) if event == "open"} == {PEOPLE[role]}
    assert not [each for each in tab.selectbox if each.label.startswith("Look as")]


def test_a_wrong_passphrase_is_told_and_forgotten(tab: AppTest, real: Home) -> None:
    sign_in(tab, LEAD, "five words that are wrong")
    assert title(tab) == "Sign in"
    assert "not the name and the passphrase" in texts(tab)
    assert tab.text_input[0].value == ""
    tab.run()  # what one run does not draw is forgotten at its end
    assert "five words that are wrong" not in str(tab.session_state)
    assert events(real)[-1] == ("deny", LEAD, "none")


def test_signing_out_leaves_nothing(tab: AppTest, real: Home) -> None:
    sign_in(tab, LEAD)
    assert title(tab) == "Today"
    next(each for each in tab.sidebar.button if each.label == "Sign out").click().run()
    assert title(tab) == "Sign in"
    assert "session" not in tab.session_state
    assert events(real)[-1] == ("sign_out", LEAD, "dsl")


def test_a_warning_comes_before_the_time_is_over(
    tab: AppTest, clock: Clock, presences: ActiveSignIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(tab, LEAD)
    clock.now += IDLE_TIMEOUT - sessions.WARNING_PERIOD
    monkeypatch.setattr(presences, "touch", lambda _: None)  # as if nobody clicked
    tab.run()
    assert "You will be signed out in 2 minutes" in texts(tab)
    clock.now += sessions.WARNING_PERIOD
    tab.run()
    assert title(tab) == "Sign in"
    assert "You were signed out" in texts(tab)


def test_the_next_person_finds_nothing_of_the_one_before(tab: AppTest) -> None:
    sign_in(tab, LEAD)
    tab.session_state[session.CHILD_KEY] = "0123456789"
    tab.session_state["identity"] = "what was opened"
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    tab.run()
    assert "identity" not in tab.session_state
    sign_in(tab, PEOPLE["pastoral"])
    assert session.CHILD_KEY not in tab.session_state
    assert tab.session_state["session"].actor == PEOPLE["pastoral"]


def test_what_is_half_typed_waits_for_the_same_person_only(tab: AppTest, real: Home) -> None:
    """A browser keeps it by the field's key, which is another for whoever comes next."""
    sign_in(tab, PEOPLE["teacher"])
    hers = {each.key for each in tab.text_input}
    assert len(hers) > 1
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    tab.run()
    waiting = {each.key for each in tab.text_input if each.label in _OF_ACTION}
    assert waiting
    assert waiting <= hers
    sign_in(tab, PEOPLE["teacher"])
    assert {each.key for each in tab.text_input} == hers

    # and in this tab, too, when somebody else signs in in another one of the browser
    sessions.ACTIVE_SIGN_INS.sign_in(
        BROWSER, admission.sign_in_with_passphrase(real, LEAD, phrase_of(LEAD))
    )
    tab.run()
    assert title(tab) == "Today"
    assert {each.label for each in tab.text_input} >= _OF_ACTION
    assert not {each.key for each in tab.text_input} & hers


@pytest.mark.parametrize("change", ["role", "gone", "by hand"])
def test_a_role_that_is_taken_away_ends_open_tabs(tab: AppTest, real: Home, change: str) -> None:
    teacher, keys = PEOPLE["teacher"], Keys.load(real)
    sign_in(tab, teacher)
    people = People.load(real, keys)
    match change:
        case "role":
            people.add_or_replace(Person(teacher, "dsl")).save(real, keys)
        case "gone":
            people.remove(teacher).save(real, keys)
        case _:
            keys.heads.set("roles.csv")
    before = [event for event, *_ in events(real)].count("view")
    tab.run()
    assert title(tab) == "Sign in"
    assert [event for event, *_ in events(real)].count("view") == before


def test_a_file_is_taken_by_who_has_just_signed_in(tab: AppTest, clock: Clock, real: Home) -> None:
    sign_in(tab, LEAD)
    clock.now = get_utc_now() + FRESH_PERIOD
    tab.switch_page("app_pages/plans.py").run()
    assert [each.label for each in tab.text_input] == [
        "Your passphrase once more, to take dates.ics"
    ]
    tab.text_input[0].input(phrase_of(PEOPLE["teacher"]))
    next(each for each in tab.button if each.label == "Go on").click().run()
    assert "not the name and the passphrase" in texts(tab)
    tab.text_input[0].input(phrase_of(LEAD))
    next(each for each in tab.button if each.label == "Go on").click().run()
    assert not tab.text_input
    assert events(real).count(("sign_in", LEAD, "dsl")) == 2


def test_a_clock_that_runs_a_page_is_no_click(tab: AppTest, clock: Clock) -> None:
    """What ends by itself, as names do, must not keep a person signed in."""
    sign_in(tab, LEAD)
    began = sessions.ACTIVE_SIGN_INS.compute_time_remaining(BROWSER)
    clock.now += timedelta(minutes=10)
    tab.session_state[session._BY_CLOCK] = True
    tab.run()
    assert sessions.ACTIVE_SIGN_INS.compute_time_remaining(BROWSER) == began - timedelta(minutes=10)
    tab.run()
    assert sessions.ACTIVE_SIGN_INS.compute_time_remaining(BROWSER) == began


def test_a_sign_in_that_is_not_fresh_takes_no_file(presences: ActiveSignIns) -> None:
    """As one by a service that goes on; the eight hours run all the same."""
    presences.sign_in(BROWSER, admitted(), is_fresh=False)
    assert not presences.is_fresh(BROWSER)
    assert presences.compute_time_remaining(BROWSER) == IDLE_TIMEOUT
