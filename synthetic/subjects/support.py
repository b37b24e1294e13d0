"""Help in place, pupil premium plus, part-time timetables, and what children said themselves.

How many children have which help is made up.  The sums are about those of the grant: 2,630 pounds
a child and year in 2025/26 (DfE, conditions of grant).
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from queries.contract import CHOICES, INTERVENTIONS, PEP, PREMIUM, PROVISION, REVIEWS, WORDS
from synthetic.calendar import (
    build_register,
    choose_school_day,
    compute_academic_year,
    find_last_school_day,
    list_school_days,
    list_terms,
)
from synthetic.population.child import Child
from synthetic.population.personas import (
    HAS_WORKER,
    LOOKED_AFTER,
    PART_TIME,
    PREVIOUSLY_LOOKED_AFTER,
)
from synthetic.population.story import Chance, choose, choose_for, is_so
from synthetic.subjects.records import LINES, Record, Subject, derive_record

_HELP = {
    "reading": Chance(0.2, learning=-0.8),
    "maths": Chance(0.14, learning=-0.7),
    "writing": Chance(0.1, learning=-0.6),
    "speech": Chance(0.08),
    "feelings": Chance(0.22, difficulties=0.5),
    "mentor": Chance(0.12, outward=0.4),
    "counselling": Chance(0.06, difficulties=0.7),
    "tutor": Chance(0.08),
}
#: How help ends: looked at as agreed, given up before, or run on after it; shares, days from the
#: review at least and at most, and how far it helped.
_ENDS = {"as agreed": 0.58, "given up": 0.2, "ran on": 0.22}
_HELPED = {
    "as agreed": ((-9, 0), {"yes": 0.5, "partly": 0.38, "no": 0.12}),
    "given up": ((-60, -12), {"yes": 0.1, "partly": 0.35, "no": 0.55}),
    "ran on": ((2, 50), {"yes": 0.35, "partly": 0.6, "no": 0.05}),
}
#: The open days of a term among which something falls; spring is the shortest.
_PLACES = (3, 40)
#: Terms in which a child begins with something; days until it is looked at, and until it can end.
_BEGINS, _REVIEW, _LEAST = Chance(0.36, difficulties=0.3, learning=-0.4), (28, 98), 7

#: Sums by what they are for: help that began, and things that are wanted in some terms.
_SUMS = {"tutor": 450, "counselling": 420, "mentor": 380, "speech": 320, "feelings": 260}
_SUMS |= {"reading": 240, "maths": 240, "writing": 200, "club": 160, "equipment": 220}
_THINGS = {"club": 0.6, "equipment": 0.4}
_IN_PEP, _HAS_SUM, _HAS_THING = 0.85, 0.8, 0.35
_DAY = timedelta(days=1)
#: To how many pounds sums are rounded; what became of them, and how much of them was spent then.
_ROUND = {1: 0.3, 5: 0.2, 10: 0.3, 50: 0.2}
_SPENT = {
    (1.02, 1.15): 0.06,
    (1.0, 1.0): 0.39,
    (0.6, 1.0): 0.28,
    (0.1, 0.6): 0.12,
    (0.0, 0.0): 0.07,
    None: 0.08,
}
#: A plan speaks of the time to the next, a term or so on; help is paid for from the one before it,
#: if it begins so soon after.  Nobody has a sum in the first days of care.
_PEP_HOLDS, _SOON, _FIRST_DAYS = timedelta(days=150), timedelta(days=110), timedelta(days=7)
_PLANNED_BEFORE = 0.75

#: Who agrees a timetable; a social worker, where there is one, as often as this.
_AGREED, _WITH_WORKER = ("parent or carer", "parent or carer and social worker"), 0.7

#: Children of whom the day of the choice is on record.
_GIVEN = 0.8

#: Shares of meetings, of reviews of care, and of terms, of which the child wished a line kept.
_SAID = {"PEP": 0.35, "review of care": 0.3, "conversation": 0.12}
#: Of a review to which the child said nothing, by the codes of the return.
_SILENT = ("PN4", "PN7")

#: A timetable begins so many open days before the year is over, and lasts so many weeks, after two
#: of which at the soonest it is looked at.  Its hours are those of five mornings.
_LEAST_DAYS, _WEEKS, _LOOKED_AT, _HOURS = 40, (3, 4, 5, 6, 6, 8), 2, 15


Help = derive_record(INTERVENTIONS, is_at_school=True, later={"end": ("helped",)})
Sum = derive_record(PREMIUM, is_at_school=True)
Provision = derive_record(PROVISION, is_at_school=True)
Words = derive_record(WORDS, is_at_school=True)
Choice = derive_record(CHOICES)


def _list_days(rng: random.Random, child: Child, year: int) -> Iterator[date]:
    """A day of each term of the child's at the school."""
    for start in range(compute_academic_year(child.entry), year + 1):
        for days in list_terms(start):
            day = child.find_day_in(days[rng.randrange(*_PLACES)])
            if child.entry <= day <= child.leaving:
                yield day


def _generate_help(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """Help that begins in a term, and is looked at and ended some weeks later."""
    ends_of: dict[str, date] = {}
    for day in _list_days(rng, child, year):
        kind = choose_for(rng, _HELP, child.story)
        if not is_so(rng, _BEGINS, child.story) or ends_of.get(kind, date.min) >= day:
            continue
        soonest, latest = (day + timedelta(days=days) for days in _REVIEW)
        reviews = list_school_days(soonest, min(latest, child.leaving))
        if not reviews:
            continue
        review = rng.choice(reviews)
        (least, most), helped = _HELPED[choose(rng, _ENDS)]
        first = max(review + least * _DAY, day + _LEAST * _DAY)
        ends = list_school_days(first, review + most * _DAY) or [review]
        ends_of[kind] = end = min(rng.choice(ends), child.leaving)
        yield Help(day, kind, review, end, choose(rng, helped))


def _generate_sums(
    rng: random.Random, child: Child, year: int, helps: Sequence[Any], meetings: Sequence[Record]
) -> Iterator[Record]:
    """Sums for most help in care or after it, asked for by a plan or when it began; for things."""
    wanted: dict[tuple[date, str], bool] = {}
    for each in helps:
        before = [met.day for met in meetings if each.day - _SOON <= met.day <= each.day]
        day = min(choose_school_day(rng, each.day + rng.randrange(10) * _DAY), each.end)
        is_planned = bool(before) and rng.random() < _PLANNED_BEFORE
        if rng.random() < _HAS_SUM:
            wanted[before[-1] if is_planned else day, each.kind] = is_planned
    for day in _list_days(rng, child, year):
        if rng.random() < _HAS_THING:
            wanted[day, choose(rng, _THINGS)] = False
    for (day, kind), is_planned in sorted(wanted.items()):
        status = child.get_status(day)
        is_new = child.get_status(day - _FIRST_DAYS) != status
        if status not in (LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER) or day > child.leaving or is_new:
            continue
        to = choose(rng, _ROUND)
        planned = to * round(_SUMS[kind] * rng.uniform(0.75, 1.35) / to)
        bounds = choose(rng, _SPENT)
        spent = bounds and round(planned * rng.uniform(*bounds))
        has_pep = status == LOOKED_AFTER and any(
            day - _PEP_HOLDS <= each.day <= day for each in meetings
        )
        in_pep = is_planned or (has_pep and rng.random() < _IN_PEP)
        yield Sum(day, kind, planned, spent, "yes" if in_pep else "no")


def _generate_provision(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """A timetable in each year of a child whose register shows one."""
    for start in range(compute_academic_year(child.entry), year + 1):
        days = build_register(start).open_days
        here = list_school_days(max(days[0], child.entry), min(days[-1], child.leaving))
        if child.persona != PART_TIME or len(here) <= _LEAST_DAYS:
            continue
        day = here[rng.randrange(len(here) - _LEAST_DAYS)]
        weeks = rng.choice(_WEEKS)
        end = find_last_school_day(day + timedelta(weeks=weeks))
        looked_at = day + timedelta(weeks=rng.randint(_LOOKED_AT, weeks))
        review = min(choose_school_day(rng, looked_at), end)
        has_worker = child.get_status(day) in HAS_WORKER
        agreed_by = _AGREED[has_worker and rng.random() < _WITH_WORKER]
        yield Provision(day, "part-time timetable", agreed_by, review, end, _HOURS)


def _generate_words(
    rng: random.Random, child: Child, year: int, peps: Sequence[Any], reviews: Sequence[Any]
) -> Iterator[Record]:
    """Lines of meetings to which the child came, of reviews, and of other days at the school."""
    days = dict.fromkeys(_list_days(rng, child, year), "conversation")
    days |= {each.day: "review of care" for each in reviews if each.took_part not in _SILENT}
    days |= {each.day: "PEP" for each in peps if each.child_attended == "yes"}
    for day, setting in sorted(days.items()):
        if child.entry <= day <= child.leaving and rng.random() < _SAID[setting]:
            yield Words(day, setting, rng.choice(LINES[setting])[1])


def _generate_choices(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """What was given on the first day at the school, by whom the child lived with."""
    in_care = child.get_status(child.entry) == LOOKED_AFTER
    given_by = "carer" if in_care else "parent"
    for item in ("sdq", "health"):
        if rng.random() < _GIVEN:
            yield Choice(child.entry, item, given_by)


SUBJECTS = (
    Subject(INTERVENTIONS, Help, _generate_help),
    Subject(PREMIUM, Sum, _generate_sums, follows=(INTERVENTIONS, PEP)),
    Subject(PROVISION, Provision, _generate_provision),
    Subject(WORDS, Words, _generate_words, follows=(PEP, REVIEWS)),
    Subject(CHOICES, Choice, _generate_choices),
)
