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
    advance_to_school_day,
    build_register,
    compute_academic_year,
    list_school_days,
    list_terms,
)
from synthetic.population.child import Child
from synthetic.population.groups import HAS_WORKER, LOOKED_AFTER, PART_TIME, PREVIOUSLY_LOOKED_AFTER
from synthetic.population.story import Chance, choose, choose_for, is_so
from synthetic.subjects.records import LINES, Record, Rhythm, Subject, derive_record

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
#: Terms in which a child begins with something; days until it is looked at and until it ends; how
#: far it helped.
_BEGINS, _REVIEWED = Chance(0.36, difficulties=0.3, learning=-0.4), Rhythm((28, 98))
_ENDED, _HELPED = Rhythm((20, 98), (100, 150), 0.2), {"yes": 0.4, "partly": 0.4, "no": 0.2}
#: Open days at the start of a term on which nothing falls.
_FIRST_DAYS = 3

#: Sums by what they are for; shares of helps that have one, and of those that a plan asked for;
#: what part of a sum was spent.
_SUMS = {"tutor": 450, "counselling": 420, "mentor": 380, "speech": 320, "feelings": 260}
_SUMS |= {"reading": 240, "maths": 240, "writing": 200, "equipment": 220}
_HAS_SUM, _HAS_EQUIPMENT, _IN_PEP, _SOON = 0.8, 0.2, 0.6, timedelta(days=110)
_SPENT = {1.0: 0.4, 1.1: 0.06, 0.8: 0.28, 0.3: 0.12, 0.0: 0.06, None: 0.08}

#: Who agrees a timetable; a social worker, where there is one, as often as this.
_AGREED, _WITH_WORKER = ("parent or carer", "parent or carer and social worker"), 0.7
#: A timetable begins so many open days before the year is over, and lasts so many weeks.  Its hours
#: are those of five mornings.
_LEAST_DAYS, _WEEKS, _HOURS = 40, (3, 8), 15

#: Shares of children of whom the day of the choice is on record; and of meetings, of reviews of
#: care, and of terms, of which the child wished a line kept.
_GIVEN, _SAID = 0.8, {"PEP": 0.35, "review of care": 0.3, "conversation": 0.12}
#: Of a review to which the child said nothing, by the codes of the return.
_SILENT = ("PN4", "PN7")


Help = derive_record(INTERVENTIONS, is_at_school=True, later={"end": ("helped",)})
Sum = derive_record(PREMIUM, is_at_school=True)
Provision = derive_record(PROVISION, is_at_school=True)
Words = derive_record(WORDS, is_at_school=True)
Choice = derive_record(CHOICES)


def _list_days(rng: random.Random, child: Child, year: int) -> Iterator[date]:
    """List a day of each term of the child's at the school."""
    for start in range(compute_academic_year(child.entry), year + 1):
        for days in list_terms(start):
            day = rng.choice(days[_FIRST_DAYS:])
            if child.entry <= day <= child.leaving:
                yield day


def _generate_help(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """Generate help that begins in a term, and is looked at and ended some weeks later."""
    ends: dict[str, date] = {}
    for day in _list_days(rng, child, year):
        kind = choose_for(rng, _HELP, child.story)
        review, end = (
            advance_to_school_day(day + timedelta(days=rhythm.draw_days(rng)))
            for rhythm in (_REVIEWED, _ENDED)
        )
        is_free = ends.get(kind, date.min) < day and review <= child.leaving
        if is_free and is_so(rng, _BEGINS, child.story):
            ends[kind] = min(end, child.leaving)
            yield Help(day, kind, review, ends[kind], choose(rng, _HELPED))


def _generate_sums(
    rng: random.Random, child: Child, year: int, helps: Sequence[Any], meetings: Sequence[Record]
) -> Iterator[Record]:
    """Generate sums for most help in care or after it, some of which a plan asked for before."""
    wanted: dict[tuple[date, str], bool] = {}
    for day in _list_days(rng, child, year):
        if rng.random() < _HAS_EQUIPMENT:
            wanted[day, "equipment"] = False
    for each in helps:
        plans = [met.day for met in meetings if each.day - _SOON <= met.day <= each.day]
        is_planned = bool(plans) and rng.random() < _IN_PEP
        if rng.random() < _HAS_SUM:
            wanted[plans[-1] if is_planned else each.day, each.kind] = is_planned
    for (day, kind), is_planned in sorted(wanted.items()):
        if child.get_status(day) in (LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER):
            planned, part = (
                5 * round(_SUMS[kind] * rng.uniform(0.75, 1.35) / 5),
                choose(rng, _SPENT),
            )
            spent = None if part is None else round(planned * part)
            yield Sum(day, kind, planned, spent, "yes" if is_planned else "no")


def _generate_provision(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """Generate a timetable in each year of a child whose register shows one."""
    for start in range(compute_academic_year(child.entry), year + 1):
        days = build_register(start).open_days
        here = list_school_days(max(days[0], child.entry), min(days[-1], child.leaving))
        if child.habit == PART_TIME and len(here) > _LEAST_DAYS:
            day = rng.choice(here[:-_LEAST_DAYS])
            end = advance_to_school_day(day + timedelta(weeks=rng.randint(*_WEEKS)))
            review = min(advance_to_school_day(day + timedelta(weeks=2)), end)
            has_worker = child.get_status(day) in HAS_WORKER
            agreed_by = _AGREED[has_worker and rng.random() < _WITH_WORKER]
            yield Provision(day, "part-time timetable", agreed_by, review, end, _HOURS)


def _generate_words(
    rng: random.Random, child: Child, year: int, peps: Sequence[Any], reviews: Sequence[Any]
) -> Iterator[Record]:
    """Generate lines of meetings to which the child came, of reviews, and of other days."""
    days = dict.fromkeys(_list_days(rng, child, year), "conversation")
    days |= {each.day: "review of care" for each in reviews if each.took_part not in _SILENT}
    days |= {each.day: "PEP" for each in peps if each.child_attended == "yes"}
    for day, setting in sorted(days.items()):
        if child.entry <= day <= child.leaving and rng.random() < _SAID[setting]:
            yield Words(day, setting, rng.choice(LINES[setting])[1])


def _generate_choices(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate what was given on the first day, by whom the child lived with."""
    in_care = child.get_status(child.entry) == LOOKED_AFTER
    for item in ("sdq", "health"):
        if rng.random() < _GIVEN:
            yield Choice(child.entry, item, "carer" if in_care else "parent")


SUBJECTS = (
    Subject(INTERVENTIONS, Help, _generate_help),
    Subject(PREMIUM, Sum, _generate_sums, follows=(INTERVENTIONS, PEP)),
    Subject(PROVISION, Provision, _generate_provision),
    Subject(WORDS, Words, _generate_words, follows=(PEP, REVIEWS)),
    Subject(CHOICES, Choice, _generate_choices),
)
