"""Chromium for the tests that need a real browser; what it may do is said once, here.

Such a test fails where Chromium is missing, so that nobody takes a skip for a pass;
LAC_NO_BROWSER=1 says on purpose that this machine has none.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.schools.real_home import phrase_of

_IS_WITHOUT = os.environ.get("LAC_NO_BROWSER") == "1"
_REASON = "LAC_NO_BROWSER=1: no browser on this machine"
NEEDS_BROWSER = pytest.mark.skipif(_IS_WITHOUT, reason=_REASON)

#: It asks nobody anything by itself; tabs of one site share what was worked out of its scripts.
_ARGUMENTS = [
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
        opened = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield opened
        opened.close()


def sign_in(page: Page, name: str) -> None:
    """Sign in as this person of `real_home`, on the page that asks for it."""
    page.get_by_role("combobox", name="Your name").click()
    page.get_by_role("option", name=name).click()
    page.get_by_label("Your passphrase").fill(phrase_of(name))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text(f"Signed in: {name}").wait_for(timeout=60_000)
