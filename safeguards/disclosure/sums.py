"""Sums of sessions that a group missed in a term: which are told, and how a year adds up.

A sum is told where enough children missed something and where whoever knows one child, the
method and the days of the term, stays far enough from every other child's own sessions (the
p% rule, with the second largest as the attacker).  It is told once, for its term, and stands
as printed.  Sums of such sums are as safe as each of them.

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


def choose_sums(sessions: Sessions, settings: Settings, *, never: Collection[str]) -> SumFigures:
    """What may be told of the sessions of a term.

    never: reasons that are not told alone, because a statement may speak of the same children.
    """
    if not (
        _is_large(sessions.missed, sessions, settings)
        and _hides_attendance(sessions, settings.percent)
    ):
        return SumFigures(None)
    lost = {child: count - sessions.possible[child] for child, count in sessions.open.items()}
    is_base_told = not any(lost.values()) or _is_shared(lost.values(), settings)
    return SumFigures(
        missed=sum(sessions.missed.values()),
        possible=sum(sessions.possible.values()) if is_base_told else None,
        reasons=_choose_reasons(sessions, settings, never),
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


def _hides_attendance(sessions: Sessions, percent: int) -> bool:
    """Whether what the others attended hides what each child missed, to any one of them."""
    attended = {child: sessions.possible[child] - sessions.missed[child] for child in sessions.open}
    total = sum(attended.values())
    return all(
        (total - attended[child] - attended[insider]) * 100 > percent * sessions.missed[child]
        for child in attended
        for insider in attended
        if insider != child
    )


def _pool(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The parts together, by child."""
    total: dict[str, int] = {}
    for part in parts:
        for child, share in part.items():
            total[child] = total.get(child, 0) + share
    return total
