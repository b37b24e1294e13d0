"""Made-up figures of a school's terms, through the gate and without a home."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from dashboard.report.content.facts import DUTIES, LOOKED_AFTER, PREVIOUSLY, Facts
from safeguards.disclosure.figures import Duties, Duty, Figures, Period, Roll, Totals
from safeguards.disclosure.publish import ChildTerm, TermFacts, sum_year, total_terms
from safeguards.disclosure.settings import Settings

SCHOOL = "Quarry Lane Junior School"
AUTUMN, SPRING, SUMMER = (Period("2026/27", term) for term in ("autumn", "spring", "summer"))
YEAR = Period("2026/27")
LAST_DAYS = {
    AUTUMN: date(2026, 12, 18),
    SPRING: date(2027, 3, 25),
    SUMMER: date(2027, 7, 21),
    YEAR: date(2027, 7, 21),
}
Earlier = Mapping[Period, tuple[Totals, Sequence[ChildTerm]]]


def build_rows(
    period: Period,
    missed: Sequence[int],
    *,
    planned: Sequence[int] = (),
    spent: Sequence[int] = (),
    sessions: int = 140,
) -> list[ChildTerm]:
    """A row for each child in a term; each was here for all of it."""
    pounds = [*planned, *([0] * len(missed))]
    used = [*spent, *([0] * len(missed))]
    return [
        ChildTerm(f"child {n}", period.term, True, sessions, number, pounds[n], used[n])
        for n, number in enumerate(missed)
    ]


def total(
    rows: Sequence[ChildTerm],
    *periods: Period,
    earlier: Earlier | None = None,
    settings: Settings | None = None,
    **facts: int,
) -> tuple[Totals, ...]:
    """The totals of these terms, in a school of which the children are few."""
    given = {"school_sessions": 30_000, "school_missed": 1_620} | facts
    terms = [TermFacts(period, **given) for period in periods or (AUTUMN,)]
    return total_terms(terms, rows, settings or Settings(), earlier or {})


def build_duties(size: int, **peps: int) -> Duties:
    """All PEP meetings of so many children held in time but those of `peps`, by state."""
    kinds = {kind: Duty(kind) for kind in DUTIES}
    kinds["PEP"] = Duty("PEP", size, in_time=size - sum(peps.values()), **peps)
    kinds["health"] = Duty("health", 5, in_time=3, late=1, not_done=1, open_before=2)
    kinds["reason"] = Duty("reason", 3, not_done=2, to_come=1, open_before=1)
    return Duties(kinds, {"good": size - 1, "": 1} if size > 1 else {})


def build_facts(
    size: int = 12, period: Period = SUMMER, *, is_over: bool = True, **peps: int
) -> Facts:
    """A report on a period in which so many children were looked after."""
    rng = Random(size)
    rows = [
        row
        for term in (AUTUMN, SPRING, SUMMER)
        for row in build_rows(
            term,
            [rng.randint(4, 9) for _ in range(size)],
            planned=[rng.randint(200, 400) for _ in range(size)],
            spent=[rng.randint(100, 200) for _ in range(size)],
        )
    ]
    totals = total(rows, AUTUMN, SPRING, SUMMER)
    figures = Figures(
        period,
        LAST_DAYS[period] if is_over else date(2027, 6, 11),
        is_over,
        {LOOKED_AFTER: Roll(size if size >= 6 else None, None, None), PREVIOUSLY: Roll(8, 0, 6)},
        size >= 6,
        size > 0,
        totals if is_over else totals[:2],
        build_duties(size, **peps),
        {term.term: Duty("PEP", size, in_time=size) for term in (AUTUMN, SPRING, SUMMER)},
    )
    window = figures.totals[-1] if period.term else sum_year(figures.totals, rows, Settings())
    return Facts(
        kind="termly" if period.term else "annual",
        school=SCHOOL,
        figures=figures,
        window=window,
        history=figures.totals,
        england=(0.038, "2024/25"),
    )
