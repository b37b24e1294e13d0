"""Signing in with a provider, end to end: our server, a provider on another site, Chromium.

A small page stands in place of the dashboard, with the way out and back as the dashboard
has it: the edge, Streamlit's login, the cookies and the rules are the real ones.
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from safeguards.access.provider import Provider
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.web.browsers import NEEDS_BROWSER
from tests.support.web.providers import TENANT, Mock, entra_at, mock_provider, school, script_served
from tests.support.web.servers import Served, free_port

_SCRIPT = Path(__file__).parents[2] / "support" / "web" / "provider_script.py"
_NAME = "_streamlit_user"

pytestmark = [pytest.mark.slow, NEEDS_BROWSER]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sign-in")


@pytest.fixture(scope="module")
def environ(root: Path) -> dict[str, str]:
    return {"LAC_KEYS": str(root / "keys")}


@pytest.fixture(scope="module")
def mock(root: Path) -> Iterator[Mock]:
    with mock_provider(root / "provider.txt") as found:
        found.knows("t-1", name="T. Teacher", tid=TENANT, roles=["teacher"])
        found.knows("d-1", name="R. Lead", tid=TENANT, roles=["dsl"])
        yield found


@pytest.fixture(scope="module")
def home(root: Path, mock: Mock, environ: dict[str, str]) -> Home:
    return school(root / "home", entra_at(mock), environ)


@pytest.fixture(scope="module")
def served(root: Path, home: Home, environ: dict[str, str]) -> Iterator[Served]:
    with script_served(_SCRIPT, home, environ, root / "log.txt") as found:
        yield found


@pytest.fixture(scope="module")
def session(served: Served) -> str:
    """The link works once; each test has the cookie in a browser of its own."""
    return served.come_in()


@pytest.fixture
def context(browser: Browser, served: Served, session: str) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.add_cookies(
        [
            {
                "name": served.cookie_name,
                "value": session,
                "domain": "127.0.0.1",
                "path": "/",
                "httpOnly": True,
                "sameSite": "Strict",
            }
        ]
    )
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Page:
    """The first page, with nobody signed in."""
    opened = context.new_page()
    opened.goto(served.address)
    opened.get_by_text(re.compile("Nobody is signed in|Signed in:")).wait_for()
    if opened.get_by_text("Signed in:").count():
        opened.get_by_role("button", name="Stay too long").click()
        opened.get_by_text("Nobody is signed in.").wait_for()
    return opened


def go(page: Page, sub: str, *, button: str = "Sign in", answer: str = "Authorize") -> None:
    """To the provider and back, as this person."""
    page.get_by_role("button", name=button).click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name=answer).click()


def asked(page: Page) -> list[str]:
    """The addresses of every page that this tab goes to."""
    found: list[str] = []
    page.on(
        "request",
        lambda request: found.append(request.url) if request.is_navigation_request() else None,
    )
    return found


def denials(home: Home, environ: dict[str, str]) -> list[str]:
    """Why somebody was not let in, by the log."""
    records = AccessLog(home, Keys.load(home, environ)).read_records()
    return [str(each["purpose"]) for each in records if each["event"] == "deny"]


def identity(context: BrowserContext) -> list[tuple[str, str, float]]:
    """Streamlit's cookies of who this is: name, to whom they are sent, until when."""
    return [
        (str(each["name"]), str(each["sameSite"]), float(each["expires"]))
        for each in context.cookies()
        if str(each["name"]).startswith(_NAME)
    ]


def test_a_teacher_signs_in(
    page: Page, context: BrowserContext, served: Served, root: Path
) -> None:
    """Out to another site and back: the way back is asked for twice, the strict cookie holds.

    A challenge goes with the request, and the cookies end with the browser.
    """
    went = asked(page)
    go(page, "t-1")
    page.get_by_text("Signed in: T. Teacher, teacher.").wait_for()
    assert page.url == f"{served.address}/"
    back = [url for url in went if url.startswith(f"{served.address}/oauth2callback?")]
    assert len(back) == 2
    assert back[0] == back[1]
    (out,) = [url for url in went if "/oauth2/authorize" in url and "prompt" in url][:1]
    sent = {name: values[0] for name, values in parse_qs(urlsplit(out).query).items()}
    assert urlsplit(out).hostname == "localhost"
    assert sent["redirect_uri"] == f"{served.address}/oauth2callback"
    assert sent["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= sent.keys()
    assert {each[1:] for each in identity(context)} == {("Strict", -1.0)}
    assert {float(each["expires"]) for each in context.cookies()} == {-1.0}
    page.reload()
    page.get_by_text("Signed in: T. Teacher, teacher.").wait_for()
    assert "T. Teacher" not in (root / "log.txt").read_text(encoding="utf-8")


def test_who_is_refused_by_the_provider_is_nobody(page: Page) -> None:
    """They come back, and may try again."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_text("Nobody is signed in.").wait_for()
    go(page, "t-1")
    page.get_by_text("Signed in: T. Teacher, teacher.").wait_for()


def test_a_cookie_signs_nobody_in_again(
    page: Page, context: BrowserContext, served: Served
) -> None:
    """After a limit of ours has ended it, the cookie is still there and says nothing.

    Nor does it to a browser that goes out once more and turns back half way.
    """
    go(page, "t-1")
    page.get_by_text("Signed in: T. Teacher, teacher.").wait_for()
    page.get_by_role("button", name="Stay too long").click()
    page.get_by_text("Nobody is signed in.").wait_for()
    assert identity(context)
    page.reload()
    page.get_by_text("Nobody is signed in.").wait_for()
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").wait_for()
    page.goto(served.address)
    page.get_by_text("Nobody is signed in.").wait_for()
    go(page, "d-1")
    page.get_by_text("Signed in: R. Lead, dsl.").wait_for()


def test_a_forged_cookie_signs_nobody_in(
    page: Page, context: BrowserContext, served: Served, mock: Mock
) -> None:
    """Not signed, signed with nothing, signed with another key: while the browser is out."""
    now = int(time.time())
    claims = {
        "iss": entra_at(mock).issuer,
        "aud": "app-1",
        "iat": now,
        "exp": now + 3600,
        "nonce": "mine",
        "sub": "d-1",
        "tid": TENANT,
        "roles": ["dsl"],
        "origin": served.address,
        "is_logged_in": True,
        "provider": "school",
    }
    text = json.dumps(claims)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").wait_for()
    for key in (None, "", "another key, as long as ours is: 0123456789"):
        signed = text if key is None else create_signed_value(key, _NAME, text).decode()
        context.add_cookies([{"name": _NAME, "value": signed, "domain": "127.0.0.1", "path": "/"}])
        page.goto(served.address)
        page.get_by_text("Nobody is signed in.").wait_for()


def test_a_cookie_does_not_outlive_the_server(
    root: Path, home: Home, environ: dict[str, str], browser: Browser
) -> None:
    """The next run, at the same address, has other keys and knows nobody.

    In one run a browser that somebody signed in with asks for the password from then on.
    """
    port = free_port()
    with browser.new_context() as context:
        page = context.new_page()
        with script_served(_SCRIPT, home, environ, root / "first.txt", port=port) as first:
            page.goto(first.link)
            went = asked(page)
            go(page, "t-1")
            page.get_by_text("Signed in: T. Teacher, teacher.").wait_for()
            assert [url for url in went if "prompt=select_account" in url]
            assert not [url for url in went if "prompt=login" in url]
            page.get_by_role("button", name="Stay too long").click()
            go(page, "t-1")
            page.get_by_text("Signed in: T. Teacher, teacher.").wait_for()
            assert [url for url in went if "prompt=login" in url]
            # playwright has one type for cookies that it gives and another for those it takes
            kept: list[Any] = [c for c in context.cookies() if c["name"].startswith("_streamlit_")]
        with script_served(_SCRIPT, home, environ, root / "second.txt", port=port) as second:
            refused = page.goto(second.address)
            assert refused is not None
            assert refused.status == 403
            page.goto(second.link)
            context.add_cookies(kept)
            page.goto(second.address)
            page.get_by_text("Nobody is signed in.").wait_for()
            page.get_by_role("button", name="Sign in").click()
            page.locator("input[name=sub]").wait_for()
            context.add_cookies(kept)
            page.goto(second.address)
            page.get_by_text("Nobody is signed in.").wait_for()


def test_google_lets_in_whom_the_list_knows(
    root: Path, mock: Mock, environ: dict[str, str], browser: Browser
) -> None:
    """Of the school's domain; a role in the token is nobody's, and no password is asked anew."""
    provider = Provider("google", mock.metadata_url, "app-2", hosted_domain="school.example")
    home = school(root / "google", provider, environ)
    checked = {"hd": "school.example", "email_verified": True}
    mock.knows("g-1", email="g@school.example", **checked)
    mock.knows("g-2", email="dsl@school.example", roles=["dsl"], **checked)
    mock.knows("g-3", email="g@other.example", hd="other.example", email_verified=True)
    with (
        script_served(_SCRIPT, home, environ, root / "google.txt") as served,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(served.link)
        for sub, said in (
            ("g-3", "another organisation's account"),
            ("g-2", "Your account is not on the school's list"),
            ("g-2", "g-2"),
        ):
            go(page, sub)
            page.get_by_text(said).wait_for()
            expect(page.get_by_text("Nobody is signed in.")).to_have_count(1)
        assert denials(home, environ) == [f"sign in: {w}" for w in ("domain", "unknown", "unknown")]
        went = asked(page)
        go(page, "g-1")
        page.get_by_text("Signed in: G. Teacher, teacher.").wait_for()
        assert [url for url in went if "hd=school.example" in url]
        page.get_by_role("button", name="Prove it again").click()
        page.get_by_text("Google does not ask for a password again").wait_for()
