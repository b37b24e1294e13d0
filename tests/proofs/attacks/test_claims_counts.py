"""Tokens put together from right and wrong parts: let in is who has every part right.

The control is a program that takes whatever a provider signed for its role, as one does who
checks the signature alone.
"""

import random
from datetime import UTC, datetime
from typing import Any

from safeguards.access.people import People, Person
from safeguards.access.provider import Provider
from safeguards.access.sign_in import verify_claims
from safeguards.errors import SignInDenied
from tests.support.sizes import Count, rng, size
from tests.support.web.providers import ENTRA, GOOGLE, TENANT

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
_AT = int(NOW.timestamp())
_OTHER = TENANT.replace("1", "9")
_PEOPLE = People(
    (
        Person("R. Lead", "dsl", "s-1", TENANT),
        Person("T. Teacher", "teacher", "s-2", TENANT),
        Person("G. Lead", "dsl", "s-1"),
        Person("G. Teacher", "teacher", "s-2"),
    )
)
#: For each claim what is right, then what is wrong; `...` leaves it out.
_ANY: dict[str, tuple[list[Any], list[Any]]] = {
    "exp": ([_AT + 3600, _AT - 60], [_AT - 7200, ..., "soon"]),
    "iat": ([_AT, _AT - 600, _AT + 60], [_AT - 7200, _AT + 7200, ..., "now"]),
    "nbf": ([..., _AT], [_AT + 7200]),
    "auth_time": ([..., _AT, _AT - 7200], []),
    "groups": ([..., ["dsl"]], []),
    "_claim_names": ([..., {"groups": "src1"}], []),
    "email": ([..., "dsl@school.example"], []),
}
_PARTS: dict[str, dict[str, tuple[list[Any], list[Any]]]] = {
    "entra": {
        "iss": ([ENTRA.issuer], [GOOGLE.issuer, ENTRA.issuer.replace(TENANT, _OTHER), ...]),
        "aud": ([ENTRA.client_id, [ENTRA.client_id]], [GOOGLE.client_id, [], ...]),
        "sub": (["s-1", "s-2"], ["s-3", "", ..., 1]),
        "tid": ([TENANT], [_OTHER, ..., TENANT.upper() + " "]),
        "roles": ([["dsl"], ["teacher"]], [[], ["dsl", "teacher"], ["admin"], "dsl", ...]),
        "hd": ([..., "school.example"], []),
    },
    "google": {
        "iss": ([GOOGLE.issuer], [ENTRA.issuer, ...]),
        "aud": ([GOOGLE.client_id], [ENTRA.client_id, ...]),
        "azp": ([..., GOOGLE.client_id], [ENTRA.client_id]),
        "sub": (["s-1", "s-2"], ["s-3", "", ...]),
        "hd": (["school.example"], ["other.example", "evil.school.example", ...]),
        "email_verified": ([True], [False, "true", ...]),
        "roles": ([..., ["dsl"], ["head"]], []),
    },
}


def drawn(provider: Provider, draw: random.Random) -> tuple[dict[str, Any], bool]:
    """Claims, and whether each of them is a right one; one in three are right throughout."""
    parts = _ANY | _PARTS[provider.provider]
    spoilt = set(draw.sample(sorted(n for n in parts if parts[n][1]), draw.choice((0, 1, 3))))
    claims = {name: draw.choice(wrong if name in spoilt else right)
              for name, (right, wrong) in parts.items()}  # fmt: skip
    return {name: value for name, value in claims.items() if value is not ...}, not spoilt


def expected(claims: dict[str, Any], provider: Provider, *, is_right: bool) -> str | None:
    """The role of whoever should be let in; None for nobody."""
    listed = {"s-1": "dsl", "s-2": "teacher"}.get(claims.get("sub", ""))
    if not is_right or (provider is ENTRA and claims["roles"] != [listed]):
        return None
    return listed


def naive(claims: dict[str, Any]) -> str | None:
    """The role that a signed token speaks of."""
    roles = claims.get("roles")
    return roles[0] if isinstance(roles, list) and roles else None


def test_only_who_has_every_part_right_is_let_in(count: Count) -> None:
    draw, cases = rng("sign_in.tokens"), size("sign_in.tokens")
    broken = control = let_in = 0
    for _ in range(cases):
        provider = draw.choice((ENTRA, GOOGLE))
        claims, is_right = drawn(provider, draw)
        wanted = expected(claims, provider, is_right=is_right)
        try:
            found = verify_claims(claims, provider, _PEOPLE, NOW).role
        except SignInDenied:
            found = None
        let_in += found is not None
        broken += found != wanted
        control += naive(claims) != wanted
    count("sign_in.tokens", cases, broken, control)
    assert broken == 0
    assert let_in > cases / 10
    assert control > cases / 10
