"""Who may do what on which page: every cell, on the pages themselves, against a table by hand.

The table below says what each role has; whatever is not in it must be refused, by the menu and
by the page's own script.  What a session refuses is in tests/safeguards/access.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
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
from tests.support.web.lists import read_lists
from tests.support.web.site import is_heading, switch_page

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
    "head": "group group:download opened help reports reports:download",
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
        "load": "Undo the latest load" in labels,
        "names": "Show names" in labels,
        # every role is told who may see; without this line it is also told who did
        "audit": any("has looked" in each.label for each in at.expander)
        and not any("The safeguarding lead sees who" in str(each.value) for each in at.markdown),
        # last, since an open sheet takes the place of the page
        "download": any(label.startswith(("Create", "Make a draft")) for label in labels)
        or takes_a_sheet(at),
    }
    return {name for name, is_there in parts.items() if is_there}


def takes_a_sheet(at: AppTest) -> bool:
    """Whether the page's sheets can be taken, which is seen once one is open."""
    for button in at.button:
        if button.label in {"Today's list", "Meeting sheet"}:
            button.click().run()
            break
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
            re.search("cannot open this page|Nobody is signed in", str(each.value))
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
