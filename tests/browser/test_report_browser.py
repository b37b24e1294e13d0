"""The Reports page in a real browser: files are saved, and nothing typed is lost or left behind."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from safeguards.access.people import People, Person
from safeguards.disclosure.drafts import Drafts
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import PEOPLE, real_home
from tests.support.web.browsers import NEEDS_BROWSER, settle, sign_in, view_as
from tests.support.web.servers import serving

pytestmark = NEEDS_BROWSER

TEACHER, HEAD = PEOPLE["teacher"], PEOPLE["head"]
GOOD = "What went well?"
TYPED = "Reading at home is kept up."
#: Some seven hundred words; an answer has 4,000 characters at most.
LONG = " ".join(f"In week {n} of the term {TYPED.lower()}" for n in range(1, 61))
#: Where an element stands in the page: at another place it is another field, and empty.
_PLACE = """element => {
    const place = [];
    for (let at = element; at.dataset.testid !== "stMainBlockContainer"; at = at.parentElement)
        place.unshift([...at.parentElement.children].indexOf(at));
    return place.join(" ");
}"""
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
def test_what_is_typed_outlasts_the_sign_in_and_is_no_other_persons(
    browser: Browser, tmp_path: Path
) -> None:
    """The role is changed under the teacher's cursor; what she typed is hidden, and hers."""
    folder = real_home(tmp_path / "home", children=12)
    home = Home.open(folder)
    keys = Keys.load(home, keys_at(folder))
    people = People.load(home, keys)
    with serving(folder, tmp_path / "log.txt") as served:
        context = browser.new_context(viewport=_WIDE, locale="en-GB")
        page = context.new_page()

        def away(name: str) -> None:
            """Somebody is signed out, and comes back to nothing but the form."""
            page.wait_for_timeout(1_000)  # the browser takes a line for typed after a moment
            people.add_or_replace(Person(name, "pastoral")).save(home, keys)
            page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
            people.save(home, keys)

        page.goto(served.link)
        page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
        sign_in(page, TEACHER)
        page.get_by_role("link", name="Reports", exact=True).click()
        page.get_by_role("heading", name="Reports", exact=True).wait_for(timeout=30_000)
        at_step(page, "3. Your comments")
        open_summary(page)
        field(page).focus()
        page.keyboard.insert_text(LONG)
        field(page).press_sequentially(" And more.")  # and the cursor stays where it is
        typed = f"{LONG} And more."
        expect(field(page)).to_have_value(typed)
        place = field(page).evaluate(_PLACE)

        away(TEACHER)
        settle(page)
        expect(field(page)).not_to_be_visible()
        assert page.locator("textarea").and_(page.get_by_label(GOOD)).evaluate(_PLACE) == place
        sign_in(page, TEACHER)
        settle(page)
        open_summary(page)
        expect(field(page)).to_have_value(typed)

        field(page).press("Control+End")
        field(page).press_sequentially(" More.")
        away(TEACHER)
        settle(page)
        page.get_by_text("What we ask of governors: ").click()
        expect(field(page)).to_have_value(f"{typed} More.")
        sign_in(page, HEAD)
        page.get_by_role("link", name="Reports", exact=True).click()
        at_step(page, "3. Your comments")
        open_summary(page)
        expect(field(page)).to_have_value("")
        context.close()
    assert Drafts.open(home, keys).list_all() == ()
