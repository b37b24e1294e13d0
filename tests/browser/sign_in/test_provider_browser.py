"""The dashboard of a real home with a provider, end to end: `lac run`, a provider, Chromium."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from safeguards.access import provider as providers
from safeguards.access.people import People
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import DEPUTY, PEOPLE, real_home
from tests.support.web.browsers import NEEDS_BROWSER
from tests.support.web.providers import TENANT, Mock, entra_at, mock_provider
from tests.support.web.servers import Served, serving
from tests.support.web.site import HEADINGS

TEACHER = PEOPLE["teacher"]
FILE = "Create Word document"

pytestmark = [pytest.mark.slow, NEEDS_BROWSER]


def go(page: Page, sub: str, button: str = "Sign in with Microsoft") -> None:
    """To the provider and back, as this account."""
    page.get_by_role("button", name=button).click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def listed(home: Home, keys: Keys) -> People:
    """The people of the home, each with an account."""
    return People(
        tuple(
            replace(each, sub=f"{each.person[0].lower()}-1", tid=TENANT)
            for each in People.load(home, keys)
            if each.person != DEPUTY
        )
    )


def looks(page: Page, served: Served) -> None:
    """A session with the provider that goes on is enough to look; its cookies end with the browser.

    Who is refused there comes back, and may try again.
    """
    page.get_by_role("button", name="Sign in with Microsoft").click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
    go(page, "t-1")
    page.get_by_text(f"Signed in: {TEACHER}").wait_for(timeout=30_000)
    expect(page.get_by_role("heading", name=re.compile(HEADINGS["today"]))).to_be_visible()
    assert page.get_by_text("Look as").count() == 0
    who = [each for each in page.context.cookies() if each["name"].startswith("_streamlit_user")]
    assert {(each["sameSite"], each["expires"]) for each in who} == {("Strict", -1)}
    page.goto(f"{served.address}/opened")  # the Headteacher's
    page.get_by_text(re.compile("is not for your role|Today")).first.wait_for()
    assert page.get_by_text("Identities opened").count() == 0


def takes_a_file(page: Page, served: Served, mock: Mock) -> None:
    """Once she has typed the password, and not before."""
    page.goto(f"{served.address}/plans")
    page.get_by_text("Type your password again, to take plans.docx.").wait_for()
    assert page.get_by_role("button", name=FILE).count() == 0
    mock.knows("t-1", tid=TENANT, roles=["teacher"])  # without the time of an earlier sign-in
    go(page, "t-1", "Go to Microsoft")
    page.get_by_role("heading", name=re.compile(HEADINGS["today"])).wait_for(timeout=30_000)
    page.goto(f"{served.address}/plans")
    page.get_by_role("button", name=FILE).click()
    page.get_by_role("link", name="Save plans.docx").wait_for()


def signs_out(page: Page) -> None:
    """Here and at the provider; the cookie is gone, and so is she after a reload."""
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/oauth2/end_session"), timeout=30_000)
    page.locator("button").first.click()
    page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
    names = {str(each["name"]) for each in page.context.cookies()}
    assert not [name for name in names if name.startswith("_streamlit_user")]
    page.reload()
    page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)


def test_a_teacher_signs_in_with_the_schools_account(browser: Browser, tmp_path: Path) -> None:
    """She looks, takes a file, signs out and is gone; who else is denied: test_provider_page."""
    folder = real_home(tmp_path / "home")
    home, environ = Home.open(folder), keys_at(folder)
    keys = Keys.load(home, environ)
    listed(home, keys).save(home, keys)
    with mock_provider(tmp_path / "provider.txt") as mock:
        provider = entra_at(mock)
        providers.write_section(folder / "settings.toml", keys, provider)
        providers.save_secret(keys, provider, "a secret of the client")
        mock.knows("t-1", tid=TENANT, roles=["teacher"], auth_time=int(time.time()) - 3600)
        with (
            serving(folder, tmp_path / "log.txt") as served,
            browser.new_context(viewport={"width": 1280, "height": 900}) as context,
        ):
            page = context.new_page()
            page.goto(served.link)
            page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
            assert page.get_by_label("Your passphrase").count() == 0
            looks(page, served)
            takes_a_file(page, served, mock)
            signs_out(page)
    lines = list(AccessLog(home, keys).read_records())
    told = [(each["event"], each["actor"], each["purpose"]) for each in lines]
    assert [each for each in told if each[0] in ("sign_in", "sign_out")] == [
        *[("sign_in", TEACHER, "service")] * 2,
        ("sign_out", TEACHER, "dashboard"),
    ]
