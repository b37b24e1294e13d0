"""The whole thing in a real browser: server process, Chromium, every page, wide and narrow."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from dashboard.text import words
from queries import read
from safeguards.access import access
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.browsers import NEEDS_BROWSER, chromium
from tests.support.web.servers import serving

_WIDE, _PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = demo_home(tmp_path_factory.mktemp("browser") / "home")
    before = os.environ.get("LAC_KEYS")
    os.environ["LAC_KEYS"] = keys_at(folder)["LAC_KEYS"]
    yield folder
    if before is None:
        del os.environ["LAC_KEYS"]
    else:
        os.environ["LAC_KEYS"] = before


@pytest.fixture(scope="module")
def served(home: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A dashboard as a person starts it; stopped in the end."""
    with serving(home, tmp_path_factory.mktemp("server") / "log.txt") as found:
        yield found


@pytest.fixture(scope="module")
def address(served: Any) -> Any:
    return served.address


@pytest.fixture(scope="module")
def session(served: Any) -> Any:
    """The cookie of the person who opened the link."""
    return {"name": served.cookie_name, "value": served.come_in(), "url": served.address}


@pytest.fixture(scope="module")
def browser() -> Any:
    with chromium() as opened:
        yield opened


@pytest.fixture
def asked() -> Any:
    """The hosts that a page asked for anything."""
    return set()


@pytest.fixture(scope="module")
def contexts(browser: Browser, address: Any, session: Any) -> Any:
    """A person's browser, wide and narrow; a tab stays open, so that others start sooner."""
    opened = {}
    for viewport in (_WIDE, _PHONE):
        context = browser.new_context(viewport=viewport, locale="en-GB")
        context.add_cookies([session])
        context.new_page().goto(f"{address}/help")
        opened[viewport["width"]] = context
    yield opened
    for context in opened.values():
        context.close()


#: What is no matter of width is quickly tried in one, and in both with the slow tests.
_BOTH_WHEN_SLOW = pytest.mark.parametrize(
    "page",
    [pytest.param(_WIDE, id="1280"), pytest.param(_PHONE, id="390", marks=pytest.mark.slow)],
    indirect=True,
)


@pytest.fixture(params=[_WIDE, _PHONE], ids=["1280", "390"])
def page(request: pytest.FixtureRequest, contexts: Any, asked: Any) -> Any:
    tab = contexts[request.param["width"]].new_page()
    tab.on("request", lambda sent: asked.add(urlsplit(sent.url).hostname))
    tab.on("websocket", lambda opened: asked.add(urlsplit(opened.url).hostname))
    yield tab
    tab.close()


@pytest.fixture
def marts(home: Any) -> Any:
    return access.open(home, actor="test", role="dsl", purpose="test")


def test_all_pages_show_their_figures_and_ask_nobody_else(
    page: Page, address: Any, marts: Any, asked: Any
) -> None:
    members = read.fetch_members(marts)
    pooled = read.fetch_cohort_years(marts).row(0, named=True)
    gaps = read.fetch_check(marts, "gap").height
    coverage = read.fetch_sdq_coverage(marts)
    assert coverage is not None
    looks = read.fetch_attention_reasons(marts).filter(~pl.col("is_closed"))["pupil_id"].n_unique()
    figures = {
        "": f"{looks} children need a look today",
        "children": f"{members.height} children, by year group and handle.",
        "attendance": words.format_part(pooled["absent_sessions"], pooled["possible_sessions"]),
        "wellbeing": f"{coverage['scored_children']} of {coverage['children']}",
        "plans": "One shape is one child.",
        "data_check": f"Sessions without a mark: {gaps}" if gaps else "Sessions without a mark",
        "help": words.get_version(),
    }
    for path, figure in figures.items():
        page.goto(f"{address}/{path}")
        page.get_by_text(figure).first.wait_for(timeout=20_000)
        expect(page.get_by_text("Demo data: no real children")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("Data up to Friday 20 November 2026")).to_be_visible(timeout=20_000)
        _settled(page)
    assert asked == {"127.0.0.1"}


@pytest.mark.slow
def test_a_child_opens_by_keyboard_and_the_link_says_nothing(
    page: Page, address: Any, marts: Any, asked: Any
) -> None:
    row = read.fetch_members(marts).filter(~pl.col("is_too_early")).row(0, named=True)
    page.goto(f"{address}/children")
    button = page.get_by_role("button", name=row["handle"])
    button.focus()
    page.keyboard.press("Enter")
    title = words.capitalise(row["handle"])
    page.get_by_role("heading", name=title, level=1).wait_for(timeout=20_000)
    figure = words.format_part(row["absent_sessions"], row["possible_sessions"])
    page.get_by_text(figure, exact=True).first.wait_for()
    _settled(page)
    assert urlsplit(page.url).path == "/child"
    assert not urlsplit(page.url).query
    everything = page.content() + page.url + page.title()
    assert row["pupil_id"] not in everything
    assert row["handle"] not in page.url + page.title()
    assert asked == {"127.0.0.1"}


@pytest.mark.slow
def test_charts_are_drawn_named_and_have_a_table(page: Page, address: Any, marts: Any) -> None:
    page.goto(f"{address}/attendance")
    charts = page.locator("[data-testid=stVegaLiteChart]")
    charts.nth(2).wait_for(timeout=20_000)
    expect(charts).to_have_count(3, timeout=20_000)
    for number, kind in enumerate(("Dot plot of", "Line chart of", "Bar chart of")):
        page.locator(f"[role=graphics-document][aria-label^='{kind}']").wait_for()
        drawing = charts.nth(number).locator("svg, canvas").first
        drawing.wait_for()
        box = drawing.bounding_box()
        assert box
        assert box["width"] > 250
        assert box["height"] > 150
    page.get_by_text("Show as table").first.click()
    first = read.fetch_members(marts)["handle"][0]
    page.get_by_role("table").filter(has_text=first).wait_for()
    expect(charts).to_have_count(2, timeout=20_000)


@pytest.mark.slow
def test_charts_of_plans_wellbeing_and_a_child_are_drawn(
    page: Page, address: Any, marts: Any
) -> None:
    handle = read.fetch_sdq(marts).filter(pl.col("change").is_not_null())["handle"][0]
    for path, kinds in {
        "plans": ["Shapes for"],
        "wellbeing": ["Slope of", "Shapes for"],
        "child": ["Timeline of", "Calendar of"],
    }.items():
        page.goto(f"{address}/{'children' if path == 'child' else path}")
        if path == "child":
            page.get_by_role("button", name=handle).click(timeout=20_000)
        for kind in kinds:
            chart = page.locator(f"[role=graphics-document][aria-label^='{kind}']").first
            chart.wait_for(timeout=20_000)
            box = chart.bounding_box()
            assert box
            assert box["height"] > 80
        _settled(page)


@_BOTH_WHEN_SLOW
def test_the_dates_can_be_taken_into_a_calendar(page: Page, address: Any, marts: Any) -> None:
    page.goto(f"{address}/plans")
    button = page.get_by_role("button", name="Make a calendar file of the dates ahead")
    button.wait_for(timeout=20_000)
    _settled(page)  # Streamlit loses a click that falls into a run
    button.click()
    link = page.get_by_role("link", name="Save dates.ics")
    link.wait_for(timeout=20_000)
    with page.expect_download(timeout=20_000) as taken:
        link.click()
    assert taken.value.suggested_filename == "dates.ics"
    text = taken.value.path().read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert not [i for i in read.fetch_members(marts)["pupil_id"] if i in text]
    again = page.context.request.get(f"{address}{link.get_attribute('href')}")
    assert again.status == 410


@pytest.mark.slow
def test_a_choice_of_group_stays_in_the_link(page: Page, address: Any, marts: Any) -> None:
    page.goto(f"{address}/attendance?group=Looked+after")
    pooled = read.fetch_cohort_years(marts, "looked after").row(0, named=True)
    figure = words.format_part(pooled["absent_sessions"], pooled["possible_sessions"])
    page.get_by_text(figure).first.wait_for(timeout=20_000)
    _settled(page)


@pytest.mark.slow
def test_the_link_lets_one_browser_in(browser: Browser, home: Any, tmp_path: Path) -> None:
    """It reloads and opens tabs; another browser, or the server's next run, asks for a link."""
    with serving(home, tmp_path / "log.txt") as served:
        person, stranger = browser.new_context(), browser.new_context()
        first = person.new_page()
        first.goto(served.link)
        first.get_by_role("heading", name="Today", level=1).wait_for(timeout=20_000)
        assert first.url == f"{served.address}/"
        word = served.link.rpartition("/")[2]
        assert word not in first.content() + first.evaluate("document.referrer")
        first.reload()
        first.get_by_role("heading", name="Today", level=1).wait_for(timeout=20_000)
        second = person.new_page()
        second.goto(f"{served.address}/help")
        second.get_by_role("heading", name="Help", level=1).wait_for(timeout=20_000)
        assert second.evaluate("document.cookie").find(served.cookie_name) == -1
        other = stranger.new_page()
        for path, title in {
            "": "Start from the link",
            "/start/x": "This link does not work",
        }.items():
            other.goto(f"{served.address}{path}")
            other.get_by_role("heading", name=title, level=1).wait_for()
        other.goto(served.link)
        other.get_by_role("heading", name="This link does not work any more", level=1).wait_for()
    log = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert word not in log
    with serving(home, tmp_path / "again.txt", port=served.port) as again:
        first.reload()
        first.get_by_role("heading", name="Start from the link", level=1).wait_for()
        first.goto(again.link)
        first.get_by_role("heading", name="Today", level=1).wait_for(timeout=20_000)
    person.close()
    stranger.close()


def _settled(page: Page) -> None:
    """The page has come to rest, without a fault and no wider than its window."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=20_000)
    assert page.locator("[data-testid=stException]").count() == 0
    assert not re.search(r"Traceback|Something went wrong", page.inner_text("body"))
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth)"
    )
    assert max(widths) <= 0
