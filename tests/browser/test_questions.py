"""What a Virtual School's team asks over all its schools: each at most two clicks from Today."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.text import words
from tests.support.schools.authority import DAY, authority_home
from tests.support.web.browsers import NEEDS_BROWSER, find_in_menu, settle
from tests.support.web.servers import serving

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]

#: By question the page, what is pressed on it, and the heads that answer it.
QUESTIONS = {
    "who is on a caseload, where": ("schools", "In care", "School, Authority, Order, Home"),
    "who has no school place": ("schools", "No school place", "Days without, In its place"),
    "who has a part-time one": ("schools", "Part-time", "What, From, Agreed by"),
    "PEPs held, by school": ("schools", "Files and plans", "PEP meetings held"),
    "PEPs on time, and how good": ("schools", "PEPs", "Latest meeting, Quality"),
    "what is overdue, by school and holder": (
        "schools",
        "Files and plans",
        "Overdue, Waiting on others",
    ),
    "what is overdue, date by date": ("plans", "Overdue", "What, When, For"),
    "attendance by school": ("schools", "Attendance", "Missed, Unauthorised, Suspensions"),
    "who is out, and why": ("schools", "Out on the last day", "AM, PM"),
    "suspensions": ("schools", "Suspended", "From, Kind, Sessions"),
    "moves of school, home, social worker": ("schools", "Moved", "Homes, Schools, Social workers"),
    "progress": ("learning", "", "Reading, Writing, Maths"),
    "pupil premium, by school and term": ("schools", "Pupil premium", "Term, Planned, Spent"),
    "plans, and who must act": ("schools", "Plans (EHCP)", "Stage, Weeks, Next step"),
    "which school has sent what": ("schools", "Files and plans", "Register up to, Files came in"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up authority."""
    return authority_home(tmp_path_factory.mktemp("authority") / "home")


@pytest.fixture
def today(browser: Browser, home: Path, tmp_path: Path) -> Iterator[Page]:
    """Its head's Today."""
    with serving(home, tmp_path / "log.txt", as_at=f"{DAY}") as served:
        cookie = {"name": served.cookie_name, "value": served.come_in(), "url": served.address}
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(served.address)
        page.get_by_role("heading", name="Needs attention").wait_for(timeout=60_000)
        settle(page)
        yield page
        context.close()


def test_each_question_is_answered_two_clicks_from_today(today: Page) -> None:
    """A list with these columns, of which no row is blank; on a phone nothing is cut."""
    faults = {}
    for question, (page, pressed, heads) in QUESTIONS.items():
        find_in_menu(today, words.PAGES["today"]).click()
        settle(today)
        clicks = [find_in_menu(today, words.PAGES[page])]
        clicks += [today.get_by_role("main").get_by_text(pressed, exact=True)] if pressed else []
        for each in clicks:
            each.first.click()
            today.wait_for_timeout(400)
            settle(today)
        shown = today.locator(".rows").first
        expect(shown.locator("tbody tr").first).to_be_visible(timeout=30_000)
        told = [re.sub(r"\s+", " ", text) for text in shown.locator("th").all_inner_texts()]
        lacking = set(heads.split(", ")) - set(told)
        rows = shown.locator("tbody tr").all_inner_texts()
        if lacking or not all(row.strip() for row in rows):
            faults[question] = lacking
        today.set_viewport_size({"width": 390, "height": 844})
        settle(today)  # no wider than the window
        today.set_viewport_size({"width": 1280, "height": 900})
    assert faults == {}
