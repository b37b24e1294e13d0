"""Checks of the claims that the school's provider makes about a person who signs in.

The claims come from a token whose signature was checked where it arrived.  Here they are judged by
rules alone, and a person who fails one is not let in.
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from safeguards.access.people import GRANTABLE_ROLES, People, Person
from safeguards.access.provider import Provider
from safeguards.errors import SignInDenied

#: The greatest age of an answer of the provider, and of a password that was typed again.
TOKEN_MAX_AGE = timedelta(minutes=10)
#: The greatest difference between two clocks.
CLOCK_SKEW = timedelta(minutes=2)

_LONGEST_SUB = 255


def verify_claims(
    claims: Mapping[str, Any],
    provider: Provider,
    people: People,
    now: datetime,
    *,
    is_reauthentication: bool = False,
) -> Person:
    """Return the person whom these claims prove, with their roles.

    The school's list must have the account, by the provider's id and never by an address.  With
    Entra the token must also hold app roles, which are those of the list: so neither the person who
    looks after the accounts nor the one who writes the list lets anybody in alone.  If
    `is_reauthentication`, the password must have been typed again a moment ago.  SignInDenied tells
    the person why, and the log in a word.
    """
    _check_token(claims, provider, now)
    sub = claims.get("sub")
    if not isinstance(sub, str) or not sub.isprintable() or not 1 <= len(sub) <= _LONGEST_SUB:
        raise SignInDenied("The sign-in service did not say who you are.", "subject")
    verify = _verify_entra if provider.provider == "entra" else _verify_google
    person = verify(claims, provider, people, sub)
    if is_reauthentication and not is_fresh(claims, now):
        raise SignInDenied(
            "The sign-in service did not ask for your password again. Try again.", "again"
        )
    return person


def is_fresh(claims: Mapping[str, Any], now: datetime) -> bool:
    """Say whether these claims prove that a password was typed a moment ago.

    A new token alone only proves that a session went on.  Not every provider says when.
    """
    return _is_recent(claims.get("auth_time"), now)


def _check_token(claims: Mapping[str, Any], provider: Provider, now: datetime) -> None:
    """Check that the right provider made the token for us, just now."""
    if claims.get("iss") != provider.issuer:
        raise SignInDenied("You signed in with a service that the school does not use.", "issuer")
    ours = provider.client_id
    if claims.get("aud") not in (ours, [ours]) or claims.get("azp", ours) != ours:
        raise SignInDenied("You signed in to a different program, not this one.", "audience")
    expires, begins = claims.get("exp"), claims.get("nbf")
    has_begun = begins is None or (_is_number(begins) and begins <= (now + CLOCK_SKEW).timestamp())
    is_over = not _is_number(expires) or expires <= (now - CLOCK_SKEW).timestamp()
    if is_over or not has_begun or not _is_recent(claims.get("iat"), now):
        raise SignInDenied(
            "This sign-in is too old, or a clock is wrong. Sign in again. If you still cannot, "
            "check this computer's clock.",
            "time",
        )


def _verify_entra(
    claims: Mapping[str, Any], provider: Provider, people: People, sub: str
) -> Person:
    if claims.get("tid") != provider.tenant or provider.tenant is None:
        raise SignInDenied("You signed in with another organisation's account.", "tenant")
    roles = _require_app_roles(claims.get("roles"))
    listed = _get_listed_person(people, sub, provider.tenant)
    if roles != set(listed.role.split()):
        raise SignInDenied(
            "The school's list and Microsoft Entra give you different roles. "
            "Ask the safeguarding lead.",
            "role_differs",
        )
    return listed


def _require_app_roles(claim: object) -> set[str]:
    """Return the roles in the claim `roles`, whose values are called as our roles are."""
    roles = claim if isinstance(claim, list) else []
    if not roles:
        raise SignInDenied(
            "You have no role here. The person who looks after Microsoft Entra can give you a "
            "role.",
            "no_role",
        )
    if not all(role in GRANTABLE_ROLES for role in roles):
        raise SignInDenied(
            "Your role in Microsoft Entra is not used here. The app roles are: "
            f"{', '.join(GRANTABLE_ROLES)}.",
            "unknown_role",
        )
    return set(roles)


def _verify_google(
    claims: Mapping[str, Any], provider: Provider, people: People, sub: str
) -> Person:
    if claims.get("hd") != provider.hosted_domain or provider.hosted_domain is None:
        raise SignInDenied("You signed in with another organisation's account.", "domain")
    if claims.get("email_verified") is not True:
        raise SignInDenied("Google has not verified your e-mail address.", "unverified")
    return _get_listed_person(people, sub, "")


def _get_listed_person(people: People, sub: str, tid: str) -> Person:
    person = people.find_by_sub(sub, tid)
    if person is None:
        raise SignInDenied(
            "Your account is not on the school's list. Ask the safeguarding lead to add you.",
            "unknown",
            sub=sub,
        )
    return person


def _is_recent(at: object, now: datetime) -> bool:
    """Say whether seconds since 1970 lie within ten minutes before now, allowing for the clocks."""
    return _is_number(at) and (
        (now - TOKEN_MAX_AGE - CLOCK_SKEW).timestamp() <= at <= (now + CLOCK_SKEW).timestamp()
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
