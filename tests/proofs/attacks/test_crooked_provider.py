"""A provider's answers that somebody tampered with, live: our server, Chromium, a way each.

Another algorithm, none, another key, another nonce; another state, a code that was used, one
of another trip, a request without PKCE, and a forged cookie.  The control is the same trip
untouched, before and after each: the server that refuses everything would pass for a safe one.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Route
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tests.support.sizes import Count
from tests.support.web.browsers import NEEDS_BROWSER, chromium
from tests.support.web.providers import TENANT, Mock, entra_at, mock_provider, school, script_served
from tests.support.web.servers import Served

_SCRIPT = Path(__file__).parents[2] / "support" / "web" / "provider_script.py"

pytestmark = [pytest.mark.slow, NEEDS_BROWSER]


@dataclass
class Trips:
    """One browser on our server, and the provider to which it goes."""

    page: Page
    served: Served
    provider: Mock

    def start(self) -> None:
        """Nobody is signed in, and the page offers the way out."""
        self.page.goto(self.served.address)
        self.page.get_by_text(re.compile("Nobody is signed in|Signed in:")).wait_for()
        if self.page.get_by_text("Signed in:").count():
            self.page.get_by_role("button", name="Stay too long").click()
            self.page.get_by_text("Nobody is signed in.").wait_for()

    def go(self) -> None:
        """To the provider, and back."""
        self.page.get_by_role("button", name="Sign in").click()
        self.page.locator("input[name=sub]").fill("t-1")
        self.page.get_by_role("button", name="Authorize").click()

    def catch(self) -> dict[str, str]:
        """The way back of a trip, which the browser never went: its code and its state."""
        caught: list[str] = []
        pattern = re.compile(r"/oauth2callback\?")

        def catch(route: Route) -> None:
            caught.append(route.request.url)
            route.abort()

        self.page.route(pattern, catch)
        self.go()
        while not caught:
            self.page.wait_for_timeout(100)
        self.page.unroute(pattern)
        return {name: each[0] for name, each in parse_qs(urlsplit(caught[0]).query).items()}

    def come_back(self, query: dict[str, str]) -> bool:
        """Whether somebody is signed in after this way back."""
        self.page.goto(f"{self.served.address}/oauth2callback?{urlencode(query)}")
        return self.is_somebody()

    def is_somebody(self) -> bool:
        self.page.wait_for_url(f"{self.served.address}/")
        self.page.get_by_text(re.compile("Nobody is signed in|Signed in:")).wait_for()
        return self.page.get_by_text("Signed in:").count() > 0


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trips]:
    root = tmp_path_factory.mktemp("crooked")
    environ = {"LAC_KEYS": str(root / "keys")}
    with mock_provider(root / "provider.txt", is_crooked=True) as provider:
        provider.knows("t-1", name="T. Teacher", tid=TENANT, roles=["teacher"])
        home = school(root / "home", entra_at(provider), environ)
        with script_served(_SCRIPT, home, environ, root / "log.txt") as served, chromium() as found:
            page = found.new_context().new_page()
            page.goto(served.link)
            yield Trips(page, served, provider)


def use_twice(trips: Trips) -> bool:
    """A way back that counted is gone again, in a browser that went out once more."""
    query = trips.catch()
    assert trips.come_back(query)
    trips.start()
    trips.catch()
    return trips.come_back(query)


def mix(**changed: str | None) -> Callable[[Trips], bool]:
    """A way back with another state or code, or without; "other" is of a trip before."""

    def attack(trips: Trips) -> bool:
        before = trips.catch()
        trips.start()
        query = trips.catch()
        for name, value in changed.items():
            query[name] = before[name] if value == "other" else value or ""
        return trips.come_back({name: value for name, value in query.items() if value})

    return attack


def forge(key: str | None) -> Callable[[Trips], bool]:
    """While the browser is out, somebody gives it a cookie of what the provider would say."""

    def attack(trips: Trips) -> bool:
        now, name = int(time.time()), "_streamlit_user"
        claims = {"iss": entra_at(trips.provider).issuer, "aud": "app-1", "iat": now,
                  "exp": now + 3600, "nonce": "mine", "sub": "t-1", "tid": TENANT,
                  "roles": ["teacher"], "origin": trips.served.address, "is_logged_in": True,
                  "provider": "school"}  # fmt: skip
        text = json.dumps(claims)
        value = text if key is None else create_signed_value(key, name, text).decode()
        trips.catch()
        trips.page.context.add_cookies(
            [{"name": name, "value": value, "url": trips.served.address}]
        )
        trips.page.goto(trips.served.address)
        return trips.is_somebody()

    return attack


_BACK: dict[str, Callable[[Trips], bool]] = {
    "a code that was used": use_twice,
    "a code of another trip": mix(code="other"),  # the challenge is another one's
    "a code that never was": mix(code="AAAA"),
    "no code": mix(code=None),
    "a state that never was": mix(state="AAAA"),
    "no state": mix(state=None),
    "a cookie without a signature": forge(None),
    "a cookie signed with nothing": forge(""),
    "a cookie signed with another key": forge("another key, as long as ours is: 0123456789"),
}


def test_an_answer_that_was_tampered_with_signs_nobody_in(trips: Trips, count: Count) -> None:
    """Each token and each way back; the untouched trip lets in before and after each."""
    let_in, honest = [], 0
    tries: list[tuple[str, Callable[[], bool]]] = []

    def by_token(way: str) -> bool:
        trips.provider.be_crooked(way)
        trips.go()
        return trips.is_somebody()

    ways: list[str] = trips.provider.be_crooked()["ways"]
    tampered = [way for way in ways if not way.startswith("honest")]
    tries += [(way, lambda way=way: by_token(way)) for way in tampered]  # type: ignore[misc]
    tries += [(name, lambda attack=attack: attack(trips)) for name, attack in _BACK.items()]  # type: ignore[misc]
    for name, attempt in tries:
        trips.start()
        if attempt():
            let_in.append(name)
        trips.start()
        honest += by_token("honest, signed by the test" if honest % 2 else "honest")
    count("crooked_provider", len(tries), len(let_in), honest)
    assert let_in == []
    assert honest == len(tries)
    assert trips.provider.be_crooked()["codes_without_challenge"] == 0
