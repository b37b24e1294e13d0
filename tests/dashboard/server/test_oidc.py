"""The way out to the provider and back: an answer counts once, for whoever went to ask."""

from datetime import UTC, datetime
from typing import Any

import pytest
import streamlit as st

from dashboard.server import oidc
from safeguards.access.people import People, Person
from safeguards.errors import LogError, SignInDenied
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.clocks import Clock
from tests.support.web.providers import ENTRA, GOOGLE, TENANT

ADDRESS = "http://127.0.0.1:8501"
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
_SECONDS = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": ENTRA.issuer,
    "aud": "app-1",
    "iat": _SECONDS - 5,
    "exp": _SECONDS + 3595,
    "auth_time": _SECONDS - 6,
    "nonce": "n-1",
    "sub": "s-1",
    "tid": TENANT,
    "roles": ["teacher"],
    "name": "T. Teacher",
    "provider": "school",
    "is_logged_in": True,
}
TEACHER = Person("T. Teacher", "teacher", "s-1", TENANT)


PEOPLE = People((Person("R. Lead", "dsl"), TEACHER))


@pytest.fixture
def trips(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> oidc.PendingSignIns:
    made = oidc.PendingSignIns(clock)
    monkeypatch.setattr(oidc, "PENDING_SIGN_INS", made)
    return made


@pytest.fixture
def log(home: Home, keys: Keys) -> AccessLog:
    return AccessLog(home, keys)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Streamlit reads from its cookie; a test changes it."""
    claims = dict(CLAIMS)

    class User:
        def to_dict(self) -> dict[str, Any]:
            return dict(claims)

    monkeypatch.setattr(st, "user", User())
    return claims


def arrived(log: AccessLog, **options: Any) -> oidc.SignIn | None:
    return oidc.complete_sign_in("visitor", ENTRA, PEOPLE, log, NOW, **options)


# What Streamlit is given


def test_streamlit_is_given_the_way_to_the_provider() -> None:
    """Its own way to ask for a password anew has another name."""
    auth = oidc.build_streamlit_secrets(ENTRA, "s3cret", ADDRESS)["auth"]
    assert auth["redirect_uri"] == "http://127.0.0.1:8501/oauth2callback"
    assert auth["school"] == {
        "client_id": "app-1",
        "client_secret": "s3cret",
        "server_metadata_url": ENTRA.server_metadata_url,
        "client_kwargs": {
            "scope": "openid",
            "code_challenge_method": "S256",
            "prompt": "select_account",
        },
    }
    assert auth["again"]["client_kwargs"]["prompt"] == "login"
    assert auth["again"]["authorize_params"] == {"max_age": "0"}
    assert "expose_tokens" not in auth


def test_google_is_asked_for_its_one_domain_and_for_no_name() -> None:
    """And cannot ask for a password anew."""
    auth = oidc.build_streamlit_secrets(GOOGLE, "s3cret", ADDRESS)["auth"]
    assert auth["school"]["authorize_params"] == {"hd": "school.example"}
    assert auth["school"]["client_kwargs"]["scope"] == "openid email"
    assert "again" not in auth
    with pytest.raises(SignInDenied, match="passphrase"):
        oidc.redirect_to_provider(GOOGLE, "visitor", is_again=True)


def test_each_run_signs_its_cookies_with_a_key_of_its_own() -> None:
    """So none of an earlier run is read."""
    keys = {
        oidc.build_streamlit_secrets(ENTRA, "s", ADDRESS)["auth"]["cookie_secret"]
        for _ in range(50)
    }
    assert len(keys) == 50
    assert {len(key) for key in keys} == {43}


# Trips


def test_an_answer_counts_for_whoever_went_out(trips: oidc.PendingSignIns) -> None:
    """Once; another browser, or one that did not go, is told nothing."""
    assert trips.accept_claims("visitor", CLAIMS) is None
    trips.begin("visitor")
    assert trips.accept_claims("other", CLAIMS) is None
    assert trips.accept_claims("visitor", CLAIMS) is False
    assert trips.accept_claims("visitor", CLAIMS) is None


def test_an_answer_that_counted_never_counts_again(trips: oidc.PendingSignIns) -> None:
    """The cookie of it is still there when the browser goes out once more, and comes back."""
    trips.begin("visitor")
    assert trips.accept_claims("visitor", CLAIMS) is False
    for who in ("visitor", "other"):
        trips.begin(who)
        assert trips.accept_claims(who, CLAIMS) is None
        assert trips.accept_claims(who, CLAIMS | {"nonce": f"n of {who}"}) is False


def test_once_somebody_has_been_there_the_password_is_typed_anew(
    trips: oidc.PendingSignIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the provider asks for one; else a click would let the next person in as the last."""
    ways: list[str] = []
    monkeypatch.setattr(st, "login", ways.append)
    for provider in (ENTRA, GOOGLE):
        oidc.redirect_to_provider(provider, "visitor")
    assert trips.accept_claims("visitor", CLAIMS) is False
    for provider in (ENTRA, GOOGLE):
        oidc.redirect_to_provider(provider, "visitor")
        oidc.redirect_to_provider(provider, "its next cookie")
    assert ways == [*("school", "school"), *("again", "again", "school", "school")]


@pytest.mark.parametrize(
    ("after", "counts"), [(oidc.SIGN_IN_TIMEOUT_S, True), (oidc.SIGN_IN_TIMEOUT_S + 0.1, False)]
)
def test_a_browser_may_be_away_for_ten_minutes(
    trips: oidc.PendingSignIns, clock: Clock, after: float, counts: bool
) -> None:
    trips.begin("visitor")
    clock.now += after
    assert (trips.accept_claims("visitor", CLAIMS) is False) == counts
    assert oidc.SIGN_IN_TIMEOUT_S == 10 * 60


@pytest.mark.parametrize("nonce", [None, "", 7, ["n"]])
def test_an_answer_without_a_nonce_never_counts(trips: oidc.PendingSignIns, nonce: object) -> None:
    """It could not be told from itself."""
    trips.begin("visitor")
    assert trips.accept_claims("visitor", CLAIMS | {"nonce": nonce}) is None
    assert trips.accept_claims("visitor", {}) is None


@pytest.mark.parametrize(
    ("is_again", "way", "expected"),
    [
        (False, "school", False),
        (False, "again", None),
        (True, "school", None),
        (True, "again", True),
        (True, None, None),
    ],
)
def test_a_password_typed_anew_came_by_its_own_way(
    trips: oidc.PendingSignIns, is_again: bool, way: str | None, expected: bool | None
) -> None:
    """Who was sent to type it does not come back by the other way."""
    trips.begin("visitor", is_again=is_again)
    assert trips.accept_claims("visitor", CLAIMS | {"provider": way}) is expected


def test_what_trips_hold_names_no_browser(trips: oidc.PendingSignIns) -> None:
    trips.begin("visitor-word")
    trips.accept_claims("visitor-word", CLAIMS | {"nonce": "nonce-word"})
    trips.begin("visitor-word")
    assert "word" not in repr(vars(trips))


# Arrivals


def test_who_comes_back_is_somebody_once(
    trips: oidc.PendingSignIns, told: dict[str, Any], log: AccessLog
) -> None:
    """The same cookie says nothing at the next look."""
    assert told
    trips.begin("visitor")
    assert arrived(log) == oidc.SignIn(TEACHER, is_fresh=True)
    assert arrived(log) is None
    assert list(log.read_records()) == []


@pytest.mark.parametrize("at", [None, _SECONDS - 3600, "now"])
def test_a_first_sign_in_need_not_be_fresh(
    trips: oidc.PendingSignIns, told: dict[str, Any], log: AccessLog, at: object
) -> None:
    """A session with the provider that goes on lets somebody in, to look and no more."""
    told["auth_time"] = at
    trips.begin("visitor")
    assert arrived(log) == oidc.SignIn(TEACHER, is_fresh=False)


def test_a_denial_is_logged_without_a_word_of_the_token(
    trips: oidc.PendingSignIns, told: dict[str, Any], log: AccessLog
) -> None:
    """Who it was would be somebody outside of the school."""
    told["tid"] = TENANT.replace("1", "9")
    trips.begin("visitor")
    with pytest.raises(SignInDenied, match="another organisation"):
        arrived(log)
    assert arrived(log) is None
    (line,) = log.read_records()
    assert (line["event"], line["actor"], line["role"]) == ("deny", "unknown", "none")
    assert line["purpose"] == "sign in: tenant"
    assert not [value for value in ("s-1", "T. Teacher") if value in str(line)]


def test_without_a_log_there_is_no_denial_and_no_way_in(
    trips: oidc.PendingSignIns,
    told: dict[str, Any],
    log: AccessLog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise LogError("The log cannot be written.")

    told["roles"] = []
    trips.begin("visitor")
    monkeypatch.setattr(AccessLog, "append", fails)
    with pytest.raises(LogError):
        arrived(log)


@pytest.mark.parametrize(
    ("signed_in", "may"),
    [
        (TEACHER, True),
        (Person("T. Other-Name", "dsl", "s-1", TENANT), True),
        (Person("T. Teacher", "teacher", "s-2", TENANT), False),
        (Person("T. Teacher", "teacher", "s-1", ""), False),
        (Person("T. Teacher", "teacher"), False),
        (None, True),
    ],
)
def test_a_password_is_typed_anew_by_whoever_is_signed_in(
    trips: oidc.PendingSignIns,
    told: dict[str, Any],
    log: AccessLog,
    signed_in: Person | None,
    may: bool,
) -> None:
    """By the account, whatever its name and role are by now; a colleague does not help out.

    Where nobody is signed in it lets somebody in.
    """
    told["provider"] = "again"
    trips.begin("visitor", is_again=True)
    if may:
        assert arrived(log, signed_in=signed_in) == oidc.SignIn(TEACHER, is_fresh=True)
        return
    with pytest.raises(SignInDenied, match="Somebody else"):
        arrived(log, signed_in=signed_in)
    assert [line["purpose"] for line in log.read_records()] == ["sign in: another"]


def test_an_old_password_is_none_typed_anew(
    trips: oidc.PendingSignIns, told: dict[str, Any], log: AccessLog
) -> None:
    """Where the provider sent a new token for a session that went on."""
    told.update(provider="again", auth_time=_SECONDS - 3600)
    trips.begin("visitor", is_again=True)
    with pytest.raises(SignInDenied, match="did not ask for your password"):
        arrived(log, signed_in=TEACHER)
