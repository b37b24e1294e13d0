"""Who may do what on which page: every cell, on the pages themselves, against a table by hand.

The table below says what each role has; whatever is not in it must be refused, by the menu,
by the page's own script, and by the session that it asks.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.report.page import page as report_parts
from dashboard.server.sessions import ActiveSignIns
from dashboard.text import words
from dashboard.ui import tab as session
from safeguards.access import access, admission, roles
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import BROWSER, PEOPLE, at_one_browser, phrase_of, real_home
from tests.support.web.browsers import NEEDS_BROWSER, chromium, sign_in
from tests.support.web.servers import serving

pytestmark = pytest.mark.slow

_DASHBOARD = Path(dashboard.__file__).parent
PAGES = (*("today", "children", "child", "attendance", "wellbeing"),
         *("plans", "bring_in", "data_check", "opened", "reports", "help"))  # fmt: skip
#: What a page may offer, by what is seen of it.
ACTIONS = ("log_action", "add_fact", "download", "identify", "audit", "names", "load")
_ALL = "today children child attendance data_check help"
#: By hand, from the design's list of roles: pages, then page:action.
GRANTED = {
    "pastoral": f"{_ALL} today:log_action child:log_action",
    "dsl": f"{_ALL} wellbeing plans today:log_action child:log_action today:add_fact "
    "child:add_fact plans:download child:identify child:audit bring_in bring_in:load",
    "teacher": f"{_ALL} wellbeing plans today:log_action child:log_action today:add_fact "
    "child:add_fact plans:download reports reports:download",
    "head": "opened help reports reports:download",
    "manager": "bring_in bring_in:load",
    "none": "",
}
#: The switch for names stands beside each page.
NAMES = ("pastoral", "dsl", "teacher")


@dataclass(frozen=True)
class Site:
    """One tab of one person; `none` is nobody who signed in."""

    home: Home
    role: str

    def app(self, page: str | None = None) -> AppTest:
        """The whole dashboard, at this page."""
        at = AppTest.from_file(str(_DASHBOARD / "app.py"), default_timeout=60)
        return self._run(at, page)

    def alone(self, page: str) -> AppTest:
        """The page's script by itself, past the menu."""
        return self._run(
            AppTest.from_file(str(_DASHBOARD / "app_pages" / f"{page}.py"), default_timeout=60)
        )

    def _run(self, at: AppTest, page: str | None = None) -> AppTest:
        at.session_state[report_parts.STEP] = report_parts.TAKE  # where its files are
        if self.role != "none":
            at.session_state[session.CHILD_KEY] = self.child
        at.run()
        if page is not None and title(at) not in ("Sign in", words.PAGES[page]):
            with suppress(ValueError):  # it is not there to be switched to
                at.switch_page(f"app_pages/{page}.py").run()
        return at

    @property
    def child(self) -> str:
        return _a_child(self.home)

    def denials(self) -> int:
        records = AccessLog(self.home, Keys.load(self.home)).read_records()
        actor = PEOPLE.get(self.role)
        return sum((each["event"], each["actor"]) == ("deny", actor) for each in records)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(real_home(tmp_path_factory.mktemp("matrix") / "home"))


@pytest.fixture
def site_of(real: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Site]:
    def made(role: str) -> Site:
        presences = ActiveSignIns()
        monkeypatch.setenv("LAC_KEYS", keys_at(real.folder)["LAC_KEYS"])
        if role != "none":
            name = PEOPLE[role]
            presences.sign_in(
                BROWSER, admission.sign_in_with_passphrase(real, name, phrase_of(name))
            )
        at_one_browser(real.folder, monkeypatch, presences)
        return Site(real, role)

    return made


@cache
def _a_child(home: Home) -> str:
    lead = admission.sign_in_with_passphrase(home, PEOPLE["dsl"], phrase_of(PEOPLE["dsl"]))
    held = access.open(home.folder, admitted=lead, purpose="test")
    return str(held.read("select min(pupil_id) from cohort_member").item())


def title(at: AppTest) -> str:
    return str(at.title[0].value) if at.title else ""


def offered(at: AppTest) -> set[str]:
    """What the page lets a person do, by its buttons and headings."""
    labels = {each.label for each in (*at.button, *at.sidebar.button)}
    parts = {
        "log_action": "Log this action" in labels,
        "add_fact": "Add this fact" in labels,
        "download": any(
            label.startswith(("Make a calendar file", "Make the draft ready")) for label in labels
        ),
        "identify": "Open the identity" in labels,
        "load": "Undo the newest load" in labels,
        "names": "Show names" in labels,
        # every role is told who may see; without this line it is also told who did
        "audit": any("has looked" in each.label for each in at.expander)
        and not any("safeguarding lead can read it" in str(each.value) for each in at.markdown),
    }
    return {name for name, is_there in parts.items() if is_there}


def granted(role: str, page: str) -> tuple[bool, set[str]]:
    """Whether the role has the page, and what it may do there."""
    cells = GRANTED[role].split()
    if page not in cells:
        return False, set()
    found = {cell.partition(":")[2] for cell in cells if cell.startswith(f"{page}:")}
    return True, found | ({"names"} if role in NAMES else set())


def shows(at: AppTest, page: str) -> bool:
    """Whether the page's own words are there; the child's title is a handle."""
    if at.exception:
        return False
    if page == "child":
        return any("Attendance this year" in str(each.value) for each in at.header)
    return title(at) == words.PAGES[page]


def wrong_cells(site: Site) -> tuple[int, int]:
    """How many cells of a role there are, and in how many the pages differ from the table."""
    cells = wrong = 0
    for page in PAGES:
        has_page, may_do = granted(site.role, page)
        at = site.app(page)
        before = site.denials()
        alone = site.alone(page)
        refused = not has_page and bool(alone.exception or title(alone) == "Sign in")
        is_logged = site.role == "none" or site.denials() > before
        cells += 2 + len(ACTIONS)
        wrong += shows(at, page) != has_page
        wrong += not ((refused and is_logged) or (has_page and not alone.exception))
        did = offered(at) if shows(at, page) else set()
        wrong += len(did ^ may_do)
    return cells, wrong


def test_only_what_the_table_lists_is_there(
    site_of: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """6 roles, 11 pages: in the menu, by its own script, and 7 things to do there."""
    found = {role: wrong_cells(site_of(role)) for role in GRANTED}
    cells, wrong = (sum(pair) for pair in zip(*found.values(), strict=True))
    # the control: a table of roles that grants everything is seen on the pages
    monkeypatch.setattr(roles, "is_allowed", lambda *_: True)
    control = wrong_cells(site_of("manager"))[1]
    count("authorisation", cells, wrong, control)
    assert cells == len(GRANTED) * len(PAGES) * (2 + len(ACTIONS)) == 594
    assert wrong == 0, found
    assert control > sum(not granted("manager", page)[0] for page in PAGES)


#: What a role may do on no page of the dashboard, but by a command; by hand as well.
ELSEWHERE = {
    "dsl": {
        *(("sql", "sql"), ("audit", "audit"), ("rights", "rights")),
        *(("child", "share"), ("children", "names"), ("rights", "readmit")),
        ("bring_in", "download"),  # the list of faults, of which a good home has none
    },
    "manager": {("rights", "rights"), ("bring_in", "download")},
    "teacher": {("children", "names"), ("reports", "report")},
    "pastoral": {("children", "names")},
    "head": {("reports", "report")},
}


def wrong_by_session(site: Site) -> tuple[int, int]:
    """How many cells a session was asked for, and how many it answered wrongly or unlogged."""
    name = PEOPLE[site.role]
    admitted = admission.sign_in_with_passphrase(site.home, name, phrase_of(name))
    held = access.open(site.home.folder, admitted=admitted, purpose="test")
    allowed = set(ELSEWHERE[site.role])
    for page in PAGES:
        has_page, may_do = granted(site.role, page)
        allowed |= {(page, action) for action in may_do - {"names"}}
        allowed |= {(page, "view")} if has_page else set()
    cells = wrong = 0
    denied = site.denials()
    for page in roles.PAGES:
        for action in roles.ACTIONS:
            before, cells = denied, cells + 1
            try:
                held.enter(page, action=action)
                is_open = True
            except access.Denied:
                is_open = False
            denied = site.denials()
            is_right = is_open == ((page, action) in allowed)
            wrong += not (is_right and (is_open or denied == before + 1))
    return cells, wrong


def test_a_session_refuses_what_the_table_does_not_list(
    site_of: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """5 roles, each page and action: asked of the session itself, each refusal is a line."""
    found = {role: wrong_by_session(site_of(role)) for role in PEOPLE}
    cells, wrong = (sum(pair) for pair in zip(*found.values(), strict=True))
    monkeypatch.setattr(roles, "is_allowed", lambda *_: True)
    control = wrong_by_session(site_of("head"))[1]
    count("authorisation by the session", cells, wrong, control)
    assert wrong == 0, found
    assert control > len(roles.PAGES)


# In a real browser


def _go(tab: Page, address: str, role: str, page: str) -> bool:
    """Whether the page's own words are there at its address."""
    tab.goto(f"{address}/{page}")
    ready = tab.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    ready.wait_for(timeout=60_000)
    heading = "No child is open" if page == "child" else words.PAGES[page]
    if granted(role, page)[0]:
        expect(tab.get_by_role("heading", name=heading, exact=True)).to_be_visible(timeout=30_000)
        return True
    tab.wait_for_timeout(300)
    return tab.get_by_role("heading", name=heading, exact=True).count() > 0


@NEEDS_BROWSER
def test_in_a_browser_each_address_opens_for_its_roles_only(
    tmp_path: Path, count: sizes.Count
) -> None:
    every = [(role, page) for role in GRANTED for page in PAGES]
    cells = sizes.rng("matrix").sample(every, min(len(every), sizes.size("matrix.browser_cells")))
    folder = real_home(tmp_path / "home")
    wrong, opened = 0, 0
    with serving(folder, tmp_path / "log.txt") as served, chromium() as browser:
        context = browser.new_context()
        context.add_cookies(
            [{"name": served.cookie_name, "value": served.come_in(), "url": served.address}]
        )
        tab = context.new_page()
        for role in dict.fromkeys(role for role, _ in cells):
            tab.goto(served.address)
            tab.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
            if role != "none":
                sign_in(tab, PEOPLE[role])
            for page in (page for each, page in cells if each == role):
                is_there = _go(tab, served.address, role, page)
                opened += is_there
                wrong += is_there != granted(role, page)[0]
            if role != "none":
                tab.goto(served.address)  # away from what says that there is no such page
                tab.get_by_role("button", name="Sign out").click()
                tab.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
    # no control of its own: that pages which are granted are found is one
    count("authorisation in a browser", len(cells), wrong, opened)
    assert wrong == 0
    assert opened or sizes.share() != "whole"
