"""Reviews of care, changes of social worker and school, and times missing.

The rates of missing children, new social workers and late reviews are made up: there are no figures
at hand for children of these ages.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from queries.contract import CHANGES, MISSING, REVIEWS
from synthetic.calendar import add_working_days, advance_to_working_day
from synthetic.population.child import CarePeriod, Child
from synthetic.population.story import Chance, choose, is_so
from synthetic.subjects.records import Record, Rhythm, Subject, book, derive_record

#: Working days to the first review, days to the second, and days between later ones.
_FIRST = Rhythm((12, 20), (21, 28), late=0.1)
_SECOND = Rhythm((65, 88), (92, 105), late=0.1)
_LATER = Rhythm((130, 178), (183, 200), late=0.1)
_HAS_REPORT = 0.72
_PARTS = {"PN1": 0.5, "PN6": 0.22, "PN2": 0.12, "PN4": 0.08, "PN7": 0.08}

#: Days from one social worker to the next, and the shares of reasons.
_WORKERS = Rhythm((70, 800))
_REASONS = {"LEFTRL": 0.45, "MANAGE": 0.2, "TSPROC": 0.2, "ABSENC": 0.1, "ORGRST": 0.05}

#: The chance that a child in care goes missing, the days between, and the shares of outcomes.
_MISSES, _TIMES = Chance(0.05, difficulties=0.8, outward=0.8), Rhythm((20, 500))
_KINDS = {"A": 0.7, "M": 0.3}
_INTERVIEWS = {"held": 0.69, "offered and not wanted": 0.23, "not offered": 0.08}
_TALKED = Rhythm((1, 3), (4, 9), late=0.25)


Review = derive_record(REVIEWS, outcome="held", booked=lambda _: {"outcome": "booked"})
Change = derive_record(CHANGES)
Missing = derive_record(MISSING, later={"back": ("interview",), "interview_date": ("interview",)})


def _list_days_known(child: Child, period: CarePeriod) -> tuple[date, date]:
    """Return the first day of a time in care that the school knows, and the day after its end."""
    return max(period.start, child.entry), min(period.end, child.leaving)


def _generate_reviews(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate the reviews of each time in care that the school knows, from the entry on."""
    for period in child.care_periods:
        known, end = _list_days_known(child, period)
        first = add_working_days(period.start, _FIRST.draw_days(rng))
        second = advance_to_working_day(first + timedelta(days=_SECOND.draw_days(rng)))
        for day in (first, *_LATER.list_days(rng, second, end)):
            if known <= day < end:
                report = "yes" if rng.random() < _HAS_REPORT else "no"
                yield Review(day, choose(rng, _PARTS), report, booked_on=book(rng, day))


def _generate_changes(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate new social workers in care, and the child's own move to this school."""
    for period in child.care_periods:
        known, end = _list_days_known(child, period)
        if period.start < child.entry:
            yield Change(child.entry, "school")
        for day in list(_WORKERS.list_days(rng, period.start, end))[1:]:
            if day > known:
                yield Change(day, "social worker", choose(rng, _REASONS))


def _generate_missing(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate the times when a few children in care are missing."""
    if not is_so(rng, _MISSES, child.story):
        return
    for period in child.care_periods:
        first, end = _list_days_known(child, period)
        for day in list(_TIMES.list_days(rng, first, end))[1:]:
            back = day + timedelta(days=rng.randint(0, 1))
            if back < end and not child.is_with_family(day):
                result = choose(rng, _INTERVIEWS)
                talked = advance_to_working_day(back + timedelta(days=_TALKED.draw_days(rng)))
                when = None if result == "not offered" else talked
                yield Missing(day, choose(rng, _KINDS), back, result, when)


SUBJECTS = (
    Subject(REVIEWS, Review, _generate_reviews),
    Subject(CHANGES, Change, _generate_changes),
    Subject(MISSING, Missing, _generate_missing),
)
