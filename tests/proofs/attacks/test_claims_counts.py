"""Tokens put together from right and wrong parts: let in is who has every part right.

The parts are those of tests/safeguards/access/test_claims.py, where each is wrong alone.  The
control is a program that takes whatever a provider signed for its role, as one does who checks
the signature alone.
"""

from safeguards.access.sign_in import verify_claims
from safeguards.errors import SignInDenied
from tests.safeguards.access.test_claims import HARMLESS, LISTED, NOW, RIGHT, WRONG, Claims, change
from tests.support.sizes import Count, rng, size


def take_for_its_role(claims: Claims) -> str | None:
    """The role that a signed token speaks of."""
    roles = claims.get("roles")
    return str(roles[0]) if isinstance(roles, list) and roles else None


def test_only_who_has_every_part_right_is_let_in(count: Count) -> None:
    """One in three is right throughout."""
    draw, cases = rng("sign_in.tokens"), size("sign_in.tokens")
    broken = control = let_in = 0
    for _ in range(cases):
        name = draw.choice(sorted(RIGHT))
        provider, claims = RIGHT[name]
        wrong = draw.sample([*WRONG["either"], *WRONG[name]], draw.choice((0, 1, 3)))
        for changed in draw.sample([*HARMLESS["either"], *HARMLESS[name]], 3):
            claims = change(claims, changed)
        for changed, _why in wrong:
            claims = change(claims, changed)
        try:
            found = verify_claims(claims, provider, LISTED, NOW).role
        except SignInDenied:
            found = None
        let_in += found is not None
        broken += found != (None if wrong else "teacher")
        control += take_for_its_role(claims) != (None if wrong else "teacher")
    count("sign_in.tokens", cases, broken, control)
    assert broken == 0
    assert let_in > cases / 10
    assert control > cases / 10
