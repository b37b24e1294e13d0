"""Files to take away: one browser, once, within a minute, and written down before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from dashboard.server import downloads
from dashboard.server.sessions import ActiveSignIns
from safeguards.access import access, admission
from safeguards.access.people import People
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.clocks import Clock
from tests.support.schools.homes import keys_at, lend_demo, read_log
from tests.support.schools.real_home import LEAD, PEOPLE, at_one_browser, phrase_of, real_home

_COOKIE = "lac_8501"
_OWN, _OTHER = "the session of one browser", "the session of another"


@pytest.fixture
def home() -> Path:
    return lend_demo()


@pytest.fixture
def opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], access.Session]:
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    return lambda role: access.open(home, actor="test", role=role, purpose="test")


@pytest.fixture
def offers(clock: Clock) -> downloads.Offers:
    return downloads.Offers(clock)


@pytest.fixture
def offer(offers: downloads.Offers, opened: Callable[[str], access.Session]) -> Callable[..., str]:
    """Puts a file on offer to one browser."""

    def put(role: str = "dsl", made: Callable[[], bytes] = lambda: b"dates", **kept: Any) -> str:
        given = {"name": "dates.csv", "visitor": _OWN, **kept}
        return offers.offer(opened(role), "plans", made, **given)

    return put


@pytest.fixture
def take(offers: downloads.Offers) -> Callable[..., Response]:
    """Asks for an address as a browser would."""
    serve = downloads.build_route(_COOKIE, offers).endpoint

    def asked(address: str, visitor: str | None = _OWN, method: str = "GET") -> Response:
        cookie = f"{_COOKIE}={visitor}" if visitor else ""
        scope = {
            "type": "http",
            "method": method,
            "path_params": {"word": address.removeprefix(downloads.PATH)},
            "headers": [(b"cookie", cookie.encode())],
        }
        answer: Response = serve(Request(scope))
        return answer

    return asked


def test_a_file_is_taken_under_our_own_name(
    offer: Callable[..., str], take: Callable[..., Response]
) -> None:
    """As a file to save, never a page to show."""
    answer = take(offer())
    assert (answer.status_code, answer.body) == (200, b"dates")
    assert answer.headers["content-disposition"] == 'attachment; filename="dates.csv"'
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_file_is_taken_once(offer: Callable[..., str], take: Callable[..., Response]) -> None:
    """The address is worth nothing afterwards, and says so."""
    address = offer()
    assert take(address).status_code == 200
    again = take(address)
    assert again.status_code == 410
    assert b"Go back to the page and create the file again." in again.body


@pytest.mark.parametrize("visitor", [_OTHER, "", None, _OWN + "x"])
def test_another_browser_gets_nothing_and_uses_nothing_up(
    offer: Callable[..., str], take: Callable[..., Response], visitor: str | None
) -> None:
    """Whoever reads the address over a shoulder has no session that it was made for."""
    address = offer()
    assert take(address, visitor).status_code == 410
    assert take(address).status_code == 200


def test_an_offer_without_a_browser_is_nobodys(
    offer: Callable[..., str], take: Callable[..., Response]
) -> None:
    """Not even of a request that has no cookie either."""
    address = offer(visitor=None)
    assert [take(address, visitor).status_code for visitor in (None, "", _OWN)] == [410] * 3


@pytest.mark.parametrize(("after", "status"), [(60.0, 200), (60.1, 410)])
def test_an_offer_lasts_a_minute(
    offer: Callable[..., str],
    take: Callable[..., Response],
    clock: Clock,
    after: float,
    status: int,
) -> None:
    """Then the page is asked for a new one."""
    address = offer()
    clock.now += after
    assert take(address).status_code == status


def test_old_offers_are_not_kept(
    offer: Callable[..., str], offers: downloads.Offers, clock: Clock
) -> None:
    """The next offer clears them away, so that they do not pile up in memory."""
    for _ in range(5):
        offer()
    clock.now += 61
    offer()
    assert len(offers._offers) == 1


def test_a_look_at_the_headers_takes_nothing(
    offer: Callable[..., str], take: Callable[..., Response]
) -> None:
    """A scanner that asks first whether there is a file does not use it up."""
    address = offer()
    assert take(address, method="HEAD").status_code == 410
    assert take(address).status_code == 200


def test_the_log_comes_first(
    offer: Callable[..., str], take: Callable[..., Response], home: Path
) -> None:
    """The line is on the disk when the file begins to be made, and there is one of it."""
    seen: list[dict[str, Any]] = []

    def made() -> bytes:
        seen.extend(read_log(home)[-1:])
        return b"dates"

    address = offer(made=made)
    before = len(read_log(home))
    assert seen == []
    assert take(address).status_code == 200
    assert [(line["event"], line["page"], line["role"]) for line in seen] == [
        ("download", "plans", "dsl")
    ]
    assert len(read_log(home)) == before + 1
    take(address)
    assert len(read_log(home)) == before + 1


def test_without_a_log_there_is_no_file(
    offer: Callable[..., str], take: Callable[..., Response], home: Path
) -> None:
    """Nothing is made, nothing leaves, and the offer is over."""
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"dates")
        return b"dates"

    address = offer(made=make)
    log, aside = home / "log" / "access.jsonl", home / "log" / "aside"
    log.rename(aside)
    log.mkdir()
    try:
        answer = take(address)
    finally:
        log.rmdir()
        aside.rename(log)
    assert answer.status_code == 503
    assert made == []
    assert take(address).status_code == 410


@pytest.mark.parametrize("role", ["pastoral", "head", "manager", "none"])
def test_a_role_without_the_right_is_offered_nothing(
    offer: Callable[..., str], home: Path, role: str
) -> None:
    """It is refused when the file would be made ready, and that is written down."""
    with pytest.raises(access.Denied):
        offer(role)
    assert [read_log(home)[-1][name] for name in ("event", "page", "role")] == [
        "deny",
        "plans",
        role,
    ]


@pytest.mark.parametrize(
    "name", ['x".csv', "../dates.csv", "Dates.csv", "dates", "a b.csv", "é.csv"]
)
def test_a_file_has_a_name_of_our_own(offer: Callable[..., str], name: str) -> None:
    """Nothing that would end the header or leave the folder."""
    with pytest.raises(ValueError, match="plain name"):
        offer(name=name)


@pytest.mark.parametrize("end", ["out", "somebody else", "removed"])
def test_whose_session_is_over_takes_nothing(
    end: str, offers: downloads.Offers, take: Callable[..., Response], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Nor what was on offer before; who is still there does, as the control."""
    folder = real_home(tmp_path / "home")
    presences = ActiveSignIns()
    at_one_browser(folder, monkeypatch, presences)
    home = Home.open(folder)
    keys, name = Keys.load(home), PEOPLE["teacher"]
    person = admission.sign_in_with_passphrase(home, name, phrase_of(name))
    presences.sign_in(_OWN, person)
    session = access.open(folder, admitted=person, actor="", role="", purpose="test")
    given = {"name": "dates.csv", "visitor": _OWN}
    first, second = (offers.offer(session, "plans", lambda: b"dates", **given) for _ in range(2))
    assert take(first).status_code == 200
    if end == "out":
        presences.sign_out(_OWN)
    elif end == "somebody else":
        presences.sign_in(_OWN, admission.sign_in_with_passphrase(home, LEAD, phrase_of(LEAD)))
    else:
        People.load(home, keys).remove(name).save(home, keys)
    assert take(second).status_code == 410
