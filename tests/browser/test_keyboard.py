"""Every task of the day by keyboard alone, and a focus that can be seen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.web.browsers import NEEDS_BROWSER, settle
from tests.support.web.colours import contrast

pytestmark = NEEDS_BROWSER
_FOCUSED = "(document.activeElement.innerText || document.activeElement.ariaLabel || '')"


@pytest.fixture(params=["light"])
def page(browser: Browser, session: Any, address: str, request: Any) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", color_scheme=request.param
    )
    context.add_cookies([session])
    tab = context.new_page()
    tab.goto(address)
    tab.get_by_role("button", name=re.compile("^Log an action")).first.wait_for()
    settle(tab)
    yield tab
    context.close()


def tab_to(page: Page, words: str, most: int, key: str = "Tab") -> int:
    """How often Tab was pressed until what has the focus says this."""
    for count in range(1, most + 1):
        page.keyboard.press(key)
        if re.search(words, page.evaluate(_FOCUSED)):
            return count
    raise AssertionError(f"{words!r} is more than {most} Tabs away")


def tab_to_first_log(page: Page) -> int:
    count = tab_to(page, "Skip to main content", 1)
    page.keyboard.press("Enter")
    return count + tab_to(page, "^Log", 7)


@pytest.mark.slow
def test_an_action_is_logged_and_undone_by_keyboard(page: Page) -> None:
    """The lead logs eight Tabs away; Esc gives the focus back; Undo has it, and then the row.

    No two buttons of the dialog are called the same, and no shape is read before a heading.
    """
    expect(page.get_by_role("heading", name=re.compile(r"^Overdue: ours"))).to_have_count(1)
    assert tab_to_first_log(page) <= 8
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("What was done?").wait_for()
    settle(page)
    expect(dialog.get_by_role("button", name=re.compile("^Choose date: "))).to_have_count(2)
    called = dialog.locator("button").evaluate_all(
        "all => all.map(e => e.ariaLabel ?? e.innerText)"
    )
    assert len(set(called)) == len(called)
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    settle(page)
    assert page.evaluate(_FOCUSED).startswith("Log")
    page.keyboard.press("Enter")
    dialog.get_by_text("What was done?").wait_for()
    settle(page)
    tab_to(page, "^Called the carer$", 8)  # a group is one stop, and arrows go through it
    page.keyboard.press("Enter")
    settle(page)
    tab_to(page, "^Spoke$", 8)
    page.keyboard.press("Enter")
    settle(page)
    tab_to(page, "^Save$", 20)
    page.keyboard.press("Enter")
    page.get_by_text("called the carer.").wait_for()
    settle(page)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("Action removed.").wait_for()
    expect(page.get_by_role("button", name=re.compile("^Log an action")).first).to_be_focused()


@pytest.mark.slow
@pytest.mark.parametrize("page", ["light", "dark"], indirect=True)
def test_the_focus_stands_out(page: Page) -> None:
    """A ring of two colours, of which one has 3 to 1 with any ground, and with the other."""
    tab_to_first_log(page)
    focused = page.locator(":focus")
    # a button's shadow comes in a moment
    expect(focused).to_have_css("box-shadow", re.compile(r"rgb\([^)]*\) 0px 0px 0px 6px"))
    ring, ground = focused.evaluate(
        "each => [getComputedStyle(each).outlineColor + getComputedStyle(each).boxShadow, "
        "getComputedStyle(document.querySelector('.stApp')).backgroundColor]"
    )
    outline, shadow = (to_hex(each) for each in re.findall(r"rgb\([^)]*\)", ring))
    assert contrast(outline, shadow) >= 3
    assert max(contrast(each, to_hex(ground)) for each in (outline, shadow)) >= 3


def to_hex(colour: str) -> str:
    return "#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", colour)[:3])
