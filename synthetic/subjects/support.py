"""Help in place, pupil premium plus, part-time timetables, and what children said themselves.

How many children have which help is made up.  The sums are about those of the grant: 2,630 pounds
a child and year in 2025/26 (DfE, conditions of grant).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar, Self

from queries.contract import CHOICES, INTERVENTIONS, PREMIUM, PROVISION, WORDS
from synthetic.calendar import (
    advance_to_school_day,
    build_register,
    compute_academic_year,
    list_terms,
)
from synthetic.population.child import Child
from synthetic.population.personas import LOOKED_AFTER, PART_TIME, PREVIOUSLY_LOOKED_AFTER
from synthetic.population.story import Chance, choose, choose_for
from synthetic.subjects.records import Record, Subject, derive_record

_HELP = {
    "reading": Chance(0.2, difficulties=-0.2),
    "maths": Chance(0.14, difficulties=-0.2),
    "writing": Chance(0.1),
    "speech": Chance(0.08),
    "feelings": Chance(0.22, difficulties=0.5),
    "mentor": Chance(0.12, outward=0.4),
    "counselling": Chance(0.06, difficulties=0.7),
    "tutor": Chance(0.08),
}
_HELPED = {"yes": 0.5, "partly": 0.38, "no": 0.12}
#: Terms in which a child begins with something; weeks until it is looked at, and until its end.
_BEGINS, _REVIEW, _LASTS, _LATE = 0.4, (5, 7), (8, 14), 0.03

#: Sums a term, by what they are for.
_SUMS = {"tutor": 450, "counselling": 420, "club": 160, "equipment": 220, "mentor": 380}
_SHARES = {"tutor": 0.35, "counselling": 0.15, "club": 0.2, "equipment": 0.15, "mentor": 0.15}
_IN_PEP, _HAS_SUM = 0.85, 0.75

_AGREED = {"parent or carer and social worker": 0.6, "parent or carer": 0.3, "Virtual School": 0.1}

#: Children of whom the day of the choice is on record.
_GIVEN = 0.8

_SAID, _SETTINGS = 0.3, {"PEP": 0.5, "conversation": 0.35, "review of care": 0.15}
_LINES = (
    "I like it when somebody sits with me in maths",
    "please tell me before things change",
    "I want to be in the football club",
    "I am proud of my story about the sea",
    "break is too loud for me",
    "I would like to see my brother more",
)


@dataclass(frozen=True)
class Help(Record):
    """One kind of help in place."""

    IS_AT_SCHOOL = True
    LATER: ClassVar[tuple[str, ...]] = ("end",)

    kind: str
    review: date | None = None
    end: date | None = None
    helped: str | None = None

    def to_known(self, until: date) -> Self:
        """Whether it helped is known with its end."""
        known = super().to_known(until)
        return known if known.end else replace(known, helped=None)


Sum = derive_record(PREMIUM, is_at_school=True)
Provision = derive_record(PROVISION, is_at_school=True)
Words = derive_record(WORDS, is_at_school=True)
Choice = derive_record(CHOICES)


def _list_days(child: Child, year: int, place: int) -> Iterator[date]:
    """A day of each term of the child's at the school, so many days after its first."""
    for start in range(compute_academic_year(child.entry), year + 1):
        for days in list_terms(start):
            if child.entry <= days[place] <= child.leaving:
                yield days[place]


def _generate_help(rng: random.Random, child: Child, year: int) -> Iterator[Help]:
    """Help that begins early in a term, and is looked at and ended some weeks later."""
    for day in _list_days(child, year, 9):
        if rng.random() >= _BEGINS:
            continue
        review = advance_to_school_day(day + timedelta(weeks=rng.randint(*_REVIEW)))
        end = advance_to_school_day(day + timedelta(weeks=rng.randint(*_LASTS)))
        kind = choose_for(rng, _HELP, child.story)
        is_late = rng.random() < _LATE
        ends = end if is_late else review
        yield Help(day, kind, review, min(ends, child.leaving), choose(rng, _HELPED))


def _generate_sums(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """A sum in most terms in care or after it, spent by the end of it or not at all."""
    for day in _list_days(child, year, 20):
        in_care = child.get_status(day) in (LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER)
        if not in_care or rng.random() >= _HAS_SUM:
            continue
        kind = choose(rng, _SHARES)
        planned = round(_SUMS[kind] * rng.uniform(0.8, 1.3) / 10) * 10
        spent = round(planned * rng.choice((1, 1, 0.9, 0.6)))
        yield Sum(day, kind, planned, spent, "yes" if rng.random() < _IN_PEP else "no")


def _generate_provision(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """A timetable for the year of a child whose register shows one."""
    if child.persona != PART_TIME:
        return
    day = build_register(year).open_days[0]
    if child.entry <= day <= child.leaving:
        review = advance_to_school_day(day + timedelta(weeks=rng.choice((6, 14, 16))))
        yield Provision(day, "part-time timetable", choose(rng, _AGREED), review)


def _generate_words(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """A line in some terms, each of another day."""
    for day in _list_days(child, year, 25):
        if rng.random() < _SAID:
            yield Words(day, choose(rng, _SETTINGS), rng.choice(_LINES))


def _generate_choices(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """What was given on the first day at the school, by whom the child lived with."""
    in_care = child.get_status(child.entry) == LOOKED_AFTER
    given_by = "carer" if in_care else "parent"
    for item in ("sdq", "health"):
        if rng.random() < _GIVEN:
            yield Choice(child.entry, item, given_by)


SUBJECTS = (
    Subject(INTERVENTIONS, Help, _generate_help),
    Subject(PREMIUM, Sum, _generate_sums),
    Subject(PROVISION, Provision, _generate_provision),
    Subject(WORDS, Words, _generate_words),
    Subject(CHOICES, Choice, _generate_choices),
)
