"""A morning as people have it: old files, a colleague's call, a stopped server.

And a role that a tab keeps.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.text import words
from tests.support.schools.homes import demo_home
from tests.support.web.browsers import NEEDS_BROWSER, settle
from tests.support.web.servers import Served, free_port, serving
from tests.support.web.site import HEADINGS

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]

_LOG = re.compile("^Log an action for")


@contextmanager
def desks(browser: Browser, served: Served, *roles: str) -> Iterator[list[Page]]:
    """A browser a role."""
    cookie = {"name": served.cookie_name, "value": served.come_in(), "url": served.address}
    contexts = [browser.new_context(viewport={"width": 1280, "height": 900}) for _ in roles]
    pages = []
    for role, context in zip(roles, contexts, strict=True):
        context.add_cookies([cookie])  # type: ignore[list-item]
        pages.append(context.new_page())
        pages[-1].goto(f"{served.address}/?role={role}")
        expect(pages[-1].get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        settle(pages[-1])
    yield pages
    for context in contexts:
        context.close()


def test_files_are_old_and_a_colleague_sees_the_call_of_this_morning(
    browser: Browser, tmp_path: Path
) -> None:
    """Eight days after the files; the colleague's open page has it without a click."""
    home = demo_home(tmp_path / "home")
    with (
        serving(home, tmp_path / "log.txt", role="teacher", as_at="2026-11-28") as served,
        desks(browser, served, "teacher", "pastoral") as (page, colleague),
    ):
        old = "Register up to Friday 20 November 2026: 5 school days are missing."
        for each in (page, colleague):
            expect(each.get_by_text(old)).to_be_visible()
        button = page.get_by_role("button", name=_LOG).first
        child = (button.text_content() or "").partition("Log an action for ")[2].strip()
        row = colleague.get_by_role("row").filter(has=colleague.get_by_role("link", name=child))
        expect(row.first).to_contain_text("No action logged")
        button.click()
        page.get_by_role("dialog").get_by_text("Called the carer").click()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Logged for")).to_be_visible(timeout=20_000)
        expect(row.filter(has_text="No action logged")).to_have_count(0, timeout=20_000)


def test_a_stopped_server_is_said_in_our_own_words(browser: Browser, tmp_path: Path) -> None:
    """Nothing of a child is left to read, what to do stands there, and so it stays.

    Before, the tab keeps its role when it is loaded again.
    """
    home, port = demo_home(tmp_path / "home"), free_port()
    with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
        heading = page.get_by_role("heading", name=re.compile(HEADINGS["today"]))
        with serving(home, tmp_path / "log.txt", port=port, role="dsl") as served:
            page.goto(served.link)
            expect(heading).to_be_visible(timeout=30_000)
            page.get_by_role("combobox").first.click()
            page.get_by_role("option", name=words.ROLES["head"]).click()
            reports = page.get_by_role("heading", name="Reports", exact=True)
            expect(reports).to_be_visible(timeout=20_000)
            page.reload()
            expect(reports).to_be_visible(timeout=20_000)
            page.get_by_role("combobox").first.click()
            page.get_by_role("option", name=words.ROLES["dsl"]).click()
            expect(heading).to_be_visible(timeout=20_000)
        _expect_own_words(page)
        with serving(home, tmp_path / "log.txt", port=port, role="dsl"):
            page.wait_for_timeout(4_000)
            _expect_own_words(page)
            page.reload()
            expect(page.get_by_role("heading", name="Start from the link")).to_be_visible()


def _expect_own_words(page: Page) -> None:
    told = "getComputedStyle(document.body, '::after').content"
    ready = "getComputedStyle(document.body, '::after').visibility === 'visible'"
    page.wait_for_function(ready, timeout=30_000)
    assert "Nothing that was saved is lost." in page.evaluate(told)
    seen = page.locator("h1, [role=dialog]").filter(visible=True)
    assert seen.count() == 0
