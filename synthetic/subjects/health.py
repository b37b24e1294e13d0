"""Health events of children in care, drawn to be as often up to date as England's.

The lines are those of children looked after for a year or more at 31 March 2025, of all
ages (DfE, Outcomes for children in need): 90 in 100 had a health assessment in the year,
81 had their teeth checked, and of 84 the immunisations were up to date.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from queries.contract import HEALTH
from synthetic.calendar import add_working_days, choose_working_day
from synthetic.population.child import CarePeriod, Child
from synthetic.population.story import choose
from synthetic.subjects.records import Subject, add_months, derive_record

INITIAL, REVIEW = "initial assessment", "review assessment"
DENTAL, IMMUNISATIONS, OPTICIAN = "dental check", "immunisations", "optician"
DONE, NOT_DONE, BOOKED = "done", "not done", "booked"

Check = derive_record(
    HEALTH, outcome=DONE, booked=lambda check: {"kind": check.kind, "outcome": BOOKED}
)


@dataclass(frozen=True)
class _Recurrence:
    """How a yearly event comes round.

    `late`: share (0 to 1) of the times that it comes after 12 months, then by up to
    `longest` days.  The share in date is the mean time in date by the mean interval.
    """

    late: float
    longest: int
    next_due: float


_ASSESSMENT = _Recurrence(late=0.17, longest=400, next_due=0.4)  # 90 in 100 in date
_DENTAL = _Recurrence(late=0.305, longest=520, next_due=0.3)  # 81
_OPTICIAN = _Recurrence(late=0.7, longest=500, next_due=0.0)

#: The first assessment: shares done in 20 working days, and done at all.
_IN_TIME, _EVER = 0.57, 0.95
_WORKING_DAYS, _LATEST = 20, 65

#: The spray against the flu: each autumn, so many days from 1 October; shares of those who have it,
#: 84 in 100 with the others; and of times in care in which what was missed before is done at first.
_AUTUMN, _DAYS, _SPRAYED = (10, 1), 118, 0.83
_CAUGHT_UP = 0.12

#: Shares: late events that leave a row that says why; events that show while arranged;
#: children who see an optician.
_SAYS_WHY, _IS_BOOKED, _HAS_OPTICIAN = 0.6, 0.6, 0.5

_REFUSED, _SAYS_NO = "child refused", 7  # years of age
_REASONS = {
    "cancelled": 0.3,
    "not attended": 0.25,
    "not offered": 0.2,
    _REFUSED: 0.15,
    "carer refused": 0.05,
    "other": 0.05,
}
_FIVE = 5
_YEAR = 365
_LEAST_LATE = 20


def _generate_checks(rng: random.Random, child: Child, _year: int) -> list[Any]:
    """The health events of a child's times in care until it leaves."""
    checks: list[Any] = []
    for period in child.care_periods:
        first = _generate_initial_assessment(rng, period)
        checks += first
        begin = first[-1].day if first else _generate_start(rng, period, 200, 330)
        checks += _generate_review_assessments(rng, child, period, begin, is_begun=bool(first))
        checks += _generate_yearly_checks(rng, period, DENTAL, _DENTAL, (20, 200))
        checks += _generate_immunisations(rng, period)
        if rng.random() < _HAS_OPTICIAN:
            often = _generate_yearly_checks(rng, period, OPTICIAN, _OPTICIAN, (60, 500))
            checks += [check for check in often if check.outcome != NOT_DONE]
    young = add_months(child.born, 12 * _SAYS_NO)
    checks = [check for check in checks if check.reason != _REFUSED or check.day > young]
    return sorted(checks, key=lambda check: (check.day, check.kind))


def _generate_start(rng: random.Random, period: CarePeriod, least: int, most: int) -> date:
    return choose_working_day(rng, period.start + timedelta(days=rng.randint(least, most)))


def _generate_initial_assessment(rng: random.Random, period: CarePeriod) -> list[Any]:
    """The first assessment, within about 20 working days; none where it was not heard of."""
    luck = rng.random()
    if luck >= _EVER or not period.is_start_known:
        return []
    late = int(rng.triangular(_WORKING_DAYS + 1, _LATEST, _WORKING_DAYS + 1))
    days = rng.randint(9, _WORKING_DAYS) if luck < _IN_TIME else late
    day = add_working_days(period.start, days)
    if day >= period.end:
        return []
    return [Check(day, INITIAL, booked_on=_generate_booking_date(rng, day))]


def _generate_review_assessments(
    rng: random.Random, child: Child, period: CarePeriod, begin: date, *, is_begun: bool
) -> list[Any]:
    """Review assessments: every six months under five, then every twelve."""
    day, checks = begin, []
    if not is_begun and day < period.end:
        checks.append(_review(rng, child, day))
    while day < period.end:
        is_young = child.compute_age(day) < _FIVE
        due, day, is_late = _generate_next_date(rng, day, _ASSESSMENT, 2 if is_young else 1)
        if is_late:
            checks += _generate_missed_check(rng, REVIEW, due, day)
        checks.append(_review(rng, child, day))
    return [check for check in checks if check.day < period.end]


def _review(rng: random.Random, child: Child, day: date) -> Any:
    months = 6 if child.compute_age(day) < _FIVE else 12
    next_due = add_months(day, months) if rng.random() < _ASSESSMENT.next_due else None
    return Check(day, REVIEW, next_due=next_due, booked_on=_generate_booking_date(rng, day))


def _generate_yearly_checks(
    rng: random.Random, period: CarePeriod, kind: str, rhythm: _Recurrence, after: tuple[int, int]
) -> list[Any]:
    """Events that come round every year, or late, with a row that says why.

    after: days from the start of the time in care to the first, at least and at most.
    """
    day, checks = _generate_start(rng, period, *after), []
    while day < period.end:
        next_due = add_months(day, 12) if rng.random() < rhythm.next_due else None
        checks.append(
            Check(day, kind, next_due=next_due, booked_on=_generate_booking_date(rng, day))
        )
        due, day, is_late = _generate_next_date(rng, day, rhythm, 1)
        if is_late:
            checks += _generate_missed_check(rng, kind, due, day)
    return [check for check in checks if check.day < period.end]


def _generate_immunisations(rng: random.Random, period: CarePeriod) -> list[Any]:
    """The flu spray of each autumn, or why not; at first what a child had missed before."""
    checks = []
    if rng.random() < _CAUGHT_UP:
        checks.append(Check(_generate_start(rng, period, 10, 200), IMMUNISATIONS))
    for year in range(period.start.year, period.end.year + 1):
        day = date(year, *_AUTUMN) + timedelta(days=int(rng.triangular(0, _DAYS, _DAYS / 3)))
        day = choose_working_day(rng, day)
        if rng.random() < _SPRAYED:
            booked_on = _generate_booking_date(rng, day)
            checks.append(Check(day, IMMUNISATIONS, booked_on=booked_on))
        elif rng.random() < _SAYS_WHY:
            checks.append(Check(day, IMMUNISATIONS, outcome=NOT_DONE, reason=choose(rng, _REASONS)))
    by_day = {check.day: check for check in checks}
    return [check for day, check in by_day.items() if period.start < day < period.end]


def _generate_next_date(
    rng: random.Random, day: date, rhythm: _Recurrence, a_year: int
) -> tuple[date, date, bool]:
    """When the next event is due, when it comes, and whether late; `a_year` times a year."""
    due = day + timedelta(days=_YEAR // a_year)
    is_late = rng.random() < rhythm.late
    shift = rng.randint(_LEAST_LATE, rhythm.longest) if is_late else -rng.randint(2, 30)
    return due, choose_working_day(rng, due + timedelta(days=shift // a_year)), is_late


def _generate_missed_check(rng: random.Random, kind: str, due: date, done: date) -> list[Any]:
    """A row for an event that did not take place when it was due."""
    day = choose_working_day(rng, due + timedelta(days=rng.randint(0, 6)))
    if rng.random() >= _SAYS_WHY or day >= done:
        return []
    return [Check(day, kind, outcome=NOT_DONE, reason=choose(rng, _REASONS))]


def _generate_booking_date(rng: random.Random, day: date) -> date | None:
    return day - timedelta(days=rng.randint(7, 42)) if rng.random() < _IS_BOOKED else None


SUBJECT = Subject(HEALTH, Check, _generate_checks)
