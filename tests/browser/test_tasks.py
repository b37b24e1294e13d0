"""What people come for, in as few clicks as was promised; and F5 keeps what was open."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.app_pages.today import FIRST
from dashboard.text import words
from tests.support.schools.authority import DAY, authority_home
from tests.support.web.browsers import NEEDS_BROWSER, find_in_menu, settle
from tests.support.web.servers import serving

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]
_ROW = ".rows"


class Clicks:
    """A page whose clicks are counted; each waits until the page has come to rest."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, what: Locator) -> None:
        what.click()
        self.count += 1
        self.page.wait_for_timeout(400)
        settle(self.page)

    def menu(self, page: str) -> None:
        self.on(find_in_menu(self.page, words.PAGES[page]))


@pytest.fixture
def clicks(browser: Browser, session: Any, address: str) -> Iterator[Clicks]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.add_cookies([session])
    page = context.new_page()
    page.goto(address)
    page.get_by_role("heading", name="Needs attention").wait_for(timeout=30_000)
    settle(page)
    # the rows' own script may come a moment after the rest
    listed = int(page.get_by_role("heading", level=1).inner_text().split()[0])
    expect(page.locator(".rows-look a")).to_have_count(min(listed, FIRST), timeout=30_000)
    yield Clicks(page)
    context.close()


def print_pages(page: Page) -> list[str]:
    """What stands on each page on paper, which says whose and what it is."""
    file = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    pages = [" ".join(sheet.get_textpage().get_text_range().split()) for sheet in file]
    title = page.get_by_role("heading", level=1).inner_text()
    for each in pages:
        assert re.match(rf"\S.* School · .* 2026 · {words.ROLES['dsl']} · .* · {title} ", each)
    return pages


def test_todays_list_is_printed_without_menu_and_buttons(clicks: Clicks) -> None:
    """One click, then Ctrl and P: each child and the footer, on one page of paper."""
    page = clicks.page
    children = page.locator(".rows-look a").all_inner_texts()
    clicks.on(page.get_by_role("button", name="Today's list"))
    assert clicks.count == 1
    (said,) = print_pages(page)
    assert [child for child in children if child not in said] == []
    assert "Contains personal data. Dispose of securely after use." in said
    assert "Show names" not in said
    assert "Data check" not in said


def test_a_pep_sheet_is_two_clicks(clicks: Clicks) -> None:
    """On one page of paper; the child's own page prints on three at most."""
    clicks.on(clicks.page.locator(".rows-look a").last)
    assert len(print_pages(clicks.page)) <= 3
    clicks.on(clicks.page.get_by_role("button", name="PEP sheet"))
    assert clicks.count == 2
    expect(clicks.page.get_by_role("heading", level=1)).to_contain_text("PEP sheet: ")
    expect(clicks.page.get_by_role("heading", level=1)).to_be_focused()
    assert len(print_pages(clicks.page)) == 1
    clicks.page.go_back()
    expect(clicks.page.get_by_role("heading", level=1)).not_to_contain_text("PEP sheet: ")
    assert "child=" in clicks.page.url


def test_f5_keeps_what_was_open(clicks: Clicks) -> None:
    """On each page: the page itself, its filters, the child, the sheet."""
    page, opened = clicks.page, []

    def look_again() -> None:
        heading = page.get_by_role("heading", level=1)
        before, address = heading.inner_text(), page.url
        pressed = page.locator("[aria-pressed=true], [aria-checked=true]")
        texts = pressed.all_inner_texts()
        page.reload()
        expect(heading).to_have_text(before, timeout=30_000)
        settle(page)
        assert page.url == address
        # on a busy computer a page is drawn in two goes, with a moment of rest between them
        expect(pressed).to_have_count(len(texts), timeout=20_000)
        assert pressed.all_inner_texts() == texts
        opened.append(urlsplit(address).path)

    look_again()
    for name, choices in {
        "children": ("Something overdue", "Looked after"),
        "attendance": ("Late this year",),
        "wellbeing": (),
        "learning": (),
        "plans": ("Overdue", "School"),
        "safeguarding": (),
        "rights": (),
        "bring_in": (),
        "data_check": (),
        "help": (),
    }.items():
        clicks.menu(name)
        for choice in choices:
            clicks.on(page.get_by_role("button", name=choice, exact=True))
        look_again()
    clicks.menu("children")
    clicks.on(page.locator(f"{_ROW} a").first)
    look_again()
    clicks.on(page.get_by_role("button", name="Meeting sheet"))
    look_again()
    assert len(set(opened)) == 12


# What a Virtual School's team asks over all its schools


@pytest.fixture
def authority(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The Today of the head of the made-up authority."""
    home = authority_home(tmp_path / "home")
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


def test_a_choice_of_children_is_no_step_for_who_goes_back(authority: Page) -> None:
    """It closes its list, goes along to the next page, and one press leads back from there."""
    title = authority.get_by_role("heading", level=1)
    authority.get_by_label("Only children of").press_sequentially("Reed")
    authority.keyboard.press("Enter")
    expect(title).to_contain_text("A. Reed (adviser) · ", timeout=30_000)
    expect(authority.get_by_role("listbox")).to_have_count(0)
    expect(authority.get_by_label("Only children of")).to_be_focused()
    authority.get_by_test_id("stTopNavSection").filter(has_text="Children").click()
    authority.get_by_test_id("stTopNavDropdownLink").filter(has_text="Caseloads").click()
    expect(title).to_contain_text("A. Reed (adviser) · Caseloads: ", timeout=30_000)
    settle(authority)
    assert "of=A.+Reed" in authority.url
    authority.go_back()
    expect(title).to_contain_text("need attention", timeout=30_000)
