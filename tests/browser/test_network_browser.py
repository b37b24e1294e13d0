"""The dashboard for a school's network: TLS by Caddy and by nginx, from desks apart.

Real servers with the examples of docs/, a test authority that Chromium trusts, and a network
namespace for each computer.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from dashboard.text import words
from safeguards.access import roles
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import LEAD, PEOPLE, phrase_of, real_home
from tests.support.web.authority import Authority
from tests.support.web.browsers import ARGUMENTS, NEEDS_BROWSER, settle
from tests.support.web.network import (
    NAME,
    SCHOOLS,
    Computer,
    School,
    connect,
    network_serving,
    school_network,
    stop,
    trust_serving,
)
from tests.support.web.requests import Request, Target, send
from tests.support.web.site import HEADINGS

pytestmark = [
    pytest.mark.slow,
    NEEDS_BROWSER,
    pytest.mark.skipif(os.getuid() != 0, reason="only root may lay a network"),
]

_ADDRESS = f"https://{NAME}"
_TEACHER = PEOPLE["teacher"]


@dataclass(frozen=True)
class Way:
    """A server by one way, with all that a test needs to come at it."""

    name: str
    school: School
    home: Path
    authority: Authority
    folder: Path
    served: "subprocess.Popen[str]"

    @property
    def target(self) -> Target:
        desk, server = self.school.desks[0], self.school.server
        return Target(NAME, "https", "__Host-lac", lambda: connect(desk, server, self.authority))

    def come_in(self) -> str:
        """The session that anybody gets, in which nobody is signed in."""
        status, headers, body = send(self.target, "", Request())
        assert (status, headers["location"], body) == (303, "/", b"")
        found = re.fullmatch(
            r"__Host-lac=([\w.-]+); HttpOnly; Path=/; SameSite=strict; Secure",
            headers["set-cookie"],
        )
        assert found, "the cookie is not what it must be"
        return found[1]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("network")


@pytest.fixture(scope="module")
def school() -> Iterator[School]:
    with school_network(3) as found:
        yield found


@pytest.fixture(scope="module")
def authority(root: Path) -> Authority:
    """Trusted by the browsers, whose own folder this is."""
    found = Authority(root)
    store = root / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (
        ("-N", "--empty-password"),
        ("-A", "-t", "C,,", "-n", "test", "-i", str(found.path)),
    ):
        subprocess.run(["certutil", "-d", f"sql:{store}", *arguments], check=True)
    return found


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def way(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    school: School,
    authority: Authority,
) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp(request.param)  # another one each time that it is begun
    home = real_home(folder / "home")
    with network_serving(school, request.param, home, authority, folder) as served:
        yield Way(request.param, school, home, authority, folder, served)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def desks(
    playwright: Playwright, root: Path, school: School, authority: Authority
) -> Iterator[list[BrowserContext]]:
    """A browser at each desk, which trusts the authority and nobody else."""
    assert authority.path.exists()
    with ExitStack() as opened:
        found = []
        for number, desk in enumerate(school.desks):
            browser = opened.enter_context(_browser_at(playwright, desk, root, number))
            found.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        yield found


def _browser_at(playwright: Playwright, desk: Computer, root: Path, number: int) -> Browser:
    path = shutil.which("chromium")
    assert path, "Chromium is not here: apt-get install chromium, or set LAC_NO_BROWSER=1"
    start = root / f"chromium-{number}.sh"
    start.write_text(f'#!/bin/sh\nexec ip netns exec {desk.space} {path} "$@"\n', encoding="ascii")
    start.chmod(0o700)
    return playwright.chromium.launch(
        executable_path=start, args=ARGUMENTS, env={"HOME": str(root)}
    )


def _open(desk: BrowserContext) -> Page:
    """A tab on the first page, on which nobody is signed in."""
    page = desk.new_page()
    page.goto(_ADDRESS)
    page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
    return page


def _sign_in(page: Page, name: str, phrase: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your passphrase").fill(phrase)
    page.get_by_role("button", name="Sign in").click()


def test_each_school_of_a_trust_has_a_server_of_its_own(
    school: School, authority: Authority, desks: list[BrowserContext], tmp_path: Path
) -> None:
    """Who is signed in at one is nobody at the other, and one that is down says so."""
    # before the others, whose proxy has the port until the end
    homes = {name: real_home(tmp_path / str(port)) for name, port in SCHOOLS.items()}
    with trust_serving(school, homes, authority, tmp_path) as servers:
        here, there = homes
        page = desks[0].new_page()
        page.goto(f"https://{here}")
        page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
        _sign_in(page, LEAD, phrase_of(LEAD))
        page.get_by_text(f"Signed in: {LEAD}").wait_for(timeout=60_000)
        page.goto(f"https://{there}/children")
        page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
        # nor with the cookie itself, put there by hand
        [cookie] = [
            each for each in desks[0].cookies(f"https://{here}") if each["name"] == "__Host-lac"
        ]
        for name, status in ((here, 200), (there, 303)):
            desk, server = school.desks[0], school.server
            dial = partial(connect, desk, server, authority, name)
            target = Target(name, "https", "__Host-lac", dial)
            assert send(target, cookie["value"], Request())[0] == status
        stop(servers[there])
        page.goto(f"https://{there}/children")
        page.get_by_text("This school's pages are not running.").wait_for(timeout=30_000)
        page.goto(f"https://{here}/children")
        page.get_by_text(f"Signed in: {LEAD}").wait_for(timeout=30_000)
        page.close()


def test_every_page_over_tls(way: Way, desks: list[BrowserContext]) -> None:
    """The lead signs in at a desk, walks every page of hers, and takes a file."""
    page = _open(desks[0])
    assert page.get_by_text(LEAD).count() == 0  # who there is, the network is not told
    _sign_in(page, "r.  LEAD", phrase_of(LEAD))  # typed as people type
    page.get_by_text(f"Signed in: {LEAD}").wait_for(timeout=60_000)
    for name in words.PAGES:
        if roles.is_allowed("dsl", name):
            page.goto(f"{_ADDRESS}/{name}")
            page.get_by_role("heading", name=re.compile(HEADINGS[name])).first.wait_for(
                timeout=30_000
            )
            settle(page)
    cookies = desks[0].cookies()
    assert {each["name"] for each in cookies} == {
        *("__Host-lac", "__Host-lac_known"),  # the second lets nobody in
        "_streamlit_xsrf",
    }
    assert all(each["secure"] and each["sameSite"] == "Strict" for each in cookies)
    with page.expect_response(f"{_ADDRESS}/") as first:
        page.goto(_ADDRESS)
    assert first.value.headers["strict-transport-security"] == "max-age=31536000"
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
    page.close()
    lines = list(_read_log(way))
    assert {each["address"] for each in lines if each["actor"] == LEAD} == {"10.77.1.2"}


def _read_log(way: Way) -> Iterator[dict[str, str]]:
    home = Home.open(way.home)
    log = AccessLog(home, Keys.load(home, keys_at(way.home)))
    return (each for each in log.read_records() if each["event"] != "load")


def test_nobody_without_a_session_gets_more_than_one(way: Way) -> None:
    """A page leads to itself with a new one, and from another site to nowhere else; no file."""
    for cookie in (None, "", "{cookie}=AAAA", "lac_1=AAAA"):
        mine = {"Cookie": cookie}
        for path in ("/", "/children", "/start/AAAA"):
            status, headers, body = send(way.target, "", Request(path, headers=mine))
            assert (status, headers["location"], body) == (303, path, b"")
        for path in ("/_stcore/health", "/static/js/index.js", "/media/0123.csv", "//evil.test"):
            assert send(way.target, "", Request(path, headers=mine))[0] in (403, 404, 308)
        linked = {**mine, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        status, headers, body = send(way.target, "", Request("/children", headers=linked))
        assert (status, headers.get("set-cookie")) == (200, None)
        assert b'content="0;url=/children"' in body
    assert send(way.target, way.come_in(), Request("/start/AAAA"))[0] == 404


def test_the_health_is_no_data(way: Way) -> None:
    """For whoever watches it, without a session, at our own name only."""
    status, headers, body = send(way.target, "", Request("/healthz", headers={"Cookie": None}))
    assert (status, body) == (200, b"ok")
    assert "set-cookie" not in headers
    other = Request("/healthz", headers={"Cookie": None, "Host": "evil.test"})
    assert send(way.target, "", other)[0] == 421


@pytest.mark.parametrize("way", ["caddy"], indirect=True)
def test_two_people_at_their_desks(way: Way, desks: list[BrowserContext]) -> None:
    """Each logs an action and sees the other's; a third, whom nobody has listed, sees nothing."""
    lead, teacher, stranger = map(_open, desks)
    for page, name in ((lead, LEAD), (teacher, _TEACHER)):
        _sign_in(page, name, phrase_of(name))
        page.get_by_text(f"Signed in: {name}").wait_for(timeout=60_000)
        page.goto(f"{_ADDRESS}/children")
        page.locator("a[href*='child?']").first.click(timeout=30_000)
        page.get_by_role("button", name=re.compile("^Log an action for")).first.wait_for()
    _sign_in(stranger, "N. Obody", "five words that nobody has")
    stranger.get_by_text("The name or the passphrase is wrong").wait_for(timeout=60_000)
    for page, other, line in (
        (lead, teacher, "Agreed to read each morning"),
        (teacher, lead, "Reads each morning now"),
    ):
        _log_action(page, line)
        other.get_by_text(line).first.wait_for(timeout=20_000)  # by itself
    for name in ("", *words.PAGES):
        stranger.goto(f"{_ADDRESS}/{name}")
        stranger.get_by_role("heading", name="Sign in").wait_for(timeout=30_000)
        assert stranger.get_by_text(re.compile("Larkfield|Lead|Teacher")).count() == 0
    actors = {(each["actor"], each["address"]) for each in _read_log(way)}
    assert {(LEAD, "10.77.1.2"), (_TEACHER, "10.77.2.2"), ("unknown", "10.77.3.2")} <= actors

    # the lead sees who is there, and ends it; the teacher's tab closes by itself
    lead.get_by_role("button", name="Who is signed in").click()
    dialog = lead.get_by_role("dialog")
    dialog.get_by_text(re.compile(f"{_TEACHER}.*10.77.2.2")).wait_for(timeout=20_000)
    dialog.get_by_role("button", name=f"Sign out {_TEACHER}").click()
    teacher.get_by_role("heading", name="Sign in").wait_for(timeout=20_000)
    expect(dialog.get_by_text(_TEACHER)).to_have_count(0, timeout=20_000)
    ended = [each for each in _read_log(way) if each["event"] == "sign_in_ended"]
    assert [(each["actor"], each["purpose"]) for each in ended] == [(LEAD, _TEACHER)]


def _log_action(page: Page, line: str) -> None:
    page.get_by_role("button", name=re.compile("^Log an action for")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Called the carer").click(timeout=20_000)
    dialog.get_by_text("Spoke", exact=True).click(timeout=20_000)
    dialog.get_by_label("In a few words (optional, no names)").fill(line)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(re.compile("^Logged for")).wait_for(timeout=20_000)


@pytest.mark.parametrize("way", ["nginx"], indirect=True)
def test_it_stops_within_five_seconds(way: Way, desks: list[BrowserContext]) -> None:
    """With a tab open."""
    page = _open(desks[0])
    began = time.monotonic()
    stop(way.served)
    assert time.monotonic() - began < 5
    assert way.served.returncode in (0, -signal.SIGTERM)  # as systemd takes for a clean end
    page.close()
