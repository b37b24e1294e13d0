"""Who may do what on which page: every cell, on the pages themselves, against a table by hand.

The table below says what each role has; whatever is not in it must be refused, by the menu,
by the page's own script, and by the session that it asks.
"""

import re
from collections.abc import Callable
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
from dashboard.ui import lists
from safeguards.access import access, admission, roles
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import BROWSER, PEOPLE, at_one_browser, phrase_of, real_home
from tests.support.web.browsers import NEEDS_BROWSER, chromium, sign_in
from tests.support.web.lists import read_lists
from tests.support.web.servers import serving
from tests.support.web.site import HEADINGS, is_heading, switch_page

pytestmark = pytest.mark.slow

_DASHBOARD = Path(dashboard.__file__).parent
PAGES = (*("today", "children", "child", "attendance", "wellbeing"),
         *("learning", "plans", "safeguarding", "rights", "bring_in", "data_check"),
         *("opened", "reports", "help"))  # fmt: skip
#: What a page may offer, by what is seen of it.
ACTIONS = ("log_action", "add_fact", "download", "identify", "audit", "names", "load")
_ALL = "today children child attendance data_check data_check:download help"
#: By hand, from the design's list of roles: pages, then page:action.
GRANTED = {
    "pastoral": f"{_ALL} today:log_action child:log_action today:download",
    "dsl": f"{_ALL} wellbeing learning plans today:log_action child:log_action "
    "safeguarding "
    "today:download child:download children:download attendance:download "
    "child:add_fact plans:download child:identify child:audit rights bring_in bring_in:load",
    "teacher": f"{_ALL} wellbeing learning plans today:log_action child:log_action "
    "today:download child:download children:download attendance:download "
    "child:add_fact plans:download reports reports:download",
    "head": "opened help reports reports:download",
    "manager": "rights bring_in bring_in:load help",
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
        """The page's module by itself, past the menu."""
        folder = f"dashboard.app_pages{'.kinds' * (page in words.KIND_PAGES)}"
        script = f"from {folder} import {page} as page\npage.render()"
        return self._run(AppTest.from_string(script, default_timeout=60))

    def _run(self, at: AppTest, page: str | None = None) -> AppTest:
        at.session_state[report_parts.STEP] = report_parts.TAKE  # where its files are
        if self.role != "none":
            at.query_params[lists.ADDRESS] = _an_address(self.home)
        at.run()
        if page is not None and title(at) != "Sign in" and not is_heading(title(at), page):
            switch_page(at, page).run()
        return at

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
def _an_address(home: Home) -> str:
    lead = admission.sign_in_with_passphrase(home, PEOPLE["dsl"], phrase_of(PEOPLE["dsl"]))
    held = access.open(home.folder, admitted=lead, purpose="test")
    return held.get_address(held.read("select min(pupil_id) from cohort_member").item())


def title(at: AppTest) -> str:
    return str(at.title[0].value) if at.title else ""


def offered(at: AppTest) -> set[str]:
    """What the page lets a person do, by its buttons and headings."""
    labels = {each.label for each in at.button}
    parts = {
        "log_action": any(label.startswith("Log *an action") for label in labels)
        or any(each.button == "Log" and each.rows for each in read_lists(at)),
        "add_fact": any(each.label == "Record something from a letter" for each in at.expander),
        "identify": "Open the identity" in labels,
        "load": "Undo the newest load" in labels,
        "names": "Show names" in labels,
        # every role is told who may see; without this line it is also told who did
        "audit": any("has looked" in each.label for each in at.expander)
        and not any("safeguarding lead can read it" in str(each.value) for each in at.markdown),
        # last, since an open sheet takes the place of the page
        "download": any(
            label.startswith(
                ("Create", "Make a calendar file", "Make a draft", "Make a workbook of these")
            )
            for label in labels
        )
        or takes_a_sheet(at),
    }
    return {name for name, is_there in parts.items() if is_there}


def takes_a_sheet(at: AppTest) -> bool:
    """Whether the page's sheets can be taken, which is seen once one is open."""
    choices = [each for each in at.button_group if each.label == "Sheets to take along"]
    for choice in choices:
        choice.set_value(choice.options[-1]).run()
    return any(each.label.startswith("Create") for each in at.button)


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
        return any(str(each.value) == "What we did" for each in at.header)
    return is_heading(title(at), page)


def wrong_cells(site: Site) -> tuple[int, int]:
    """How many cells of a role there are, and in how many the pages differ from the table."""
    cells = wrong = 0
    for page in PAGES:
        has_page, may_do = granted(site.role, page)
        at = site.app(page)
        before = site.denials()
        alone = site.alone(page)
        # a link to a child's page cannot be drawn past the menu: that is no refusal
        refused = title(alone) == "Sign in" or any(
            re.search("has no access|Nobody is signed in", str(each.value))
            for each in alone.exception
        )
        is_logged = site.role == "none" or site.denials() > before
        cells += 2 + len(ACTIONS)
        wrong += shows(at, page) != has_page
        wrong += refused == has_page or not (has_page or is_logged)
        did = offered(at) if shows(at, page) else set()
        wrong += len(did ^ may_do)
    return cells, wrong


def test_only_what_the_table_lists_is_there(
    site_of: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """6 roles, 14 pages: in the menu, by its own script, and 7 things to do there."""
    found = {role: wrong_cells(site_of(role)) for role in GRANTED}
    cells, wrong = (sum(pair) for pair in zip(*found.values(), strict=True))
    # the control: a table of roles that grants everything is seen on the pages
    monkeypatch.setattr(roles, "is_allowed", lambda *_: True)
    control = wrong_cells(site_of("manager"))[1]
    count("authorisation", cells, wrong, control)
    assert cells == len(GRANTED) * len(PAGES) * (2 + len(ACTIONS)) == 756
    assert wrong == 0, found
    assert control > sum(not granted("manager", page)[0] for page in PAGES)


#: What a role may do on no page of the dashboard, but by a command; by hand as well.
ELSEWHERE = {
    "dsl": {
        ("today", "raise_concern"),
        ("child", "raise_concern"),
        *(("safeguarding", "raise_concern"), ("safeguarding", "add_fact")),
        ("safeguarding", "log_action"),  # about whoever stands there; in this home nobody does
        *(("sql", "sql"), ("audit", "audit"), ("rights", "rights")),
        *(("child", "share"), ("children", "names"), ("rights", "readmit")),
        ("data_check", "waive_row"),  # of a faulty row, which a good home has none of
        ("bring_in", "download"),  # the list of faults, of which a good home has none
    },
    "manager": {("rights", "rights"), ("bring_in", "download")},
    "teacher": {
        *(("children", "names"), ("reports", "report")),
        *(("today", "raise_concern"), ("child", "raise_concern")),
    },
    "pastoral": {*(("children", "names"), ("today", "raise_concern"), ("child", "raise_concern"))},
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
    heading = tab.get_by_role("heading", name=re.compile(HEADINGS[page]), level=1)
    if granted(role, page)[0]:
        expect(heading).to_be_visible(timeout=30_000)
        return True
    tab.wait_for_timeout(300)
    return heading.count() > 0


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
