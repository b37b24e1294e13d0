"""axe-core on every page of every role, in the states that people meet: it finds nothing."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from dashboard.report.content.model import PARTS
from dashboard.text import words
from safeguards.access import roles
from tests.support import sizes
from tests.support.web.axe import LOOKS, Look, find_violations
from tests.support.web.browsers import NEEDS_BROWSER, find_in_menu, open_all, settle, view_as

pytestmark = NEEDS_BROWSER
#: Those who see most first: at a tenth a later one walks its first page and what is new.
_ROLES = ("dsl", "teacher", "head", "manager", "pastoral")


@pytest.fixture
def tab(contexts: Callable[..., BrowserContext]) -> Iterator[Page]:
    page = contexts({"width": 1280, "height": 900}).new_page()
    yield page
    page.close()


def list_pages(role: str) -> list[str]:
    """The pages that the menu of a role leads to, in its order."""
    return [page for page in words.PAGES if page != "child" and roles.is_allowed(role, page)]


def choose_pages(role: str) -> list[str]:
    """Those that are walked: all, or at a tenth each page in one role, and each role's first."""
    own = list_pages(role)
    if sizes.share() == "whole":
        return own
    seen = {page for each in _ROLES[: _ROLES.index(role)] for page in list_pages(each)}
    return [page for page in own if page == own[0] or page not in seen]


def list_states(page: Page, address: str, role: str) -> Iterator[str]:
    """Bring the page into each state of a role, and say which."""
    view_as(page, address, role)
    own = list_pages(role)
    for name in choose_pages(role):
        find_in_menu(page, words.PAGES[name]).click()
        page.wait_for_url(re.compile(f"/{name if name != own[0] else ''}([?].*)?$"))
        settle(page)
        yield name
        yield from {
            "today": _list_today,
            "children": _list_children,
            "reports": _list_parts,
            "plans": _list_filtered,
        }.get(name, _list_opened)(page)


def _list_today(page: Page) -> Iterator[str]:
    page.get_by_role("button", name="Why these children?").click()
    page.get_by_text("no ranking").wait_for()
    yield "today, why"
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Log")).first.click()
    page.get_by_role("dialog").get_by_text("What was done?").wait_for()
    settle(page)
    yield "today, log"
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Choose what was done.").wait_for()
    yield "today, log with an error"
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name="Show names").click()
    page.get_by_role("button", name="Hide names").wait_for()
    settle(page)
    yield "today, names"
    yield from _list_sheets(page, ["Today's list"])


def _list_children(page: Page) -> Iterator[str]:
    page.get_by_role("button", name="Something overdue").click()
    page.get_by_role("heading", level=1, name=" of ").wait_for()
    settle(page)
    yield "children, filtered"
    page.locator(".rows a").first.click()
    page.locator(".strip").wait_for()
    settle(page)
    yield "child"
    yield from _list_opened(page)
    yield from _list_sheets(page, page.get_by_role("button", name="sheet").all_inner_texts())


def _list_sheets(page: Page, sheets: list[str]) -> Iterator[str]:
    for sheet in sheets:
        page.get_by_role("button", name=sheet, exact=True).click()
        page.get_by_role("heading", level=1, name=sheet).wait_for()
        settle(page)
        yield sheet


def _list_parts(page: Page) -> Iterator[str]:
    for part in PARTS[1:]:
        page.get_by_role("radio", name=part).click()
        settle(page)
        open_all(page)
        yield f"reports, {part}"


def _list_filtered(page: Page) -> Iterator[str]:
    page.get_by_role("button", name="Later", exact=True).click()
    settle(page)
    yield "plans, filtered"


def _list_opened(page: Page) -> Iterator[str]:
    """Every table instead of its chart, and everything that opens."""
    if open_all(page):
        yield f"{page.get_by_role('heading', level=1).first.inner_text()}, all open"


@pytest.mark.slow
@pytest.mark.parametrize("role", _ROLES)
def test_axe_finds_nothing_on_any_page_of_a_role(tab: Page, address: Any, role: str) -> None:
    """Wide, on a phone and at 400 %, light and dark; at a tenth a state has one of these looks."""
    assert {*_ROLES, "none"} == set(roles.ROLES)
    found, turns = {}, cycle(LOOKS)
    for state in list_states(tab, address, role):
        looks = list(LOOKS) if sizes.share() == "whole" else [next(turns)]
        if wrong := find_violations(tab, looks):
            found[state] = wrong
    assert found == {}


def test_axe_finds_nothing_on_today_and_in_its_dialog(tab: Page, address: Any) -> None:
    """A sample of the above, and a control: a picture without words is found."""
    look: list[Look] = [("dark", 390)]
    for state in list_states(tab, address, "pastoral"):
        if state in {"today", "today, log with an error"}:
            assert find_violations(tab, look) == []
        if state == "today, names":
            break
    assert tab.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == (
        "rgb(20, 25, 31)"
    )
    tab.evaluate("document.querySelector('main, .stMain').append(new Image())")
    assert "image-alt," in {each.split()[0] for each in find_violations(tab, look)}
