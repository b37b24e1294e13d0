"""A stopped server is said in our own words, and a tab keeps its role."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.text import words
from tests.support.schools.homes import demo_home
from tests.support.web.browsers import NEEDS_BROWSER
from tests.support.web.servers import free_port, serving
from tests.support.web.site import HEADINGS

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]


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
            page.get_by_role("combobox", name="View as").click()
            page.get_by_role("option", name=words.ROLES["head"]).click()
            reports = page.get_by_role("heading", name="Reports", exact=True)
            expect(reports).to_be_visible(timeout=20_000)
            page.reload()
            expect(reports).to_be_visible(timeout=20_000)
            page.get_by_role("combobox", name="View as").click()
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
