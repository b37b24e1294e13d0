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

Claims = dict[str, Any]

OTHER = TENANT.replace("1", "9")
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
_SECONDS = int(NOW.timestamp())
_TOKEN = {"iat": _SECONDS - 5, "exp": _SECONDS + 3595, "nonce": "n", "sub": "s-1"}
#: A provider, and the claims of the teacher there.
RIGHT: dict[str, tuple[Provider, Claims]] = {
    "entra": (
        ENTRA,
        _TOKEN
        | {
            "iss": ENTRA.issuer,
            "aud": "app-1",
            "tid": TENANT,
            "roles": ["teacher"],
            "name": "T. Token",
            "auth_time": _SECONDS - 20,
        },
    ),
    "google": (
        GOOGLE,
        _TOKEN
        | {
            "iss": GOOGLE.issuer,
            "aud": "app-2",
            "azp": "app-2",
            "hd": "school.example",
            "email": "t@school.example",
            "email_verified": True,
        },
    ),
}
_TEACHER = Person("T. Teacher", "teacher", "s-1", TENANT)
_AT_GOOGLE = replace(_TEACHER, person="T. At-Google", tid="")


def listed(*people: Person) -> People:
    """A school's list, with its lead."""
    return People((Person("R. Lead", "dsl"), *people))


LISTED = listed(_TEACHER, _AT_GOOGLE)


def change(claims: Claims, changed: Claims) -> Claims:
    """The claims with these in place of theirs; None leaves one out."""
    return {name: value for name, value in (claims | changed).items() if value is not None}


def reason(claims: Claims, provider: Provider, people: People = LISTED, **options: Any) -> str:
    """Why somebody is not let in; no message repeats what a token holds."""
    with pytest.raises(SignInDenied) as caught:
        verify_claims(claims, provider, people, NOW, **options)
    assert str(caught.value).endswith(".")
    for value in ("s-1", "T. Teacher", TENANT, "evil"):
        assert value not in str(caught.value)
    return caught.value.reason


#: What lets nobody in by itself, at each provider and at either, and why.
WRONG: dict[str, list[tuple[Claims, str]]] = {
    "either": [
        ({"iss": None}, "issuer"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": ENTRA.issuer + "/"}, "issuer"),
        ({"iss": [ENTRA.issuer]}, "issuer"),
        ({"aud": None}, "audience"),
        ({"aud": "app-9"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": ["app-9"]}, "audience"),
        # the other program could have brought it
        ({"aud": ["app-1", "app-9"]}, "audience"),
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
        ({"sub": "s-2"}, "unknown"),
        ({"sub": "T. Teacher"}, "unknown"),
    ],
    "entra": [
        ({"tid": None}, "tenant"),
        ({"tid": OTHER}, "tenant"),
        ({"tid": [TENANT]}, "tenant"),
        ({"tid": TENANT + " "}, "tenant"),
        ({"roles": None}, "no_role"),
        ({"roles": []}, "no_role"),
        ({"roles": "teacher"}, "no_role"),
        ({"roles": {"teacher": 1}}, "no_role"),
        ({"roles": ["teacher", "dsl"]}, "role_differs"),
        ({"roles": ["teacher", "Something.Else"]}, "unknown_role"),
        ({"roles": ["Teacher"]}, "unknown_role"),
        ({"roles": ["admin"]}, "unknown_role"),
        ({"roles": ["none"]}, "unknown_role"),
        ({"roles": [""]}, "unknown_role"),
        ({"roles": [["dsl"]]}, "unknown_role"),
        ({"roles": [7]}, "unknown_role"),
        ({"roles": ["dsl"]}, "role_differs"),
    ],
    "google": [
        ({"hd": None}, "domain"),
        ({"hd": "other.example"}, "domain"),
        ({"hd": "School.example"}, "domain"),
        ({"hd": "school.example.evil.example"}, "domain"),
        ({"hd": ["school.example"]}, "domain"),
        ({"email_verified": None}, "unverified"),
        ({"email_verified": False}, "unverified"),
        ({"email_verified": "true"}, "unverified"),
        ({"email_verified": 1}, "unverified"),
        ({"sub": "t@school.example"}, "unknown"),
        ({"sub": "s-2", "roles": ["dsl"]}, "unknown"),
    ],
}
#: What changes nothing: clocks may lie two minutes apart, and nothing else gives a role.
HARMLESS: dict[str, list[Claims]] = {
    "either": [
        {"iat": _SECONDS + 120},
        {"iat": _SECONDS - 12 * 60},
        {"exp": _SECONDS - 119},
        {"nbf": _SECONDS + 120},
        {"iat": float(_SECONDS)},
        {"groups": ["dsl"]},
        {"wids": ["dsl"]},
        {"hasgroups": True},
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}},
        {"role": "dsl"},
        {"preferred_username": "dsl@school.example"},
    ],
    "entra": [
        {"aud": ["app-1"]},
        {"email": "dsl@school.example", "email_verified": True, "hd": "school.example"},
    ],
    "google": [{"aud": ["app-2"]}, {"azp": None}, {"roles": ["dsl"]}],
}
_CASES = [
    (name, changed, why) for name in RIGHT for changed, why in (*WRONG["either"], *WRONG[name])
]


@pytest.mark.parametrize(("name", "changed", "why"), _CASES)
def test_a_wrong_part_lets_nobody_in(name: str, changed: Claims, why: str) -> None:
    """The control is the same token as it was."""
    provider, claims = RIGHT[name]
    assert verify_claims(claims, provider, LISTED, NOW).role == "teacher"
    assert reason(change(claims, changed), provider) == why


@pytest.mark.parametrize("name", RIGHT)
def test_what_changes_nothing_gives_nothing(name: str) -> None:
    """Neither groups, of which a token may hold too many to list, nor an address."""
    assert (timedelta(minutes=10), timedelta(minutes=2)) == (TOKEN_MAX_AGE, CLOCK_SKEW)
    provider, claims = RIGHT[name]
    person = _TEACHER if name == "entra" else _AT_GOOGLE
    for changed in (*HARMLESS["either"], *HARMLESS[name]):
        assert verify_claims(change(claims, changed), provider, LISTED, NOW) == person, changed
        alone = change(claims, {"roles": None, **changed, "sub": "s-2"})
        assert reason(alone, provider) in ("no_role", "unknown"), changed


@pytest.mark.parametrize("role", ["pastoral", "dsl", "teacher", "head", "manager"])
def test_an_app_role_that_the_list_has_too_is_the_role(role: str) -> None:
    """With the list's name: the log knows nobody by one that an account gives itself."""
    given = replace(_TEACHER, role=role)
    claims = change(RIGHT["entra"][1], {"roles": [role]})
    assert verify_claims(claims, ENTRA, listed(given), NOW) == given


def test_a_token_alone_lets_nobody_in() -> None:
    """An account of another organisation that has the same number is another, too."""
    for name, people in (
        ("entra", listed()),
        ("entra", listed(_AT_GOOGLE)),
        ("entra", listed(replace(_TEACHER, tid=OTHER))),
        ("google", listed()),
        ("google", listed(_TEACHER)),
    ):
        provider, claims = RIGHT[name]
        assert reason(claims, provider, people) == "unknown"
    for provider, _ in RIGHT.values():  # as of a cookie that nobody signed
        assert reason({}, provider) == "issuer"


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
    claims = change(RIGHT["entra"][1], {"auth_time": at})
    assert verify_claims(claims, ENTRA, LISTED, NOW)
    if is_new:
        assert verify_claims(claims, ENTRA, LISTED, NOW, is_reauthentication=True).role == "teacher"
    else:
        assert reason(claims, ENTRA, is_reauthentication=True) == "again"
