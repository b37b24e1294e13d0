"""Chromium for the tests that need a real browser; what it may do is said once, here.

Such a test fails where Chromium is missing, so that nobody takes a skip for a pass;
LAC_NO_BROWSER=1 says on purpose that this machine has none.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from dashboard.server.guard import RENEWAL_PATH
from dashboard.text import words
from tests.support.schools.real_home import phrase_of

_IS_WITHOUT = os.environ.get("LAC_NO_BROWSER") == "1"
_REASON = "LAC_NO_BROWSER=1: no browser on this machine"
NEEDS_BROWSER = pytest.mark.skipif(_IS_WITHOUT, reason=_REASON)

#: It asks nobody anything by itself; tabs of one site share what was worked out of its scripts.
ARGUMENTS = [
    "--process-per-site",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser until the end of the block; no other is open in this process meanwhile."""
    if _IS_WITHOUT:
        pytest.skip(_REASON)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not here: apt-get install chromium, or set LAC_NO_BROWSER=1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


def sign_in(page: Page, name: str) -> None:
    """Sign in as this person of `real_home`, on the page that asks for it."""
    page.get_by_role("combobox", name="Your name").click()
    page.get_by_role("option", name=name).click()
    page.get_by_label("Your passphrase").fill(phrase_of(name))
    # whoever leaves before the new cookie is there signs in again
    with page.expect_response(lambda answer: RENEWAL_PATH in answer.url, timeout=60_000):
        page.get_by_role("button", name="Sign in").click()
    page.get_by_text(f"Signed in: {name}").wait_for(timeout=60_000)


def view_as(page: Page, address: str, role: str) -> None:
    """Open the dashboard of a demo home, in one of its roles."""
    page.goto(address)
    settle(page)
    page.get_by_role("combobox", name="View as").click()
    page.get_by_role("option", name=words.ROLES[role]).click()
    page.get_by_text(f"· {words.ROLES[role]}").wait_for()
    settle(page)


#: One run may end and the next begin a moment later: at rest is what stays the same for two looks.
_IS_AT_REST = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const seen = app?.dataset.testScriptState === "notRunning" && app.innerHTML.length;
    const isAtRest = seen && seen === window.seenBefore;
    window.seenBefore = seen;
    return isAtRest;
}"""


def settle(page: Page) -> None:
    """The page has come to rest, without a fault and no wider than its window."""
    page.wait_for_function(_IS_AT_REST, polling=150, timeout=30_000)
    assert page.locator("[data-testid=stException]").count() == 0
    assert not re.search(r"Traceback|Something went wrong", page.inner_text("body"))
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth)"
    )
    assert max(widths) <= 0


def find_in_menu(page: Page, title: str) -> Locator:
    """The link to a page, in the menu or behind "2 more" where the line has no room for it."""
    name = re.compile(f"^{title}$")
    page.get_by_test_id("stTopNavLink").filter(has_text=name).wait_for(state="attached")
    shown = page.locator('[data-testid="stTopNavLink"]:not([inert] *)').filter(has_text=name)
    if shown.count() == 0:
        # on a busy computer the line finds out late how much room it has: "2 more" may go meanwhile
        with suppress(PlaywrightTimeoutError):
            page.get_by_test_id("stTopNavSection").click(timeout=5_000)
    return shown.or_(page.get_by_test_id("stTopNavDropdownLink").filter(has_text=name)).first


def open_all(page: Page) -> int:
    """Show each table in place of its chart, and all that is folded; how many there were."""
    count: int = page.evaluate(
        """() => {
            const shut = [...document.querySelectorAll(
                "[data-testid=stExpander] details:not([open]) > summary,"
                + "[data-testid=stCheckbox] input:not(:checked):not(:disabled),"
                + ".fold[aria-expanded=false]")];
            shut.forEach(each => each.click());
            return shut.length;
        }"""
    )
    page.wait_for_timeout(300)  # a click is sent a moment later
    settle(page)
    return count
