"""The whole thing in a real browser: server process, Chromium, every page, wide and narrow."""

import re
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from dashboard.app_pages.today import FIRST
from dashboard.text import words
from queries import read
from safeguards.access import access
from tests.support.web.browsers import NEEDS_BROWSER, settle

_WIDE, _PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)

pytestmark = NEEDS_BROWSER


@pytest.fixture
def asked() -> Any:
    """The hosts that a page asked for anything."""
    return set()


#: What is no matter of width is quickly tried in one, and in both with the slow tests.
_BOTH_WHEN_SLOW = pytest.mark.parametrize(
    "page",
    [pytest.param(_WIDE, id="1280"), pytest.param(_PHONE, id="390", marks=pytest.mark.slow)],
    indirect=True,
)


@pytest.fixture(params=[_WIDE, _PHONE], ids=["1280", "390"])
def page(request: pytest.FixtureRequest, contexts: Any, asked: Any) -> Any:
    tab = contexts(request.param).new_page()
    tab.on("request", lambda sent: asked.add(urlsplit(sent.url).hostname))
    tab.on("websocket", lambda opened: asked.add(urlsplit(opened.url).hostname))
    yield tab
    tab.close()


@pytest.fixture
def marts(home: Any) -> Any:
    return access.open(home, actor="test", role="dsl", purpose="test")


@pytest.mark.slow
def test_today_is_one_screen(page: Page, address: Any) -> None:
    """At 1280 by 900 twelve children, each overdue date and those of the week; two of a phone."""
    page.goto(f"{address}/")
    page.get_by_role("heading", name="Needs attention").wait_for(timeout=20_000)
    settle(page)
    if (pointers := page.get_by_role("button", name="Got it")).count():  # of a first visit
        pointers.click()
        pointers.wait_for(state="detached")
        settle(page)
    if page.viewport_size == _PHONE:
        short = (
            f"document.querySelector('[data-testid=stMain]').scrollHeight <= {2 * _PHONE['height']}"
        )
        page.wait_for_function(short, timeout=20_000)  # what is late may still push the rest down
        return
    listed = int(page.get_by_role("heading", level=1).inner_text().split()[0])
    children = page.locator(".rows-look a")
    expect(children).to_have_count(min(listed, FIRST), timeout=20_000)
    dates = page.locator(".list section:nth-child(-n+2) > .rows-date tr")
    assert dates.count() > 0
    for found in (children.last, dates.last):
        box = found.bounding_box()
        assert box
        assert box["y"] + box["height"] <= _WIDE["height"]


@_BOTH_WHEN_SLOW
def test_an_action_is_logged_in_four_clicks_and_undone(page: Page, address: Any) -> None:
    """For the seventh child of the list, whose name the dialog says; by Esc nothing is kept."""
    page.goto(f"{address}/")
    button = page.get_by_role("button", name=re.compile("^Log an action for")).nth(6)
    button.wait_for(timeout=20_000)
    settle(page)
    label = button.inner_text().replace("Log an action for ", "").replace("Log", "").strip()
    name = (button.text_content() or label).replace("Log an action for ", "")
    heading = page.get_by_role("heading", name=re.compile(r"needs? attention"), level=1)
    before = heading.inner_text()
    button.click()  # one
    page.get_by_role("dialog").get_by_text(name).wait_for(timeout=20_000)
    page.get_by_role("dialog").get_by_text("Called the carer").click()  # two
    page.get_by_role("dialog").get_by_text("Spoke", exact=True).click()  # three
    page.get_by_role("button", name="Save", exact=True).click()  # four
    page.get_by_text(f"Logged for {name}: called the carer.").wait_for(timeout=20_000)
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_text("Action removed.").wait_for(timeout=20_000)
    expect(heading).to_have_text(before, timeout=20_000)


@_BOTH_WHEN_SLOW
def test_a_child_opens_by_keyboard_and_the_address_keeps_it_and_says_nothing(
    page: Page, address: Any, marts: Any, asked: Any
) -> None:
    """F5 and another tab of the same address show the same child."""
    row = read.fetch_members(marts).filter(~pl.col("is_too_early")).row(0, named=True)
    page.goto(f"{address}/children")
    title = words.capitalise(row["handle"])
    link = page.get_by_role("link", name=title)
    link.wait_for(timeout=20_000)
    settle(page)
    link.focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name=title, level=1)
    heading.wait_for(timeout=20_000)
    figure = f"{row['absent_sessions']} of {row['possible_sessions']}"
    expect(page.locator(".strip")).to_contain_text(figure)
    settle(page)
    assert urlsplit(page.url).path == "/child"
    assert urlsplit(page.url).query == f"child={marts.get_address(row['pupil_id'])}"
    everything = page.content() + page.url + page.title()
    assert row["pupil_id"] not in everything
    assert row["handle"] not in page.url + page.title()
    page.reload()
    heading.wait_for(timeout=20_000)
    second = page.context.new_page()
    second.goto(page.url)
    second.get_by_role("heading", name=title, level=1).wait_for(timeout=20_000)
    second.close()
    assert asked == {"127.0.0.1"}


@pytest.mark.slow
def test_charts_are_drawn_named_and_have_a_table(page: Page, address: Any) -> None:
    page.goto(f"{address}/attendance")
    charts = page.locator("[data-testid=stVegaLiteChart]")
    charts.nth(1).wait_for(timeout=20_000)
    expect(charts).to_have_count(2, timeout=20_000)
    for number, kind in enumerate(("Line chart of", "Bar chart of")):
        page.locator(f"[role=graphics-document][aria-label^='{kind}']").wait_for()
        drawing = charts.nth(number).locator("svg, canvas").first
        drawing.wait_for()
        box = drawing.bounding_box()
        assert box
        assert box["width"] > 250
        assert box["height"] > 150
    page.get_by_text("Show as table").first.click()
    page.locator(".listing").filter(has_text="Week").wait_for()
    expect(charts).to_have_count(1, timeout=20_000)


@pytest.mark.slow
@_BOTH_WHEN_SLOW
def test_a_chart_offers_no_file_of_its_own(page: Page, address: Any) -> None:
    """What leaves a page is taken where the log is told of it."""
    page.goto(f"{address}/attendance")
    charts = page.locator("[data-testid=stVegaLiteChart]")
    charts.first.wait_for(timeout=30_000)
    settle(page)
    charts.first.hover()
    expect(page.get_by_role("button", name=re.compile("Download as|Copy Vega"))).to_have_count(0)
