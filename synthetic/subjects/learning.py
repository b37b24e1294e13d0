"""Teacher assessments each term, and tests of the years in which they are taken.

How far a child is lies on its story.  The expected standard in reading, writing and maths at the
end of key stage 2 is reached by 35 in 100 children in care (DfE, 2024/25): the scaled scores lie
below 100 for most.  Steps on a school's own scale are made up.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from queries.contract import ASSESSMENTS, TESTS
from synthetic.calendar import advance_to_school_day, compute_academic_year, list_terms
from synthetic.population.child import Child
from synthetic.subjects.records import Record, Subject, derive_record

_SUBJECTS = {"reading": 0.0, "writing": -0.5, "maths": -0.3, "science": 0.1}
#: A year of the class's is three steps, one a term.
_STEPS_A_YEAR, _FIRST_GROUP, _LOWEST = 3, 3, 1
_BEHIND, _SPREAD = -1.2, 1.5

#: Where scores lie: middle, and one standard deviation of the story's learning.
_SCALED, _TABLES, _READING_AGE = (97.0, 7.0), (17.0, 5.0), (-5.0, 14.0)
#: In months: a test of reading begins at five years.
_YOUNGEST = 60
_SATS_GROUP, _TABLES_GROUP = 6, 4
#: The tests of Year 6 in the order of their days, from the second Monday of May on.
_SATS = ("spelling", "reading", "maths")
_ABSENT = 0.03


Assessment = derive_record(ASSESSMENTS, is_at_school=True)
Test = derive_record(TESTS, is_at_school=True)


def _list_terms_here(child: Child, year: int) -> Iterator[tuple[int, tuple[date, ...]]]:
    """Number and days of each term that the child was at the school for, up to `year`."""
    for start in range(compute_academic_year(child.entry), year + 1):
        for number, days in enumerate(list_terms(start)):
            if child.entry <= days[-8] <= child.leaving:
                yield number, days


def _generate_assessments(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """A row a subject in the last days of each term."""
    own = {subject: rng.gauss(0, 0.6) for subject in _SUBJECTS}
    for number, days in _list_terms_here(child, year):
        group = child.compute_year_group(days[-8])
        usual = (group - _FIRST_GROUP) * _STEPS_A_YEAR + number + 2 * _STEPS_A_YEAR
        for subject, lean in _SUBJECTS.items():
            learned = _BEHIND + _SPREAD * child.story.learning + lean + own[subject]
            step = max(_LOWEST, round(usual + learned + rng.gauss(0, 0.4)))
            yield Assessment(days[-8], subject, step, usual)


def _generate_tests(rng: random.Random, child: Child, year: int) -> Iterator[Record]:
    """Tables in Year 4, the tests in Year 6, and a reading age each autumn and summer."""
    for number, days in _list_terms_here(child, year):
        day = days[len(days) // 2]
        if not child.entry <= day <= child.leaving:
            continue
        group, summer = child.compute_year_group(day), 2
        if number in (0, summer):
            usual = 12 * (group + 4) + (5 if number == 0 else 13)
            age = max(_YOUNGEST, round(_draw(rng, child, *_READING_AGE) + usual))
            yield Test(day, "reading age", age)
        if number == summer and group == _TABLES_GROUP:
            yield _take(rng, day, "tables", min(25, max(0, _draw(rng, child, *_TABLES))))
        if number == summer and group == _SATS_GROUP:
            eighth = date(day.year, 5, 8)
            monday = eighth + timedelta(days=-eighth.weekday() % 7)
            for days_on, test in enumerate(_SATS):
                taken = advance_to_school_day(monday + timedelta(days=days_on))
                yield _take(rng, taken, test, min(120, max(80, _draw(rng, child, *_SCALED))))


def _draw(rng: random.Random, child: Child, middle: float, spread: float) -> float:
    return middle + spread * (0.85 * child.story.learning + rng.gauss(0, 0.5))


def _take(rng: random.Random, day: date, test: str, score: float) -> Any:
    return Test(day, test, outcome="A") if rng.random() < _ABSENT else Test(day, test, round(score))


SUBJECTS = (
    Subject(ASSESSMENTS, Assessment, _generate_assessments),
    Subject(TESTS, Test, _generate_tests),
)
