"""Checks of the sums of a group, in sessions or pounds, that may be told.

This is the p% rule, with each child in turn as the one who is known whole: a reader who knows one
child, the method, and the most that each could have, stays far enough from every other child's own
share.  Sums over other days are as safe together as each of them, since the rule holds for each
pair of children in each.
"""

from collections.abc import Mapping

#: The amount of each child of a group, with none left out.
Shares = Mapping[str, float]


def is_safe(shares: Shares, spare: Shares, percent: int, *, whole: Shares | None = None) -> bool:
    """Say whether the sum of these shares may be told.

    `spare` is what each child could have had besides, as everybody knows.  `whole` holds the shares
    to which `spare` is the rest, if they are more than these.  A sum with a share below 0, as of a
    refund, is never told: the rule holds for amounts from 0 on.
    """
    has_refund = any(share < 0 for group in (shares, whole or {}) for share in group.values())
    return (
        not has_refund
        and _is_hidden(shares, shares, percent)
        and _is_hidden(whole or shares, spare, percent)
    )


def _is_hidden(shares: Shares, others: Shares, percent: int) -> bool:
    """Say whether the `others` of all but two could move either's share by the percentage."""
    total = sum(others.values())
    return all(
        (total - others[child] - others[insider]) * 100 > percent * shares[child]
        for child in shares
        for insider in shares
        if insider != child
    )
