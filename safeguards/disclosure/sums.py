"""Sums of a group in a term, of sessions and of pounds: which are told, and how a year adds up.

A sum is told where enough children have a share in it and where whoever knows one child, the
method and the most that each could have, stays far enough from every other child's own share
(the p% rule, with the second largest as the attacker).  It is told once, for its term, and
stands as printed.  Sums of such sums are as safe as each of them.

A child who was suspended missed sessions; so a sum that is told is never smaller than the
group, and bounds no count of children.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from safeguards.disclosure.settings import Settings

#: What the reasons are called that are not told alone.
OTHER = "Other reasons"


@dataclass(frozen=True)
class Sessions:
    """Sessions of one term, by child of one group.

    open: those that everybody knows of, when the school was open and the child in the group.
    possible: of these, those that the child could attend.  missed: of those; the rest were
    attended.  reasons: by label, parts that add up to `missed`.
    """

    open: Mapping[str, int]
    possible: Mapping[str, int]
    missed: Mapping[str, int]
    reasons: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class SumFigures:
    """What is told of a group's sessions.

    missed: None where nothing is.  possible: None where only the sum is told.  reasons: the
    largest first and OTHER last, adding up to `missed`; empty where only the sum is told.
    """

    missed: int | None
    possible: int | None = None
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Premium:
    """Pounds of pupil premium plus of one term, by child of one group.

    planned, spent: of what was agreed in the term; spent is None unless it is recorded of each
    sum.  planned_year: in its academic year so far.
    """

    planned: Mapping[str, int]
    spent: Mapping[str, int] | None
    planned_year: Mapping[str, int]


@dataclass(frozen=True)
class PremiumFigures:
    """What is told of a group's pupil premium plus; None for what is not."""

    planned: int | None
    spent: int | None = None


def choose_sums(sessions: Sessions, settings: Settings, *, never: Collection[str]) -> SumFigures:
    """What may be told of the sessions of a term.

    never: reasons that are not told alone, because a statement may speak of the same children.
    """
    attended = {
        child: possible - sessions.missed[child] for child, possible in sessions.possible.items()
    }
    if not (
        _is_large(sessions.missed, sessions, settings)
        and _is_hidden_by_rest(sessions.missed, attended, settings.percent)
    ):
        return SumFigures(None)
    lost = {child: count - sessions.possible[child] for child, count in sessions.open.items()}
    is_base_told = not any(lost.values()) or _is_shared(lost.values(), settings)
    return SumFigures(
        missed=sum(sessions.missed.values()),
        possible=sum(sessions.possible.values()) if is_base_told else None,
        reasons=_choose_reasons(sessions, settings, never),
    )


def choose_premium(premium: Premium, settings: Settings) -> PremiumFigures:
    """What may be told of the pounds of a term.

    Everybody knows the most that is given for a child in a year; so what the year has left
    hides what each was given.  What was spent is told where it is recorded of each sum, and
    what is left of the plans, which follows from it, could be told as well.  Which of these it
    is for which it is not told, nothing says: either may be about one child.
    """
    room = {
        child: max(0, settings.most_premium - planned)
        for child, planned in premium.planned_year.items()
    }
    if not (
        _is_shared(premium.planned.values(), settings)
        and _is_hidden_by_rest(premium.planned_year, room, settings.percent)
    ):
        return PremiumFigures(None)
    planned_sum = sum(premium.planned.values())
    if premium.spent is None:
        return PremiumFigures(planned_sum)
    left = [planned - premium.spent[child] for child, planned in premium.planned.items()]
    is_spent_told = (
        _is_shared(premium.spent.values(), settings)
        and min(left) >= 0
        and (not any(left) or _is_shared(left, settings))
    )
    return PremiumFigures(planned_sum, sum(premium.spent.values()) if is_spent_told else None)


def add_premium(terms: Sequence[PremiumFigures]) -> PremiumFigures:
    """The sum of what was printed of several terms; of a term without a sum nothing is in it."""
    told = [(each.planned, each.spent) for each in terms if each.planned is not None]
    spent = [each for _, each in told if each is not None]
    return PremiumFigures(
        planned=sum(planned for planned, _ in told) if told else None,
        spent=sum(spent) if told and len(spent) == len(told) else None,
    )


def add_terms(terms: Sequence[SumFigures]) -> SumFigures:
    """The sum of what was printed of several terms; of a term without a sum nothing is in it.

    A reason is told alone where each of these terms told it alone.
    """
    told = [(each, each.missed) for each in terms if each.missed is not None]
    if not told:
        return SumFigures(None)
    missed = sum(count for _, count in told)
    bases = [each.possible for each, _ in told if each.possible is not None]
    possible = sum(bases) if len(bases) == len(told) else None
    parts = [dict(each.reasons) for each, _ in told]
    common = set.intersection(*(set(each) for each in parts)) - {OTHER}
    alone = {label: sum(each[label] for each in parts) for label in common}
    if not alone:
        return SumFigures(missed, possible)
    return SumFigures(missed, possible, _order(alone, missed - sum(alone.values())))


def _choose_reasons(
    sessions: Sessions, settings: Settings, never: Collection[str]
) -> tuple[tuple[str, int], ...]:
    """The reasons that are told alone, and the others together, of which there are always some.

    Were there none, it would be known that nobody missed a session for one of `never`.
    """
    alone = {
        label: sum(shares.values())
        for label, shares in sessions.reasons.items()
        if label not in never and _is_shared(shares.values(), settings)
    }
    for label in sorted(alone, key=lambda label: (alone[label], label)):
        others = _pool(shares for each, shares in sessions.reasons.items() if each not in alone)
        if _is_large(others, sessions, settings):
            return _order(alone, sum(others.values()))
        del alone[label]
    return ()


def _order(alone: Mapping[str, int], others: int) -> tuple[tuple[str, int], ...]:
    found = sorted(alone.items(), key=lambda part: (-part[1], part[0]))
    return (*found, *([(OTHER, others)] if others else []))


def _is_large(shares: Mapping[str, int], sessions: Sessions, settings: Settings) -> bool:
    """Whether a sum may be told, and is no smaller than the group."""
    return sum(shares.values()) >= len(sessions.open) and _is_shared(shares.values(), settings)


def _is_shared(shares: Iterable[int], settings: Settings) -> bool:
    """Whether enough children hold some, and nobody can tell another's within the percentage.

    The second largest takes the rest for the largest's, but one for each other child who holds
    some: at worst they know of how many that is true.
    """
    held = sorted((share for share in shares if share), reverse=True)
    if len(held) < settings.fewest_for_sums:
        return False
    spare = sum(share - 1 for share in held[2:])
    return spare * 100 > settings.percent * held[0]


def _is_hidden_by_rest(shares: Mapping[str, int], rest: Mapping[str, int], percent: int) -> bool:
    """Whether what the others could have had besides hides each child's share, to any of them."""
    total = sum(rest.values())
    return all(
        (total - rest[child] - rest[insider]) * 100 > percent * shares[child]
        for child in rest
        for insider in rest
        if insider != child
    )


def _pool(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The parts together, by child."""
    total: dict[str, int] = {}
    for part in parts:
        for child, share in part.items():
            total[child] = total.get(child, 0) + share
    return total
