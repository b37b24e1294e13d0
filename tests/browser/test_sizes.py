"""Every page with few children and with many, with long names and reasons: nothing is cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.app_pages.today import FIRST
from dashboard.text import words
from safeguards.access import roles
from tests.support import sizes
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.browsers import NEEDS_BROWSER, open_all, settle
from tests.support.web.servers import Served, serving

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]
_WIDTHS = {1280: 900, 390: 844}
_ROLE = "dsl"
#: How many children a school has on its pages; a tenth takes none and many.
_CHILDREN = (0, 1, 2, 5, 30, 300) if sizes.share() == "whole" else (0, 300)
_PAGES = [page for page in words.PAGES if page != "child" and roles.is_allowed(_ROLE, page)]
#: Words that stand past their place or the window, but for what is drawn or typed.
_FIND_CUT = """() => {
    const apart = "svg, style, .label, em, .rest, input, [hidden], pre";
    const found = [...document.querySelectorAll("pre")]  // where a tab may hang past the edge
        .filter(part => part.scrollWidth > part.clientWidth).map(part => part.innerText);
    const walk = document.createTreeWalker(
        document.querySelector("[data-testid=stMain]"), NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const part = node.parentElement;
        if (!node.data.trim() || part.closest(apart)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const place = range.getBoundingClientRect();
        if (!place.width || getComputedStyle(part).visibility === "hidden") continue;
        let edge = innerWidth;
        for (let box = part; box; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== "visible" && box.clientWidth)
                edge = Math.min(edge, box.getBoundingClientRect().right);
        if (place.right > edge + 1 || place.left < -1)
            found.push(`${node.data.trim().slice(0, 60)}: ${place.right} past ${edge}`);
    }
    return found;
}"""
#: Rows of a list whose cells lie over one another.
_FIND_OVERLAPS = """() => [...document.querySelectorAll(".rows tr")].flatMap(row => {
    const parts = [...row.querySelectorAll(".cell, .child a, .press")]
        .filter(part => part.getBoundingClientRect().height)
        .map(part => part.getBoundingClientRect());
    return parts.flatMap((one, place) => parts.slice(place + 1)
        .filter(other => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
            && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2)
        .map(() => row.innerText.slice(0, 80)));
})"""


#: A name of 60 letters and a reason of 200, wherever one stands.
_LENGTHEN = """() => {
    const write = (places, text) =>
        document.querySelectorAll(places).forEach(each => { each.innerText = text; });
    write(".rows a, h1", "W".repeat(60));
    write(".why, .what", "m".repeat(200));
}"""


@contextmanager
def opened(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    visitor = {"name": served.cookie_name, "value": served.come_in(), "url": served.address}
    context.add_cookies([visitor])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def list_faults(page: Page) -> list[str]:
    """What is cut or lies over something else, at each width."""
    found = []
    for width, height in _WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(250)
        settle(page)
        found += [f"{width}: {each}" for each in page.evaluate(_FIND_CUT)]
        found += [f"{width}, over: {each}" for each in page.evaluate(_FIND_OVERLAPS)]
    return found


@pytest.mark.parametrize("children", _CHILDREN)
def test_pages_hold_none_few_and_many_children(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, children: int
) -> None:
    """No page scrolls sideways or cuts a word; of many on Today the first are shown, and the rest
    asked for."""
    home = demo_home(tmp_path / "home", children=children or 1)
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    day = None if children else "2019-01-07"  # when nobody was on the pages yet
    faults = {}
    with serving(home, tmp_path / "log.txt", as_at=day) as served, opened(browser, served) as page:
        for name in _PAGES:
            page.goto(f"{served.address}/{name if name != _PAGES[0] else ''}")
            page.get_by_role("heading", level=1).wait_for(timeout=60_000)
            settle(page)
            open_all(page)
            if wrong := list_faults(page):
                faults[name] = wrong[:5]
        if children == max(_CHILDREN):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(served.address)
            rows = page.locator(".rows-look a")
            expect(rows).to_have_count(FIRST, timeout=60_000)
            place = rows.last.bounding_box()
            assert place
            assert place["y"] + place["height"] <= 900
            number = page.get_by_role("heading", level=1).inner_text().partition(" ")[0]
            expect(page.get_by_text(f"Show all {number} children")).to_be_visible()
    assert faults == {}


def test_a_long_name_and_a_long_reason_stay_in_their_place(
    browser: Browser, address: Any, session: Any
) -> None:
    """60 letters and 200, with no place to break, in each row of each list."""
    assert os.environ["LAC_KEYS"]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.add_cookies([session])
    page, faults = context.new_page(), {}
    for name in ("", "children", "attendance", "plans", "wellbeing"):
        page.goto(f"{address}/{name}")
        page.locator(".rows a").first.wait_for(timeout=60_000)
        settle(page)
        page.evaluate(_LENGTHEN)
        if wrong := list_faults(page):
            faults[name] = wrong[:5]
    context.close()
    assert faults == {}
