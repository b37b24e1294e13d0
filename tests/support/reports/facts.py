"""Made-up figures of a school's terms, through the gate and without a home."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, Kind
from dashboard.report.content.figures import DUTIES
from safeguards.disclosure.figures import (
    MISSED,
    PLANNED,
    SPENT,
    SUSPENDED,
    Duties,
    Duty,
    Figures,
    Rate,
    Roll,
    Term,
)
from safeguards.disclosure.publish import Amounts, TermDays, add_year, publish_figures
from safeguards.disclosure.settings import Settings

SCHOOL = "Quarry Lane Junior School"
AUTUMN = TermDays("autumn", date(2026, 9, 2), date(2026, 12, 18), has_register=True)
SPRING = TermDays("spring", date(2027, 1, 4), date(2027, 3, 25), has_register=True)
SUMMER = TermDays("summer", date(2027, 4, 12), date(2027, 7, 21), has_register=True)
YEAR = (AUTUMN, SPRING, SUMMER)


def list_days(first: date, last: date) -> list[date]:
    """The days from one to another that are no weekend."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def build_amounts(
    missed: Sequence[int],
    until: date = SUMMER.last_day,
    *,
    suspended: Sequence[int] = (),
    planned: Sequence[int] = (),
    spent: Sequence[int] = (),
    terms: Sequence[TermDays] = YEAR,
) -> Amounts:
    """Two sessions a day for each child, so many of which are missed in each term.

    missed, suspended: of each term, a place a child, on its first days.  planned, spent: pounds
    of each term, on one day.
    """
    names = [f"child {place}" for place in range(len(missed))]
    opened: dict[str, dict[date, int]] = {name: {} for name in names}
    daily: dict[str, dict[str, dict[date, int]]] = {
        what: {name: {} for name in names} for what in (MISSED, SUSPENDED, PLANNED, SPENT)
    }
    for term in terms:
        days = [day for day in list_days(term.first_day, term.last_day) if day <= until]
        for place, name in enumerate(names):
            opened[name].update(dict.fromkeys(days, 2))
            for what, all_shares in ((MISSED, missed), (SUSPENDED, suspended)):
                left = all_shares[place] if all_shares else 0
                for day in days:
                    daily[what][name][day] = min(2, left)
                    left -= min(2, left)
            for what, pounds in ((PLANNED, planned), (SPENT, spent)):
                if pounds and term.first_day + timedelta(days=7) <= until:
                    daily[what][name][term.first_day + timedelta(days=7)] = pounds[place]
    return Amounts(opened, daily)


def build_duties(size: int, **peps: int) -> Duties:
    """Of so many children: all PEP meetings held in time but those of `peps`, by state."""
    kinds = {kind: Duty(kind) for kind in DUTIES}
    kinds["PEP"] = Duty("PEP", size, in_time=size - sum(peps.values()), **peps)
    kinds["health"] = Duty("health", 5, in_time=3, late=1, not_done=1, open_before=2)
    kinds["reason"] = Duty("reason", 3, not_done=2, to_come=1, open_before=1)
    return Duties(kinds, {"good": size - 1, "": 1} if size > 1 else {})


def publish(
    amounts: Amounts,
    *earlier: Figures,
    term: TermDays = AUTUMN,
    day: date | None = None,
    children: int | None = None,
    duties: Duties | None = None,
    settings: Settings | None = None,
) -> Figures:
    """The figures of a term, by default on its last day, of as many as have a day in them."""
    size = len(amounts.open) if children is None else children
    return publish_figures(
        Term("2026/27", term.name),
        day or term.last_day,
        YEAR[: YEAR.index(term) + 1],
        {LOOKED_AFTER: Roll(size, 2, 1), PREVIOUSLY: Roll(8, 0, 6)},
        amounts,
        duties or build_duties(size),
        earlier,
        group=LOOKED_AFTER,
        rates=[
            Rate("whole school", "2026/27", 0.054),
            Rate("looked after 12 months", "2024/25", 0.038),
        ],
        settings=settings,
    )


def build_facts(size: int = 12, kind: Kind = "termly", **peps: int) -> Facts:
    """Of the summer term after a report on spring; of an annual one, with its year."""
    rng = Random(size)
    amounts = build_amounts(
        [rng.randint(4, 9) for _ in range(size)],
        planned=[rng.randint(200, 400) for _ in range(size)],
        spent=[rng.randint(100, 200) for _ in range(size)],
    )
    spring = publish(amounts, term=SPRING)
    told = publish(amounts, spring, term=SUMMER, duties=build_duties(size, **peps))
    if kind == "annual":
        told = add_year(told, build_duties(3 * size, **peps), amounts, [spring])
    return Facts(kind, SCHOOL, told, None if kind == "annual" else spring)
