"""The Reports page in a real browser: files are saved, and nothing typed is lost or left behind."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from safeguards.disclosure.drafts import Drafts
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.real_home import PEOPLE
from tests.support.web.browsers import NEEDS_BROWSER, settle, view_as

pytestmark = NEEDS_BROWSER

TEACHER, HEAD = PEOPLE["teacher"], PEOPLE["head"]
GOOD = "What went well?"
TYPED = "Reading at home is kept up."
_WIDE, _PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)


@pytest.fixture(
    params=[
        pytest.param(_WIDE, id="1280"),
        pytest.param(_PHONE, id="390", marks=pytest.mark.slow),  # test_browser has a quick one
    ]
)
def page(
    request: pytest.FixtureRequest, contexts: Callable[..., BrowserContext], address: str
) -> Iterator[Page]:
    tab = contexts(_WIDE).new_page()
    view_as(tab, address, "head")
    tab.get_by_role("link", name="Reports", exact=True).click()
    tab.get_by_role("heading", name="Reports", exact=True).wait_for(timeout=30_000)
    tab.set_viewport_size(request.param)
    yield tab
    tab.close()


def at_step(page: Page, step: str) -> None:
    settle(page)
    page.get_by_role("radio", name=step).click()
    settle(page)


def field(page: Page) -> Any:
    return page.get_by_role("textbox", name=GOOD)


def open_summary(page: Page) -> None:
    page.get_by_text("What we ask of governors: ").click()
    settle(page)


def test_a_draft_is_saved_as_word_as_pdf_and_whole(page: Page) -> None:
    for step in ("2. Preview", "3. Your comments", "4. Download"):
        at_step(page, step)
    page.get_by_role("button", name="Make a draft").click()
    for label, name in (
        ("Part One as Word", "governor-report-termly-2026-11-20-draft-part-one.docx"),
        ("Part One as PDF", "governor-report-termly-2026-11-20-draft-part-one.pdf"),
        ("All parts (zip)", "governor-report-termly-2026-11-20-draft.zip"),
    ):
        with page.expect_download(timeout=60_000) as saved:
            page.get_by_role("link", name=label).click(timeout=60_000)
        assert saved.value.suggested_filename == name


@pytest.mark.slow
def test_words_are_looked_through_kept_and_there_after_another_page(page: Page, home: Path) -> None:
    at_step(page, "3. Your comments")
    open_summary(page)
    field(page).fill(f"{TYPED} No child was at risk.")
    page.get_by_text("What do you ask of governors?").first.click()  # the cursor leaves the field
    expect(page.get_by_text('Say "needs attention".')).to_be_visible(timeout=30_000)
    settle(page)
    if page.viewport_size == _WIDE:  # a phone has its menu shut
        page.get_by_role("link", name="Help", exact=True).click(delay=80)
        page.get_by_role("heading", name="Help", exact=True).wait_for(timeout=30_000)
        page.get_by_role("link", name="Reports", exact=True).click(delay=80)
        page.get_by_role("heading", name="Reports", exact=True).wait_for(timeout=30_000)
        settle(page)
        open_summary(page)
        expect(field(page)).to_have_value(f"{TYPED} No child was at risk.")
    field(page).fill(f"{TYPED} {page.viewport_size}")
    # pressed at once: a slow press can miss, since the remarks beside the field move the button
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible(timeout=30_000)
    opened = Home.open(home)
    kept = Drafts.open(opened, Keys.load(opened)).list_all()
    assert (kept[-1].prompt, kept[-1].text) == ("good_things", f"{TYPED} {page.viewport_size}")
