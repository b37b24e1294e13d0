"""The way of a newcomer from an empty home to Today, on the page alone.

One walk for the test of it, for the pictures of it, and for its times.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.commands import lac
from tests.support.schools.first_files import FirstFiles
from tests.support.web.browsers import settle
from tests.support.web.servers import Served, serving

#: The steps, in their order.
STEPS = ("sign in", "drop", "map", "type", "load", "today")
_LEAD, _PHRASE = "R. Lead", "five plain words of hers"
#: In ms; a busy machine takes its time.
_PATIENCE = 90_000


@dataclass(frozen=True)
class Pace:
    """How long a person looks at a page before the next step, and takes for a key, in ms."""

    look: int = 0
    key: int = 0


@contextmanager
def walking(folder: Path, first: FirstFiles, browser: Browser) -> Iterator[tuple[Page, Served]]:
    """A page of `lac run` on a home that `lac init` has just made, and the files beside it.

    LAC_KEYS must say where its keys lie: see `homes.keys_at`.
    """
    home = folder / "home"
    people = ("--school", first.name, "--lead", _LEAD, "--deputy", "")
    assert lac("init", "--home", home, *people, answer=f"{_PHRASE}\n" * 2).exit_code == 0
    for name, text in first.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    size = ViewportSize(width=1280, height=900)
    with (
        serving(home, folder / "log") as served,
        browser.new_page(viewport=size, locale="en-GB", color_scheme="light") as page,
    ):
        page.set_default_timeout(_PATIENCE)
        yield page, served


def walk(
    page: Page,
    served: Served,
    folder: Path,
    first: FirstFiles,
    at: Callable[[str], None],
    pace: Pace | None = None,
) -> None:
    """From the link to Today; `at` is called once each step is done and the page at rest."""
    pace = pace or Pace()

    def reach(step: str) -> None:
        settle(page)
        at(step)
        page.wait_for_timeout(pace.look)

    page.goto(served.link)
    page.get_by_role("combobox", name="Your name").click()
    page.get_by_role("option", name=_LEAD).click()
    page.get_by_label("Your passphrase").press_sequentially(_PHRASE, delay=pace.key)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Bring in files").wait_for()
    reach("sign in")
    page.locator("input[type=file]").set_input_files([folder / name for name in first.files])
    page.get_by_role("heading", name="Still missing").wait_for()
    reach("drop")
    field = page.get_by_label(re.compile('"p" mean'))
    field.press_sequentially("/", delay=pace.key)
    page.keyboard.press("Enter")
    field.wait_for(state="detached")
    page.get_by_text("Its first rows would be read like this").wait_for()
    reach("map")
    page.get_by_role("button", name="Yes, always read such files").click()
    page.get_by_text("was read as attendance.csv, by the mapping").wait_for()
    settle(page)
    field = page.get_by_label("The school's Department for Education number")
    field.press_sequentially(first.number, delay=pace.key)
    page.get_by_label("The school's name").press_sequentially(first.name, delay=pace.key)
    page.get_by_text("junior", exact=True).click()
    page.get_by_role("textbox", name="Terms and staff").press_sequentially(
        first.terms, delay=pace.key
    )
    page.get_by_role("textbox", name="Children in care or").fill(first.care)  # pasted from a list
    page.keyboard.press("Control+Enter")
    page.get_by_text("would be shown, with data up to").wait_for()
    reach("type")
    page.get_by_role("button", name="Load these files").click()
    page.get_by_text("The pages show them now").wait_for()
    reach("load")
    page.get_by_role("link", name="Go to Today").click()
    page.get_by_role("heading", name=re.compile("need attention")).wait_for()
    reach("today")
