"""Teacher assessments and attainment each term, and tests of the years in which they are taken.

A child's level depends on their story, and is lower for a child with a plan.  In a term of a new
home or status a child learns little.  35 in 100 children in care reach the expected standard in
reading, writing and maths at the end of key stage 2 (DfE, 2024/25), so most scaled scores are below
100.  Steps on a school's own scale are made up, and given only in the years of a junior school.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from queries.contract import ASSESSMENTS, ATTAINMENT, EHCP, TESTS
from synthetic.calendar import (
    advance_to_school_day,
    compute_academic_year,
    list_school_days,
    list_terms,
)
from synthetic.population.child import Child
from synthetic.subjects.records import Record, Subject, derive_record

#: By how many steps a child is ahead in a subject.  A class moves three steps a year, one a term.
_SUBJECTS = {"reading": 0.0, "writing": -0.5, "maths": -0.3, "science": 0.1}
_STEPS_A_YEAR, _STEPPED = 3, range(3, 7)
_BEHIND, _SPREAD = -0.9, 1.5
#: By how many standard deviations of learning a child with a plan is behind, how many steps a child
#: loses after an upheaval, and for how many days.
_BEHIND_WITH_PLAN, _UPSET, _UPSET_DAYS = 1.0, 0.7, 80
#: The days of a term on one of which a class is assessed.  They are not the last ones.
_ASSESSED_ON = slice(-15, -4)

#: The subjects after primary school, the years with GCSE grades, and the years with predictions.
_SECONDARY_SUBJECTS, _GRADED, _PREDICTED = ("English", "maths", "science"), (10, 11), (6, 10, 11)
_TERMS_TOLD = 6
#: The standard deviations from which a child is above what is expected, the middle grade, and the
#: grades of one standard deviation.
_ABOVE, _GRADE, _GRADES = 1.4, 3.2, 1.6

#: The distribution of scores: the middle, one standard deviation of the story's learning, the
#: lowest score of children who can take the test, and the highest score.
_SCALED = (100.4, 8.6, 82, 120)
_SCORES = {"tables": (20.0, 7.5, 4, 25), "phonics": (35.5, 8.5, 6, 40)}
#: How far a child is better at one test than at another, so that reading and maths correlate with
#: about 0.7.  The months by which reading is ahead of age, one standard deviation, the lowest age.
_OF_A_TEST, _READING_AGE, _YOUNGEST = 0.5, (-4.0, 11.0), 60
_SATS_GROUP, _TABLES_GROUP, _PHONICS_GROUP = 6, 4, 1
#: The tests of Year 6 in the order of their days, from the second Monday of May on.
_SATS = ("spelling", "reading", "maths")
_SUMMER = 2


Assessment = derive_record(ASSESSMENTS, is_at_school=True)
Attainment = derive_record(ATTAINMENT, is_at_school=True)
Test = derive_record(TESTS, is_at_school=True)


def _list_terms_here(child: Child, year: int) -> Iterator[tuple[int, tuple[date, ...]]]:
    """List number and days of each term that the child spent at the school, up to `year`."""
    for start in range(compute_academic_year(child.entry), year + 1):
        for number, days in enumerate(list_terms(start)):
            if child.entry <= days[0] and days[-1] <= child.leaving:
                yield number, days


def _choose_class_day(child: Child, days: Sequence[date]) -> date:
    """Choose the day on which the child's class is assessed."""
    return days[(7 * child.cohort + ord(child.letter[-1])) % len(days)]


def _find_learning(child: Child, steps: Iterable[Any]) -> float:
    """Return the child's learning, less with a plan, in standard deviations of the story's."""
    has_plan = any(step.event == "plan issued" for step in steps)
    return child.story.learning - _BEHIND_WITH_PLAN * has_plan


def _generate_assessments(
    rng: random.Random, child: Child, year: int, steps: Iterable[Any]
) -> Iterator[Record]:
    """Generate a row for each subject on the class's day in the last weeks of each term."""
    learning = _find_learning(child, steps)
    better = {subject: rng.gauss(0, 0.6) for subject in _SUBJECTS}
    for number, days in _list_terms_here(child, year):
        day = _choose_class_day(child, days[_ASSESSED_ON])
        group = child.compute_year_group(day)
        if group not in _STEPPED:
            continue
        usual = (group - _STEPPED.start + 2) * _STEPS_A_YEAR + number
        is_upset = any(0 <= (day - change).days < _UPSET_DAYS for change in child.upheavals)
        for subject, lean in _SUBJECTS.items():
            ahead = _BEHIND + _SPREAD * learning + lean + better[subject] - _UPSET * is_upset
            yield Assessment(day, subject, max(1, round(usual + ahead + rng.gauss(0, 0.4))), usual)


def _generate_attainment(
    rng: random.Random, child: Child, year: int, steps: Iterable[Any]
) -> Iterator[Record]:
    """Generate a row for each subject in the last terms, with a prediction in some years."""
    learning = _find_learning(child, steps) + rng.gauss(0, 0.4)
    for _, days in list(_list_terms_here(child, year))[-_TERMS_TOLD:]:
        day = _choose_class_day(child, days[len(days) // 2 :])
        group = child.compute_year_group(day)
        for subject in _SECONDARY_SUBJECTS if group > _SATS_GROUP else _SUBJECTS if group else ():
            now = learning + rng.gauss(0, 0.5)
            then = _grade(now + rng.uniform(0, 0.7), group) if group in _PREDICTED else None
            yield Attainment(day, subject, _grade(now, group), then)


def _grade(learned: float, group: int) -> str:
    if group not in _GRADED:
        return "below" if learned < 0 else "at" if learned < _ABOVE else "above"
    grade = min(9, max(0, round(_GRADE + _GRADES * learned)))
    return str(grade) if grade else "U"


def _generate_tests(
    rng: random.Random, child: Child, year: int, steps: Iterable[Any]
) -> Iterator[Record]:
    """Generate phonics in Year 1, tables in Year 4, tests in Year 6, and reading twice a year."""
    better = {test: rng.gauss(0, _OF_A_TEST) for test in ("reading age", *_SCORES, *_SATS)}
    learning = 0.85 * _find_learning(child, steps)

    def take(day: date, test: str) -> Any:
        middle, spread, lowest, highest = _SCORES.get(test, _SCALED)
        score = min(highest, middle + spread * (learning + better[test] + rng.gauss(0, 0.2)))
        return Test(day, test, round(score)) if score >= lowest else Test(day, test, outcome="B")

    for number, days in _list_terms_here(child, year):
        day = _choose_class_day(child, days[len(days) // 2 :])
        group = child.compute_year_group(day)
        is_summer = number == _SUMMER
        if group in _STEPPED and (is_summer or number == 0):
            months = (day - child.born).days * 12 / 365.25 + _READING_AGE[0] + rng.gauss(0, 3.5)
            age = months + _READING_AGE[1] * (learning + better["reading age"])
            yield Test(day, "reading age", max(_YOUNGEST, round(age)))
        if is_summer and group in (_PHONICS_GROUP, _TABLES_GROUP):
            day = advance_to_school_day(date(day.year, 6, 8))
            yield take(day, "phonics" if group == _PHONICS_GROUP else "tables")
        if is_summer and group == _SATS_GROUP:
            eighth = date(day.year, 5, 8)
            monday = eighth + timedelta(days=-eighth.weekday() % 7)
            taken = list_school_days(monday, monday + timedelta(days=len(_SATS)))
            for taken_on, test in zip(taken, _SATS, strict=False):
                yield take(taken_on, test)


SUBJECTS = (
    Subject(ASSESSMENTS, Assessment, _generate_assessments, follows=(EHCP,)),
    Subject(ATTAINMENT, Attainment, _generate_attainment, follows=(EHCP,)),
    Subject(TESTS, Test, _generate_tests, follows=(EHCP,)),
)
