"""A dialog that is open while the time of a sign-in runs out: what is seen, and what is kept."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import PEOPLE, real_home
from tests.support.web.browsers import NEEDS_BROWSER, chromium, sign_in
from tests.support.web.servers import free_port, started, write_server

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]

_NOTE = "What happened, in a few words (no names)"
_KIND = "Food, clothes or care at home"
_BEGUN = "Seemed tired and hungry after the weekend, sat apart at lunch "
#: As long as a note may be.
_LONG = f"{_BEGUN}and would not say why, and it went on until the last bell."
#: People are warned after 4 s and signed out after 14.
_SOON = """
from datetime import timedelta
import streamlit as st
from dashboard.server import sessions
from dashboard.ui import actions
sessions.IDLE_TIMEOUT, sessions.WARNING_PERIOD = timedelta(seconds=14), timedelta(seconds=10)
look = actions._render_last_minutes.__wrapped__
actions._render_last_minutes = st.fragment(run_every=1)(look)
"""


def test_a_dialog_warns_and_keeps_the_cursor_and_the_words(tmp_path: Path) -> None:
    """The warning is inside; typing is use; who is signed out finds the words again."""
    folder, port = real_home(tmp_path / "home"), free_port()
    address = f"http://127.0.0.1:{port}"
    with (
        started(
            write_server(_SOON, folder, port), address, keys_at(folder), tmp_path / "log.txt"
        ) as served,
        chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(served.link)
        page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
        sign_in(page, PEOPLE["teacher"])
        page.get_by_role("button", name=re.compile("^Log an action for")).first.click()
        field, dialog = page.get_by_label(_NOTE), page.get_by_role("dialog")
        dialog.get_by_text("Something else, or a concern").click()
        dialog.get_by_role("radio", name=_KIND, exact=True).click()
        dialog.get_by_role("radio", name="Urgent").click()
        warning = dialog.get_by_text("You will be signed out in")
        field.press_sequentially(_BEGUN, delay=10)
        expect(warning).to_be_visible(timeout=10_000)
        expect(field).to_be_focused()
        expect(dialog.get_by_role("button", name="Stay signed in")).to_be_visible()
        field.press_sequentially(_LONG.removeprefix(_BEGUN), delay=30)
        expect(warning).not_to_be_visible(timeout=5_000)
        expect(field).to_be_focused()
        page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
        sign_in(page, PEOPLE["teacher"])
        expect(field).to_have_value(_LONG)
        for chosen in (_KIND, "Urgent"):
            expect(dialog.get_by_role("radio", name=chosen, exact=True)).to_be_checked()
