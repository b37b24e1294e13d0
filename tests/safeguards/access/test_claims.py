"""Whom the provider's claims prove: each rule by a claim that breaks it alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from safeguards.access.people import People, Person
from safeguards.access.provider import Provider
from safeguards.access.sign_in import CLOCK_SKEW, TOKEN_MAX_AGE, verify_claims
from safeguards.errors import SignInDenied
from tests.support.web.providers import ENTRA, GOOGLE, TENANT

OTHER = TENANT.replace("1", "9")
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
_SECONDS = int(NOW.timestamp())
_TOKEN = {"iat": _SECONDS - 5, "exp": _SECONDS + 3595, "nonce": "n", "sub": "s-1"}
_ENTRA = _TOKEN | {
    "iss": ENTRA.issuer,
    "aud": "app-1",
    "tid": TENANT,
    "roles": ["teacher"],
    "name": "T. Token",
    "auth_time": _SECONDS - 20,
}
_GOOGLE = _TOKEN | {
    "iss": GOOGLE.issuer,
    "aud": "app-2",
    "azp": "app-2",
    "hd": "school.example",
    "email": "t@school.example",
    "email_verified": True,
}
_TEACHER = Person("T. Teacher", "teacher", "s-1", TENANT)
_AT_GOOGLE = replace(_TEACHER, tid="")


def listed(*people: Person) -> People:
    """A school's list, with its lead."""
    return People((Person("R. Lead", "dsl"), *people))


LISTED, NOBODY = listed(_TEACHER, replace(_AT_GOOGLE, person="T. At-Google")), listed()


def changed(claims: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The claims with these in place of theirs; None leaves one out."""
    return {name: value for name, value in (claims | change).items() if value is not None}


def reason(*arguments: Any, **options: Any) -> str:
    """Why somebody is not let in."""
    with pytest.raises(SignInDenied) as caught:
        verify_claims(*arguments, **options)
    assert str(caught.value).endswith(".")
    return caught.value.reason


# What every token must say

_TOKENS: list[tuple[dict[str, Any], str]] = [
    ({"iss": None}, "issuer"),
    ({"iss": "https://evil.example"}, "issuer"),
    ({"iss": ENTRA.issuer + "/"}, "issuer"),
    ({"iss": [ENTRA.issuer]}, "issuer"),
    ({"aud": None}, "audience"),
    ({"aud": "app-9"}, "audience"),
    ({"aud": []}, "audience"),
    ({"aud": ["app-9"]}, "audience"),
    ({"azp": "app-9"}, "audience"),
    ({"exp": None}, "time"),
    ({"exp": str(_SECONDS + 3595)}, "time"),
    ({"exp": True}, "time"),
    ({"exp": _SECONDS - 120}, "time"),
    ({"exp": float("inf")}, "time"),
    ({"exp": float("nan")}, "time"),
    ({"nbf": _SECONDS + 121}, "time"),
    ({"nbf": "now"}, "time"),
    ({"iat": None}, "time"),
    ({"iat": str(_SECONDS)}, "time"),
    ({"iat": _SECONDS + 121}, "time"),
    ({"iat": _SECONDS - 12 * 60 - 1}, "time"),
    ({"sub": None}, "subject"),
    ({"sub": ""}, "subject"),
    ({"sub": 7}, "subject"),
    ({"sub": "a\nb"}, "subject"),
    ({"sub": "x" * 256}, "subject"),
]


@pytest.mark.parametrize(("change", "why"), _TOKENS)
def test_a_token_of_another_or_of_another_time_lets_nobody_in(
    change: dict[str, Any], why: str
) -> None:
    """The control is the same token as it was."""
    assert verify_claims(_ENTRA, ENTRA, LISTED, NOW).person == "T. Teacher"
    assert reason(changed(_ENTRA, change), ENTRA, LISTED, NOW) == why


def test_a_token_for_two_programs_is_not_ours() -> None:
    """Also where we are one of them: the other could have brought it."""
    both = changed(_ENTRA, {"aud": ["app-1", "app-9"]})
    assert reason(both, ENTRA, LISTED, NOW) == "audience"
    assert verify_claims(changed(_ENTRA, {"aud": ["app-1"]}), ENTRA, LISTED, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"iat": _SECONDS + 120},
        {"iat": _SECONDS - 12 * 60},
        {"exp": _SECONDS - 119},
        {"nbf": _SECONDS + 120},
        {"iat": float(_SECONDS)},
    ],
)
def test_clocks_may_lie_two_minutes_apart(change: dict[str, Any]) -> None:
    """A token lasts ten minutes for us, whatever it says itself."""
    assert (timedelta(minutes=10), timedelta(minutes=2)) == (TOKEN_MAX_AGE, CLOCK_SKEW)
    assert verify_claims(changed(_ENTRA, change), ENTRA, LISTED, NOW)


def test_no_claims_at_all_let_nobody_in() -> None:
    """As where a browser brings a cookie that nobody signed."""
    for provider in (ENTRA, GOOGLE):
        assert reason({}, provider, LISTED, NOW) == "issuer"


# Entra


@pytest.mark.parametrize("role", ["pastoral", "dsl", "teacher", "head", "manager"])
def test_an_app_role_that_the_list_has_too_is_the_role(role: str) -> None:
    """With the list's name: the log knows nobody by one that an account gives itself."""
    given = replace(_TEACHER, role=role)
    claims = changed(_ENTRA, {"roles": [role]})
    assert verify_claims(claims, ENTRA, listed(given), NOW) == given


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tid": None}, "tenant"),
        ({"tid": OTHER}, "tenant"),
        ({"tid": [TENANT]}, "tenant"),
        ({"tid": TENANT + " "}, "tenant"),
        ({"roles": None}, "no_role"),
        ({"roles": []}, "no_role"),
        ({"roles": "teacher"}, "no_role"),
        ({"roles": {"teacher": 1}}, "no_role"),
        ({"roles": ["teacher", "dsl"]}, "several_roles"),
        ({"roles": ["teacher", "teacher"]}, "several_roles"),
        ({"roles": ["teacher", "Something.Else"]}, "several_roles"),
        ({"roles": ["Teacher"]}, "unknown_role"),
        ({"roles": ["admin"]}, "unknown_role"),
        ({"roles": ["none"]}, "unknown_role"),
        ({"roles": [""]}, "unknown_role"),
        ({"roles": [["dsl"]]}, "unknown_role"),
        ({"roles": [7]}, "unknown_role"),
        ({"roles": ["dsl"]}, "role_differs"),
        ({"sub": "s-2"}, "unknown"),
        ({"sub": "T. Teacher"}, "unknown"),
    ],
)
def test_entra_lets_in_only_whom_it_and_the_list_gave_one_role(
    change: dict[str, Any], why: str
) -> None:
    """In the school's own organisation."""
    assert reason(changed(_ENTRA, change), ENTRA, LISTED, NOW) == why


def test_a_list_alone_lets_nobody_in_and_nor_does_entra() -> None:
    """An account of another organisation that has the same number is another, too."""
    assert reason(changed(_ENTRA, {"roles": None}), ENTRA, LISTED, NOW) == "no_role"
    assert reason(_ENTRA, ENTRA, NOBODY, NOW) == "unknown"
    assert reason(_ENTRA, ENTRA, listed(_AT_GOOGLE), NOW) == "unknown"
    assert reason(_ENTRA, ENTRA, listed(replace(_TEACHER, tid=OTHER)), NOW) == "unknown"


@pytest.mark.parametrize(
    "extra",
    [
        {"groups": ["dsl"]},
        {"wids": ["dsl"]},
        {"hasgroups": True},
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}},
        {"role": "dsl"},
        {"email": "dsl@school.example", "email_verified": True, "hd": "school.example"},
        {"preferred_username": "dsl@school.example"},
    ],
)
def test_nothing_else_gives_a_role(extra: dict[str, Any]) -> None:
    """Neither groups, of which a token may hold too many to list, nor an address."""
    assert verify_claims(_ENTRA | extra, ENTRA, LISTED, NOW).role == "teacher"
    assert reason(changed(_ENTRA | extra, {"roles": None}), ENTRA, LISTED, NOW) == "no_role"


# Google


def test_google_lets_in_whom_the_list_knows() -> None:
    """By Google's number for the account, with the list's name and role."""
    assert verify_claims(_GOOGLE, GOOGLE, LISTED, NOW).person == "T. At-Google"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"hd": None}, "domain"),
        ({"hd": "other.example"}, "domain"),
        ({"hd": "School.example"}, "domain"),
        ({"hd": "school.example.evil.example"}, "domain"),
        ({"hd": ["school.example"]}, "domain"),
        ({"email_verified": None}, "unverified"),
        ({"email_verified": False}, "unverified"),
        ({"email_verified": "true"}, "unverified"),
        ({"email_verified": 1}, "unverified"),
        ({"sub": "s-2"}, "unknown"),
        ({"sub": "t@school.example"}, "unknown"),
        ({"sub": "s-2", "roles": ["dsl"]}, "unknown"),
    ],
)
def test_google_lets_in_nobody_else(change: dict[str, Any], why: str) -> None:
    """Neither another domain's people, nor an address, nor a role in the token."""
    assert reason(changed(_GOOGLE, change), GOOGLE, LISTED, NOW) == why


def test_a_role_in_a_token_of_google_says_nothing() -> None:
    """The list decides."""
    assert verify_claims(_GOOGLE | {"roles": ["dsl"]}, GOOGLE, LISTED, NOW).role == "teacher"


def test_who_is_unknown_learns_what_the_list_asks_for() -> None:
    """On their own screen, and not in the message, which a log could take."""
    with pytest.raises(SignInDenied) as caught:
        verify_claims(_GOOGLE | {"sub": "s-77"}, GOOGLE, LISTED, NOW)
    assert caught.value.sub == "s-77"
    assert "s-77" not in str(caught.value)


@pytest.mark.parametrize(("claims", "provider"), [(_ENTRA, GOOGLE), (_GOOGLE, ENTRA)])
def test_the_other_provider_is_another(claims: dict[str, Any], provider: Provider) -> None:
    """Whatever its token says besides."""
    assert reason(claims, provider, LISTED, NOW) == "issuer"
    relabelled = claims | {"iss": provider.issuer, "aud": provider.client_id, "azp": None}
    relabelled.pop("azp")
    assert reason(relabelled, provider, LISTED, NOW) in ("tenant", "domain")


# Again


@pytest.mark.parametrize(
    ("at", "is_new"),
    [
        (_SECONDS, True),
        (_SECONDS + 120, True),
        (_SECONDS - 12 * 60, True),
        (_SECONDS - 12 * 60 - 1, False),
        (_SECONDS - 8 * 3600, False),
        (_SECONDS + 121, False),
        (None, False),
        (str(_SECONDS), False),
        (True, False),
    ],
)
def test_a_password_typed_again_is_proved_by_its_time(at: object, is_new: bool) -> None:
    """A new token alone proves a session that went on, not a person who is there."""
    claims = changed(_ENTRA, {"auth_time": at})
    assert verify_claims(claims, ENTRA, LISTED, NOW)
    if is_new:
        assert verify_claims(claims, ENTRA, LISTED, NOW, is_reauthentication=True).role == "teacher"
    else:
        assert reason(claims, ENTRA, LISTED, NOW, is_reauthentication=True) == "again"


def test_no_message_repeats_what_a_token_holds() -> None:
    """They go to the screen and, through a careless caller, to a log."""
    for change, _ in _TOKENS:
        with pytest.raises(SignInDenied) as caught:
            verify_claims(changed(_ENTRA, change), ENTRA, LISTED, NOW)
        for value in ("s-1", "T. Teacher", TENANT, "evil"):
            assert value not in str(caught.value)
