"""Files brought in by a real browser: wide and narrow, by keyboard, and one that is too large."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.schools.first_files import build_first_files
from tests.support.schools.good_exports import with_cell, write
from tests.support.schools.homes import keys_at
from tests.support.web.axe import Look, find_violations
from tests.support.web.browsers import NEEDS_BROWSER
from tests.support.web.first_walk import STEPS, walk, walking
from tests.support.web.servers import serving

pytestmark = NEEDS_BROWSER

_SIZES = (ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900))
_LOOKS: tuple[Look, ...] = (("light", 1280), ("light", 390))
_MOST_SECONDS = 300
_TOO_LARGE = 286 * 1024 * 1024


def test_a_manager_brings_files_in(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    Keys.create(create_demo(home))
    (tmp_path / "files").mkdir()
    files = write(with_cell("sdq.csv", 2, "date", "2026-02-30"), tmp_path / "files")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(_TOO_LARGE)
    with (
        serving(home, tmp_path / "log", role="manager") as served,
        browser.new_page(viewport=_SIZES[0]) as page,
    ):
        page.goto(served.link)
        page.get_by_role("heading", name="Bring in files").wait_for(timeout=60_000)
        chooser = page.locator("input[type=file]")
        chooser.set_input_files(large)
        expect(page.get_by_text("File must be 50.0MB or smaller.")).to_be_visible()
        page.reload()
        page.get_by_role("heading", name="Bring in files").wait_for(timeout=60_000)
        chooser.set_input_files(sorted(files.iterdir()))
        load = page.get_by_role("button", name="Load these files")
        for size in _SIZES:
            page.set_viewport_size(size)
            expect(load).to_be_visible(timeout=60_000)
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        expect(page.get_by_text("1 of 4 rows would be left out")).to_be_visible()
        page.get_by_role("button", name="Create a workbook of every row to fix").focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Save faults.xlsx").wait_for(timeout=30_000)
        with page.expect_download() as taken:
            page.get_by_role("link", name="Save faults.xlsx").click()
        assert Path(taken.value.path()).read_bytes()[:2] == b"PK"
        load.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Loaded: 3 children")).to_be_visible(timeout=60_000)


@pytest.mark.slow
def test_a_newcomer_gets_from_an_empty_home_to_today_by_the_page_alone(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transfer file of the whole school, a register of its own making, and terms as typed.

    No step is wider than a phone or breaks a rule of accessibility, and what the machine does
    takes five minutes at most: the rest of ten is for reading and typing.
    """
    monkeypatch.setenv("LAC_KEYS", keys_at(tmp_path / "home")["LAC_KEYS"])
    first, done = build_first_files(), dict[str, float]()
    begun = time.monotonic()

    def look(step: str) -> None:
        nonlocal begun
        done[step] = time.monotonic() - begun
        for size in _SIZES:
            page.set_viewport_size(size)
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), step
        assert find_violations(page, _LOOKS) == [], step
        begun = time.monotonic()

    with walking(tmp_path, first, browser) as (page, served):
        walk(page, served, tmp_path, first, look)
        assert tuple(done) == STEPS
        assert sum(done.values()) < _MOST_SECONDS
        expect(page.get_by_text("Register up to Friday 20 November 2026").first).to_be_visible()
        page.get_by_role("link", name="Children", exact=True).click()
        page.get_by_role("heading", name=re.compile("^21 children")).wait_for()
