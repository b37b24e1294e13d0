"""Health events of children in care, drawn to be as often up to date as England's.

The figures are for children looked after for a year or more at 31 March 2025, of all ages (DfE,
Outcomes for children in need): in 100 children, 90 had a health assessment in the year, 81 had
their teeth checked, and 84 had up-to-date immunisations.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from queries.contract import HEALTH
from synthetic.calendar import add_working_days, advance_to_working_day
from synthetic.population.child import CarePeriod, Child
from synthetic.population.story import choose
from synthetic.subjects.records import Rhythm, Subject, add_months, book, derive_record

INITIAL, REVIEW = "initial assessment", "review assessment"
DENTAL, IMMUNISATIONS, OPTICIAN = "dental check", "immunisations", "optician"

Check = derive_record(
    HEALTH, outcome="done", booked=lambda check: {"kind": check.kind, "outcome": "booked"}
)

#: The rhythms of yearly events.  The share in date is the mean time in date by the mean interval.
_RHYTHMS = {
    REVIEW: Rhythm((335, 363), (385, 765), late=0.17),  # 90 in 100 in date
    DENTAL: Rhythm((335, 363), (385, 885), late=0.305),  # 81
    IMMUNISATIONS: Rhythm((335, 363), (385, 885), late=0.25),  # 84
    OPTICIAN: Rhythm((335, 363), (385, 865), late=0.7),
}
#: Days from the start of care to the first of each kind, at least and at most.
_FIRST = {DENTAL: (20, 200), IMMUNISATIONS: (20, 200), OPTICIAN: (60, 500)}
_LATE = timedelta(days=370)

#: The shares of first assessments done in 20 working days, and done at all.
_IN_TIME, _EVER = 0.57, 0.95
_WORKING_DAYS = Rhythm((9, 20), (21, 50), late=1 - _IN_TIME)

#: The shares of late events with a row that says why, of children who see an optician, and of
#: assessments with the day of the next.
_SAYS_WHY, _HAS_OPTICIAN, _SAYS_NEXT = 0.6, 0.5, 0.4
_REASONS = {
    "cancelled": 0.3,
    "not attended": 0.25,
    "not offered": 0.2,
    "child refused": 0.15,
    "carer refused": 0.05,
    "other": 0.05,
}
_FIVE = 5


def _generate_checks(rng: random.Random, child: Child, _year: int) -> list[Any]:
    """Generate the health events of a child's times in care until they leave."""
    checks: list[Any] = []
    for period in child.care_periods:
        first = add_working_days(period.start, _WORKING_DAYS.draw_days(rng))
        is_assessed = first < period.end and rng.random() < _EVER
        if is_assessed:
            checks.append(Check(first, INITIAL, booked_on=book(rng, first)))
        begin = period.start + timedelta(days=rng.randint(300, 360))
        if is_assessed:
            # For a child under five the next one comes after six months.
            often = 2 if child.compute_age(first) < _FIVE else 1
            begin = first + timedelta(days=_RHYTHMS[REVIEW].draw_days(rng) // often)
        checks += _list_checks(rng, child, period, REVIEW, begin)
        for kind, days in _FIRST.items():
            begin = period.start + timedelta(days=rng.randint(*days))
            if kind != OPTICIAN or rng.random() < _HAS_OPTICIAN:
                checks += _list_checks(rng, child, period, kind, begin)
    return sorted(checks, key=lambda check: (check.day, check.kind))


def _list_checks(
    rng: random.Random, child: Child, period: CarePeriod, kind: str, begin: date
) -> Iterator[Any]:
    """List events that come every year, or late with a row that says why."""
    day = advance_to_working_day(begin)
    while day < period.end:
        often = 2 if kind == REVIEW and child.compute_age(day) < _FIVE else 1
        has_next = kind == REVIEW and rng.random() < _SAYS_NEXT
        next_due = add_months(day, 12 // often) if has_next else None
        yield Check(day, kind, next_due=next_due, booked_on=book(rng, day))
        wait = timedelta(days=_RHYTHMS[kind].draw_days(rng) // often)
        due, day = day + timedelta(days=365 // often), advance_to_working_day(day + wait)
        missed = advance_to_working_day(due)
        if wait > _LATE / often and missed < min(day, period.end) and rng.random() < _SAYS_WHY:
            yield Check(missed, kind, outcome="not done", reason=choose(rng, _REASONS))


SUBJECT = Subject(HEALTH, Check, _generate_checks)
