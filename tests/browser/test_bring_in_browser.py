"""Files brought in by a real browser: wide and narrow, by keyboard, and one that is too large."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from intake.check.upn import compute_check_letter
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.commands import lac
from tests.support.schools.first_files import build_first_files
from tests.support.schools.good_exports import with_cell, write
from tests.support.schools.homes import keys_at
from tests.support.web.axe import Look, find_violations
from tests.support.web.browsers import NEEDS_BROWSER
from tests.support.web.first_walk import STEPS, walk, walking
from tests.support.web.servers import serving
from tests.support.web.site import HEADINGS

pytestmark = NEEDS_BROWSER

_SIZES = (ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900))
_EXAMPLES = Path(__file__).parents[1] / "intake" / "national" / "examples"
_TRANSFER_FILE = _EXAMPLES / "ctf25_made_up_0122001_CTF_012LLLL_001.xml"
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
        page.get_by_role("button", name="Make a workbook of every row to fix").focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Save faults.xlsx").wait_for(timeout=30_000)
        with page.expect_download() as taken:
            page.get_by_role("link", name="Save faults.xlsx").click()
        assert Path(taken.value.path()).read_bytes()[:2] == b"PK"
        load.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Loaded: 3 children")).to_be_visible(timeout=60_000)


@pytest.mark.slow
def test_a_new_school_gets_from_its_own_files_to_today(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real home made just now, a transfer file, a grid of its own, and the rest typed."""
    home, phrase = tmp_path / "home", "five plain words of hers"
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    people = ("--school", "Brook Lane", "--lead", "R. Lead", "--deputy", "")
    assert lac("init", "--home", home, *people, answer=f"{phrase}\n{phrase}\n").exit_code == 0
    orla, ned = (compute_check_letter(each) + each for each in ("201200121004", "201200120017"))
    transfer = _TRANSFER_FILE.read_text(encoding="utf-8")
    transfer = re.sub(r"<Attendance>.*?</Attendance>", "", transfer, flags=re.DOTALL)
    transfer = transfer.replace("U012200121004", orla).replace("N012200120017", ned)
    transfer = re.sub("<FormerUPN>.*</FormerUPN>", "", transfer)
    grid = "Register of 5E\nUPN no.,Child,AM 2 Sep,PM 2 Sep,AM 3 Sep,PM 3 Sep\n"
    grid += f"{orla},Orla,/,/,I,I\n{ned},Ned,/,/,/,/\n"
    files = {"x.xml": transfer, "5E.csv": grid}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with serving(home, tmp_path / "log") as served, browser.new_page(viewport=_SIZES[1]) as page:
        page.set_default_timeout(60_000)
        page.goto(served.link)
        page.get_by_role("combobox", name="Your name").click()
        page.get_by_role("option", name="R. Lead").click()
        page.get_by_label("Your passphrase").fill(phrase)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Bring in files").wait_for()
        page.locator("input[type=file]").set_input_files([tmp_path / name for name in files])
        page.get_by_label("In which year does their school year begin").fill("2025")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Yes, read such files").click()
        page.get_by_text("5E.csv was read as attendance.csv").wait_for()
        page.get_by_text("junior", exact=True).click()
        page.get_by_label("The school's Department for Education number").fill("2012001")
        page.get_by_label("The school's name").fill("Brook Lane")
        page.get_by_role("textbox", name="Terms and staff").fill("term, 01/09/2025, 24/10/2025")
        care = f"{orla}, looked after, 14/05/2024, Ashmere"
        page.get_by_role("textbox", name="Children in care or").fill(care)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("1 child would be shown")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Load these files").click()
        page.get_by_text("The pages show them now").wait_for()
        page.get_by_role("link", name="Today", exact=True).click()
        page.get_by_role("heading", name=re.compile(HEADINGS["today"])).wait_for()
        expect(page.get_by_text("Register up to Wednesday 3 September 2025").first).to_be_visible()


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
        page.get_by_role("heading", name=re.compile("^22 children")).wait_for()
