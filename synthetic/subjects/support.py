"""Help, pupil premium plus, part-time timetables, the words of children, and choices on entry.

The shares of help are made up.  The sums are about those of the grant: 2,630 pounds for a child and
year in 2025/26 (DfE, conditions of grant).
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
#: The chance that help begins in a term, the days until its review and its end, and the shares of
#: results.
_BEGINS, _REVIEWED = Chance(0.36, difficulties=0.3, learning=-0.4), Rhythm((28, 98))
_ENDED, _HELPED = Rhythm((20, 98), (100, 150), 0.2), {"yes": 0.4, "partly": 0.4, "no": 0.2}
#: The open days at the start of a term without records.
_FIRST_DAYS = 3

#: The usual sums by purpose, the shares of help with a sum and of terms with equipment, the share
#: that a plan asked for and how long before, and the part of a sum that was spent.
_SUMS = {"tutor": 450, "counselling": 420, "mentor": 380, "speech": 320, "feelings": 260}
_SUMS |= {"reading": 240, "maths": 240, "writing": 200, "equipment": 220}
_HAS_SUM, _HAS_EQUIPMENT, _IN_PEP, _SOON = 0.8, 0.2, 0.6, timedelta(days=110)
_SPENT = {1.0: 0.4, 1.1: 0.06, 0.8: 0.28, 0.3: 0.12, 0.0: 0.06, None: 0.08}

#: The people who agree a timetable, and how often a social worker does, if there is one.
_AGREED, _WORKER_AGREED = "parent or carer", "parent or carer and social worker"
_WITH_WORKER = 0.7
#: The fewest open days of the year that are left when a timetable begins, the weeks that it lasts,
#: and its hours, which are five mornings.
_LEAST_DAYS, _WEEKS, _HOURS = 40, (3, 8), 15

#: The share of choices that are on record, and the shares of meetings, reviews of care and terms
#: with a line that the child wished to be kept.
_GIVEN, _SAID = 0.8, {"PEP": 0.35, "review of care": 0.3, "conversation": 0.12}
#: The return's codes of a review to which the child said nothing.
_SILENT = ("PN4", "PN7")


Help = derive_record(INTERVENTIONS, is_at_school=True, later={"end": ("helped",)})
Sum = derive_record(PREMIUM, is_at_school=True)
Provision = derive_record(PROVISION, is_at_school=True)
Words = derive_record(WORDS, is_at_school=True)
Choice = derive_record(CHOICES)


def _list_days(rng: random.Random, child: Child, year: int) -> Iterator[date]:
    """List a day in each term that the child spends at the school."""
    for start in range(compute_academic_year(child.entry), year + 1):
        for days in list_terms(start):
            day = rng.choice(days[_FIRST_DAYS:])
            if child.entry <= day <= child.leaving:
                yield day


def _generate_help(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """Generate help that begins in a term, with a review and an end some weeks later."""
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
    """Generate sums for most help in care or after it.  An earlier plan asked for some of them."""
    wanted: dict[tuple[date, str], bool] = {}
    for day in _list_days(rng, child, year):
        if rng.random() < _HAS_EQUIPMENT:
            wanted[day, "equipment"] = False
    for given in helps:
        plans = [met.day for met in meetings if given.day - _SOON <= met.day <= given.day]
        is_planned = bool(plans) and rng.random() < _IN_PEP
        if rng.random() < _HAS_SUM:
            wanted[plans[-1] if is_planned else given.day, given.kind] = is_planned
    for (day, kind), is_planned in sorted(wanted.items()):
        if child.get_status(day) in (LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER):
            planned, part = (
                5 * round(_SUMS[kind] * rng.uniform(0.75, 1.35) / 5),
                choose(rng, _SPENT),
            )
            spent = None if part is None else round(planned * part)
            yield Sum(day, kind, planned, spent, "yes" if is_planned else "no")


def _generate_provision(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """Generate a timetable in each year of a child with the habit of one."""
    for start in range(compute_academic_year(child.entry), year + 1):
        days = build_register(start).open_days
        here = list_school_days(max(days[0], child.entry), min(days[-1], child.leaving))
        if child.habit == PART_TIME and len(here) > _LEAST_DAYS:
            day = rng.choice(here[:-_LEAST_DAYS])
            end = advance_to_school_day(day + timedelta(weeks=rng.randint(*_WEEKS)))
            review = min(advance_to_school_day(day + timedelta(weeks=2)), end)
            has_worker = child.get_status(day) in HAS_WORKER
            agreed_by = _WORKER_AGREED if has_worker and rng.random() < _WITH_WORKER else _AGREED
            yield Provision(day, "part-time timetable", agreed_by, review, end, _HOURS)


def _generate_words(
    rng: random.Random, child: Child, year: int, peps: Sequence[Any], reviews: Sequence[Any]
) -> Iterator[Record]:
    """Generate the child's words at meetings that they attended, at reviews and on other days."""
    days = dict.fromkeys(_list_days(rng, child, year), "conversation")
    days |= {review.day: "review of care" for review in reviews if review.took_part not in _SILENT}
    days |= {pep.day: "PEP" for pep in peps if pep.child_attended == "yes"}
    for day, setting in sorted(days.items()):
        if child.entry <= day <= child.leaving and rng.random() < _SAID[setting]:
            yield Words(day, setting, rng.choice(LINES[setting])[1])


def _generate_choices(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate the choices of the first day, by the carer of a child in care or by a parent."""
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
