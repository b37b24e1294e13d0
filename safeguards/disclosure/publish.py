"""The disclosure gate: the choice of the totals of a term that a report may tell.

A total is of a whole term, and only once the term is over, so no two totals share a day.  A year is
the sum of its three terms.  A term keeps the totals that were told first; if the facts were
corrected since, the report says so, and adds the difference if that may be told by itself.  Nothing
is stored here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from safeguards.disclosure.figures import Period, Roll, Totals
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import is_safe

TERMS = ("autumn", "spring", "summer")
_ADDED = ("missed", "sessions", "school_missed", "school_sessions", "planned")


@dataclass(frozen=True)
class ChildTerm:
    """One child's part of the totals of a term, in sessions and pounds."""

    pupil_id: str
    term: str
    is_member: bool
    sessions: int = 0
    missed: int = 0
    planned: float = 0
    spent: float = 0


@dataclass(frozen=True)
class TermFacts:
    """A term that is over, and the sessions of the whole school, some of them missed."""

    period: Period
    days_without_marks: int = 0
    school_sessions: int = 0
    school_missed: int = 0


def total_terms(
    terms: Sequence[TermFacts],
    children: Sequence[ChildTerm],
    settings: Settings,
    earlier: Mapping[Period, tuple[Totals, Sequence[ChildTerm]]],
) -> tuple[Totals, ...]:
    """Return the totals of the terms of a year that are over, as they may be told.

    Args:
        terms: The terms, in order.
        children: A row for each child and term.
        settings: The numbers of the gate.
        earlier: The totals of a term in the newest report, with the rows behind them, without the
            amounts spent. The rows of children who were erased since are missing.
    """
    totals = []
    for number, facts in enumerate(terms):
        names = {term.period.term for term in terms[: number + 1]}
        now = [row for row in children if row.term == facts.period.term]
        if facts.period in earlier:
            first, rows = earlier[facts.period]
            totals.append(_correct(first, rows, now, settings))
        else:
            so_far = [row for row in children if row.term in names]
            totals.append(_total_term(facts, now, so_far, settings))
    return tuple(totals)


def sum_year(
    totals: Sequence[Totals], children: Iterable[ChildTerm], settings: Settings
) -> Totals | None:
    """Return the totals of a year as the sum of its three terms, or None if one is missing.

    A total that may not be told for a term may not be told for the year.  The amount spent is told
    in words, from the facts as they are now, since most of it is spent after the term in which it
    was planned.
    """
    if [term.period.term for term in totals] != list(TERMS):
        return None
    year = Totals(Period(totals[0].period.year), is_corrected=any(map(_is_corrected, totals)))
    for name in _ADDED:
        values = [getattr(term, name) for term in totals]
        if None not in values:
            year = replace(year, **{name: sum(values)})
    if year.planned is not None:
        rows = list(children)
        sums = sum(row.planned for row in rows), sum(row.spent for row in rows)
        year = replace(year, spent=describe_spent(*sums, settings))
    return year


def describe_spent(planned: float, spent: float, settings: Settings) -> str:
    """Return how much of the planned pounds was spent, in words; "" if none was planned.

    A pound more or less changes nothing, unless it crosses one of the shares.
    """
    if planned <= 0:
        return ""
    share = spent / planned
    if share >= settings.spent_nearly_all:
        return "nearly all or all"
    if share >= settings.spent_most:
        return "most"
    return "about half" if share >= settings.spent_half else "less than half"


def mask_roll(roll: Roll, fewest: int) -> Roll:
    """Return the roll with each number that is above 0 and too small replaced by null."""

    def mask(number: int | None) -> int | None:
        return None if number is not None and 0 < number < fewest else number

    return Roll(mask(roll.children), mask(roll.arrived), mask(roll.left))


def _total_term(
    facts: TermFacts, now: Sequence[ChildTerm], so_far: Sequence[ChildTerm], settings: Settings
) -> Totals:
    """Return the totals of a term that no report has told yet, as they may be told."""
    totals = Totals(facts.period)
    missed = {row.pupil_id: row.missed for row in now if row.sessions}
    present = {row.pupil_id: row.sessions - row.missed for row in now if row.sessions}
    is_large = len(missed) >= settings.fewest
    if is_large and not facts.days_without_marks and is_safe(missed, present, settings.percent):
        sessions = sum(missed.values()) + sum(present.values())
        totals = replace(totals, missed=sum(missed.values()), sessions=sessions)
        if sessions <= settings.most_of_school * facts.school_sessions:
            totals = replace(
                totals, school_missed=facts.school_missed, school_sessions=facts.school_sessions
            )
    members = {row.pupil_id for row in now if row.is_member}
    planned = dict.fromkeys(members, 0) | _add(now, "planned")
    whole = _add(so_far, "planned")
    spare = {child: max(0, settings.most_premium - pounds) for child, pounds in whole.items()}
    if len(members) >= settings.fewest and is_safe(planned, spare, settings.percent, whole=whole):
        totals = replace(totals, planned=sum(planned.values()))
    return totals


def _correct(
    first: Totals, before: Sequence[ChildTerm], now: Sequence[ChildTerm], settings: Settings
) -> Totals:
    """Return the totals that were told first, with later corrections added if they may be told.

    A child who is no longer counted, because of an erasure or a restriction, changes nothing.
    """
    then = {row.pupil_id: row for row in before}
    if all(then.get(row.pupil_id) == replace(row, spent=0) for row in now):
        return first
    corrected = replace(first, is_corrected=True)
    for name in ("missed", "planned"):
        value: float | None = getattr(first, name)
        changes = {
            row.pupil_id: getattr(row, name) - getattr(then[row.pupil_id], name)
            for row in now
            if row.pupil_id in then
        }
        sizes = {child: abs(change) for child, change in changes.items() if change}
        is_one_way = abs(sum(changes.values())) == sum(sizes.values())
        is_large = len(sizes) >= settings.fewest
        if (
            value is not None
            and is_one_way
            and is_large
            and is_safe(sizes, sizes, settings.percent)
        ):
            corrected = replace(corrected, **{name: value + sum(changes.values())})
    return corrected


def _add(rows: Iterable[ChildTerm], name: str) -> dict[str, float]:
    """Return each child's sum of a column in these rows."""
    shares: dict[str, float] = {}
    for row in rows:
        shares[row.pupil_id] = shares.get(row.pupil_id, 0) + getattr(row, name)
    return shares


def _is_corrected(totals: Totals) -> bool:
    return totals.is_corrected
