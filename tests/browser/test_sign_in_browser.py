"""Signing in as a person does it: a real server, Chromium, two people at one computer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from safeguards.access.people import People, Person
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import LEAD, PEOPLE, real_home
from tests.support.web.browsers import NEEDS_BROWSER, chromium, sign_in
from tests.support.web.servers import serving

TEACHER = PEOPLE["teacher"]
LINE = "One short line, without names"
TYPED = "Carer agreed to call on Friday"

pytestmark = [pytest.mark.slow, NEEDS_BROWSER]


def open_tab(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)


def test_two_people_at_one_computer(tmp_path: Path) -> None:
    """The teacher types, her role is changed under her, nothing is lost; the lead sees none."""
    folder = real_home(tmp_path / "home")
    home, environ = Home.open(folder), keys_at(folder)
    keys = Keys.load(home, environ)
    people = People.load(home, keys)
    with serving(folder, tmp_path / "log.txt") as served, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        open_tab(page, served.link)
        assert page.get_by_text("Larkfield").count() == 0
        sign_in(page, TEACHER)
        expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()

        # every tab of the browser is hers; a deep link leads where it says
        second = context.new_page()
        second.goto(f"{served.address}/attendance")
        second.get_by_role("heading", name="Attendance", exact=True).wait_for(timeout=30_000)
        assert second.get_by_text("Look as").count() == 0
        second.goto(f"{served.address}/opened")  # the Headteacher's
        second.get_by_text(re.compile("does not seem to exist|Today")).first.wait_for()
        assert second.get_by_text("Identities opened").count() == 0
        second.close()

        page.get_by_text("Log an action").click()
        page.get_by_label(LINE).fill(TYPED)  # and no button is pressed

        people.add_or_replace(Person(TEACHER, "pastoral")).save(home, keys)
        page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
        expect(page.get_by_text("Your role was changed or taken away")).to_be_visible()
        page.get_by_text("What you had begun to type").click()
        expect(page.get_by_label(LINE)).to_have_value(TYPED)
        expect(page.get_by_role("button", name="Log this action")).to_be_disabled()

        people.save(home, keys)
        sign_in(page, TEACHER)
        page.get_by_text("Log an action").click()
        expect(page.get_by_label(LINE)).to_have_value(TYPED)

        people.add_or_replace(Person(TEACHER, "pastoral")).save(home, keys)
        page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
        page.get_by_text("What you had begun to type").click()
        expect(page.get_by_label(LINE)).to_have_value(TYPED)
        sign_in(page, LEAD)
        page.get_by_text("Log an action").click()
        expect(page.get_by_label(LINE)).to_have_value("")
        page.get_by_label(LINE).fill(TYPED)

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
        expect(page.get_by_label(LINE)).to_have_count(0)
        sign_in(page, LEAD)
        page.get_by_text("Log an action").click()
        expect(page.get_by_label(LINE)).to_have_value("")
