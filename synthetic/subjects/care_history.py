"""Reviews of care, changes of social worker and school, and times missing.

How often a child is missing, and has a new social worker, is made up: no line is at hand for
children of these years.  So is how often a review is late.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from queries.contract import CHANGES, MISSING, REVIEWS
from synthetic.calendar import add_working_days, advance_to_working_day, choose_working_day
from synthetic.population.child import CarePeriod, Child
from synthetic.population.story import Chance, choose, is_so
from synthetic.subjects.records import Record, Subject, add_months, derive_record

HELD, BOOKED = "held", "booked"

#: Shares of reviews in time, of those with a report of the school, and of those booked ahead.
_IN_TIME, _HAS_REPORT, _IS_BOOKED = 0.9, 0.72, 0.85
_FIRST_REVIEW = ((12, 20), (21, 28))
#: Days a month before the time is up, at most and mostly; days late; how often, and for when, a
#: new home brings a review forward, and days between two at least.
_SECOND, _LATER, _EARLY, _MOSTLY, _LATE = 3, 6, 13, 2, (1, 20)
_FORWARD, _AFTER_A_MOVE, _LEAST = 0.6, (7, 27), timedelta(days=43)
#: Days from a placement for adoption to its review, and before it in which none is held.
_PLACED, _NOT_BEFORE, _IN_FOUR_WEEKS = (12, 26), timedelta(days=30), timedelta(weeks=4)
_PARTS = {"PN1": 0.5, "PN6": 0.22, "PN2": 0.12, "PN4": 0.08, "PN7": 0.08}

#: New social workers a year, and why; share of times in care in which another team takes over,
#: and days until it does; days for which each stays at least.
_WORKERS, _TAKEN_OVER, _UNTIL, _STAYS = 0.8, 0.75, (45, 150), 70
_REASONS = {"LEFTRL": 0.45, "MANAGE": 0.2, "TSPROC": 0.2, "ABSENC": 0.1, "ORGRST": 0.05}
_YEAR = 365

#: Children in care who are missing in a year, and what came of it.
_MISSES = Chance(0.03, difficulties=0.8, outward=0.8)
_KINDS = {"A": 0.7, "M": 0.3}
_INTERVIEWS = {"held": 0.69, "offered and not wanted": 0.23, "not offered": 0.08}
_TALKED_IN_TIME = 0.75


Review = derive_record(REVIEWS, outcome=HELD, booked=lambda _: {"outcome": BOOKED})
Change = derive_record(CHANGES)
Missing = derive_record(MISSING, later={"back": ("interview",), "interview_date": ("interview",)})


def _generate_reviews(rng: random.Random, child: Child, _year: int) -> list[Record]:
    """The reviews of each time in care, of which the school hears from the child's entry on."""
    return [
        Review(
            day,
            choose(rng, _PARTS),
            "yes" if rng.random() < _HAS_REPORT else "no",
            booked_on=day - timedelta(days=rng.randint(14, 60))
            if rng.random() < _IS_BOOKED
            else None,
        )
        for period in child.care_periods
        for day in _list_reviews(rng, period, child)
        if child.entry <= day < min(period.end, child.leaving)
    ]


def _list_reviews(rng: random.Random, period: CarePeriod, child: Child) -> list[date]:
    """The days of the reviews of a time in care; with each new adoptive home they begin anew."""
    day = add_working_days(period.start, rng.randint(*_FIRST_REVIEW[rng.random() >= _IN_TIME]))
    months, days = _SECOND, list[date]()
    placed = [each.first_day for each in child.episodes if each.home == "adoptive"][:1]
    while min(day, *placed[:1], date.max) < period.end:
        if placed and day >= placed[0]:
            start = placed.pop()
            days = [each for each in days if each < start - _NOT_BEFORE]
            soon = (rng.randint(*_PLACED), _PLACED[0])
            first, second = (advance_to_working_day(start + timedelta(days=each)) for each in soon)
            day, months = (first if first - start <= _IN_FOUR_WEEKS else second), _SECOND
            continue
        days.append(day)
        is_late = rng.random() >= _IN_TIME
        early = int(rng.triangular(2, _EARLY * months, _MOSTLY * months))
        near = timedelta(days=rng.randint(*_LATE) if is_late else -early)
        before, day = day, choose_working_day(rng, add_months(day, months) + near)
        for move in child.moves:
            earlier = choose_working_day(rng, move + timedelta(days=rng.randint(*_AFTER_A_MOVE)))
            if before + _LEAST < earlier < day and move > before and rng.random() < _FORWARD:
                day = earlier
        months = _LATER
    return days


def _generate_changes(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """New social workers in care, and the child's own move to this school."""
    days: dict[date, Record] = {}
    for period in child.care_periods:
        if period.start < child.entry:
            days[child.entry] = Change(child.entry, "school")
        day = period.start
        if rng.random() < _TAKEN_OVER:
            day = choose_working_day(rng, day + timedelta(days=rng.randint(*_UNTIL)))
            if child.entry < day < min(period.end, child.leaving):
                days.setdefault(day, Change(day, "social worker", "TSPROC"))
        while True:
            wait = _STAYS + rng.expovariate(_WORKERS / _YEAR)
            if (child.leaving - day).days < wait:
                break
            day = choose_working_day(rng, day + timedelta(days=int(wait)))
            if child.entry < day < min(period.end, child.leaving):
                days.setdefault(day, Change(day, "social worker", choose(rng, _REASONS)))
    yield from (days[day] for day in sorted(days))


def _generate_missing(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Times missing in care, of a few children."""
    for period in child.care_periods:
        first, last = max(period.start, child.entry), min(period.end, child.leaving)
        day = first
        while (last - day).days > _YEAR // 2:
            day += timedelta(days=rng.randint(_YEAR // 3, _YEAR))
            if day >= last or not is_so(rng, _MISSES, child.story):
                continue
            back = day + timedelta(days=rng.choice((0, 1, 1)))
            if not first <= day <= back < last or child.is_with_family(day):
                continue
            later = rng.randint(1, 3) if rng.random() < _TALKED_IN_TIME else rng.randint(4, 9)
            what = choose(rng, _INTERVIEWS)
            talked = advance_to_working_day(back + timedelta(days=later))
            told = (what, None if what == "not offered" else talked)
            yield Missing(day, choose(rng, _KINDS), back, *told)


SUBJECTS = (
    Subject(REVIEWS, Review, _generate_reviews),
    Subject(CHANGES, Change, _generate_changes),
    Subject(MISSING, Missing, _generate_missing),
)
