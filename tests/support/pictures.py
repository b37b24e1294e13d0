"""The pictures of README and docs, made from the demo: light, 1280 wide, a few colours.

    python -m tests.support.pictures

They are made in Chromium from a fresh demo home, so they show the pages as they are.
"""

import io
import os
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from dashboard.text import words
from tests.support.schools.first_files import build_first_files
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.browsers import chromium, settle
from tests.support.web.first_walk import walk, walking
from tests.support.web.servers import Served, serving

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
#: Each picture of the demo with its page and the role that has it; `child` is the last one listed.
_OF_DEMO = {
    "today": "teacher",
    "children": "teacher",
    "child": "teacher",
    "attendance": "teacher",
    "plans": "teacher",
    "data_check": "dsl",
}
#: Each picture of the way from an empty home to Today, with its step of `first_walk`, and what to
#: have at its top.
_OF_START = {
    "start_drop": ("drop", ""),
    "start_map": ("map", "How should"),
    "start_type": ("type", "What each file is"),  # below the children's numbers
    "start_load": ("load", ""),
    "start_today": ("today", ""),
}
PICTURES = (*_OF_DEMO, *_OF_START)
_WIDTH, _HEIGHT = 1280, 900
#: Of a page that is longer, so much is shown; and this above a heading.
_MOST, _ABOVE_HEADING = 1200, 4
#: Colours that are kept: enough for letters with soft edges, and small files.
_COLOURS = 48


def main() -> None:
    """Make every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lac-pictures-") as temporary:
        home = demo_home(Path(temporary) / "home", years=3)
        os.environ |= {"LAC_KEYS": keys_at(home)["LAC_KEYS"]}
        with chromium() as browser:
            for role in dict.fromkeys(_OF_DEMO.values()):
                with serving(home, Path(temporary) / f"{role}.txt", role=role) as served:
                    _take(browser, served, [name for name in _OF_DEMO if _OF_DEMO[name] == role])
    take_start()


def take_start() -> None:
    """Make the pictures of the way from an empty home to Today."""
    with tempfile.TemporaryDirectory(prefix="lac-start-") as temporary, chromium() as browser:
        folder, first = Path(temporary), build_first_files()
        os.environ |= {"LAC_KEYS": keys_at(folder / "home")["LAC_KEYS"]}
        with walking(folder, first, browser) as (page, served):
            steps = {step: (name, top) for name, (step, top) in _OF_START.items()}

            def show(step: str) -> None:
                if step in steps:
                    _save(page, steps[step][0], steps[step][1])
                    page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})

            walk(page, served, folder, first, show)


def _take(browser: Browser, served: Served, names: list[str]) -> None:
    context = browser.new_context(
        viewport={"width": _WIDTH, "height": _HEIGHT}, locale="en-GB", color_scheme="light"
    )
    visitor = {"name": served.cookie_name, "value": served.come_in(), "url": served.address}
    context.add_cookies([visitor])  # type: ignore[list-item]
    page = context.new_page()
    for name in names:
        page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
        page.goto(f"{served.address}/{'children' if name == 'child' else name}")
        page.get_by_role("heading", level=1).wait_for()
        settle(page)
        if name == "child":
            page.locator(".rows-kid a").last.click()
            page.locator(".strip").wait_for()
        _save(page, name)
    context.close()


def _save(page: Page, name: str, heading: str = "") -> None:
    """The whole page, or from a heading on, once charts are drawn and the window is as high."""
    page.mouse.move(0, 0)  # over no chart, whose small menu would show
    page.wait_for_timeout(1500)
    if (pointers := page.get_by_role("button", name="Got it")).count():  # of a first visit
        pointers.click()
        pointers.wait_for(state="detached")
    settle(page)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": _WIDTH, "height": height if heading else min(height, _MOST)})
    page.wait_for_timeout(500)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    if heading:
        box = page.get_by_role("heading", name=heading).first.bounding_box()
        assert box is not None
        top = int(box["y"]) - _ABOVE_HEADING
        shot = shot.crop((0, top, _WIDTH, min(height, top + _MOST)))
    shot.quantize(_COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    assert _OF_DEMO.keys() <= words.PAGES.keys()
    main()
