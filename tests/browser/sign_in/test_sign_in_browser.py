"""Signing in as a person does it: a real server, Chromium, two people at one computer."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from safeguards.access.people import People, Person
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import LEAD, PEOPLE, real_home
from tests.support.web.browsers import NEEDS_BROWSER, settle, sign_in
from tests.support.web.servers import serving
from tests.support.web.site import HEADINGS

TEACHER = PEOPLE["teacher"]
LINE = "In a few words (optional, no names)"
TYPED = "Carer agreed to call on Friday"

pytestmark = NEEDS_BROWSER


def load_people(folder: Path) -> tuple[Home, Keys, People]:
    home = Home.open(folder)
    keys = Keys.load(home, keys_at(folder))
    return home, keys, People.load(home, keys)


def open_tab(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)


def refuse_passphrase(page: Page) -> None:
    """A wrong one is said so, and the field for the next has the focus."""
    settle(page)
    page.get_by_label("Your passphrase").fill("of somebody else")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for(timeout=60_000)
    expect(page.get_by_label("Your passphrase")).to_be_focused()


def test_two_people_at_one_computer(browser: Browser, tmp_path: Path) -> None:
    """The teacher types, her role is changed under her, nothing is lost; the lead sees none."""
    folder = real_home(tmp_path / "home")
    home, keys, people = load_people(folder)
    with (
        serving(folder, tmp_path / "log.txt") as served,
        browser.new_context(viewport={"width": 1280, "height": 900}) as context,
    ):
        page = context.new_page()
        open_tab(page, served.link)
        assert page.get_by_text("Larkfield").count() == 0
        refuse_passphrase(page)
        sign_in(page, TEACHER)
        expect(page.get_by_role("heading", name=re.compile(HEADINGS["today"]))).to_be_visible()

        # every tab of the browser is hers; a deep link leads where it says
        second = context.new_page()
        second.goto(f"{served.address}/attendance")
        second.get_by_role("heading", name=re.compile(HEADINGS["attendance"])).wait_for(
            timeout=30_000
        )
        assert second.get_by_text("View as").count() == 0
        second.goto(f"{served.address}/opened")  # the Headteacher's
        second.get_by_text(re.compile(f"is not for your role|{HEADINGS['today']}")).first.wait_for()
        assert second.get_by_text("Identities opened").count() == 0
        second.close()

        open_log(page)
        page.get_by_label(LINE).fill(TYPED)  # and no button is pressed
        page.wait_for_timeout(1_000)  # the browser takes a line for typed after a moment

        people.add_or_replace(Person(TEACHER, "pastoral")).save(home, keys)
        page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
        expect(page.get_by_text("Your role was changed or taken away")).to_be_visible()
        settle(page)
        expect(page.get_by_label(LINE)).to_have_count(0)

        people.save(home, keys)
        sign_in(page, TEACHER)
        expect(page.get_by_label(LINE)).to_have_value(TYPED)

        people.add_or_replace(Person(TEACHER, "pastoral")).save(home, keys)
        page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
        sign_in(page, LEAD)
        expect(page.get_by_role("heading", name=re.compile(HEADINGS["today"]))).to_be_visible()
        expect(page.get_by_label(LINE)).to_have_count(0)
        open_log(page)
        expect(page.get_by_label(LINE)).to_have_value("")
        page.get_by_label(LINE).fill(TYPED)
        page.keyboard.press("Escape")

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
        expect(page.get_by_label(LINE)).to_have_count(0)
        sign_in(page, LEAD)
        open_log(page)
        expect(page.get_by_label(LINE)).to_have_value("")


def open_log(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Log an action for")).first.click(timeout=30_000)
    page.get_by_label(LINE).wait_for(timeout=30_000)


#: Longer than two minutes, and Streamlit has forgotten the tab.
_AWAY_MS = int(os.environ.get("LAC_AWAY_MS", "1000"))
#: A browser whose line to the server can be cut and mended.
_CUT = """
const Whole = window.WebSocket, lines = [];
window.WebSocket = class extends Whole {
    constructor(address, ...more) {
        super(window.isCut ? "ws://127.0.0.1:9/" : address, ...more);
        lines.push(this);
    }
};
window.cut = isCut => {
    window.isCut = isCut;
    if (isCut) lines.forEach(line => line.close());
};
"""


@pytest.mark.slow
def test_a_tab_that_was_away_does_not_show_what_is_over(browser: Browser, tmp_path: Path) -> None:
    """A closed lid: whoever was taken off the list meanwhile is out as soon as it opens."""
    folder = real_home(tmp_path / "home")
    home, keys, people = load_people(folder)
    with serving(folder, tmp_path / "log.txt") as served, browser.new_page() as page:
        page.add_init_script(_CUT)
        open_tab(page, served.link)
        sign_in(page, TEACHER)
        page.get_by_role("heading", name=re.compile(HEADINGS["today"])).wait_for(timeout=30_000)
        page.evaluate("cut(true)")
        page.wait_for_timeout(_AWAY_MS)
        people.add_or_replace(Person(TEACHER, "pastoral")).save(home, keys)
        page.wait_for_timeout(3_000)  # nobody is told what nobody sees
        assert page.locator("h1").inner_text() != "Sign in"  # it may lie behind "Connection error"
        page.evaluate("cut(false)")
        page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
        settle(page)  # what was drawn before goes when the new page has been drawn
        assert page.get_by_text("Needs attention").count() == 0
