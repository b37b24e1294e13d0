"""Teacher assessments and attainment each term, and tests of the years in which they are taken.

How far a child is lies on its story, and is less of one with a plan; in a term of a new home or
status it learns little.  The expected standard in reading, writing and maths at the
end of key stage 2 is reached by 35 in 100 children in care (DfE, 2024/25): the scaled scores lie
below 100 for most.  Steps on a school's own scale are made up, and are told in the years of a
junior school only.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from queries.contract import ASSESSMENTS, ATTAINMENT, EHCP, TESTS
from synthetic.calendar import SEPTEMBER, compute_academic_year, list_school_days, list_terms
from synthetic.population.child import Child
from synthetic.population.personas import compute_rates
from synthetic.population.story import open_stream
from synthetic.subjects.records import Record, Subject, derive_record

_SUBJECTS = {"reading": 0.0, "writing": -0.5, "maths": -0.3, "science": 0.1}
#: A year of the class's is three steps, one a term.
_STEPS_A_YEAR, _STEPPED, _LOWEST = 3, range(3, 7), 1
_BEHIND, _SPREAD = -0.9, 1.5
#: How far a class is from what is usual, and how much faster or slower it learns, and how one
#: term differs from another, in steps.
_CLASS_LEAD, _CLASS_PACE, _CLASS_TERM = 0.6, 0.06, 0.35
#: Standard deviations of learning by which a child with a plan is behind, by its need, and others;
#: steps less in a term in which the child is upset, for so many days.
_BEHIND_WITH_PLAN, _WITH_ANOTHER = {"MLD": 1.6, "SPLD": 1.3, "SEMH": 0.7}, 1.0
_UPSET, _UPSET_DAYS = 0.7, 80
#: Days at the school among which a class is assessed, but for the last of them.
_ASSESSED_IN, _LAST_DAYS = 15, 4

#: What is assessed after primary school; the years with GCSE grades, and those with predictions.
_SECONDARY_SUBJECTS, _GRADED, _PREDICTED = ("English", "maths", "science"), (10, 11), (6, 10, 11)
_TERMS_TOLD = 6
#: From so many standard deviations on a child is above what is expected; the middle grade, and
#: the grades of one standard deviation.
_ABOVE, _GRADE, _GRADES = 1.4, 3.2, 1.6

#: Where scores lie: middle, and one standard deviation of the story's learning; and how far a child
#: is better at one test than at another, so that reading and maths go together with about 0.7.
_SCALED, _TABLES, _READING_AGE = (100.4, 8.6), (20.0, 7.5), (-4.0, 11.0)
_PHONICS, _OF_A_TEST = (35.5, 8.5), 0.5
#: In months: a test of reading begins at five years, and errs by so much; by how much a child
#: gains in a month, middle, spread and bounds, from the age at which most are as they are on
#: average; and what is gained in the months of the summer more in others.
_YOUNGEST, _READING_ERROR = 60, 3.5
_PACE, _SLOWEST, _FASTEST, _MIDDLE_AGE, _SUMMER = (0.95, 0.25), 0.4, 1.4, 112, 1.1
#: Children who miss a test of reading, and the days of school until they sit it.
_MISSES, _SITS_LATER = 0.1, 8
_SATS_GROUP, _TABLES_GROUP, _PHONICS_GROUP = 6, 4, 1
#: The tests of Year 6 in the order of their days, from the second Monday of May on.
_SATS = ("spelling", "reading", "maths")
#: The lowest scores of those who take a test.
_LOWEST_SCALED, _LOWEST_SCORES = 82, {"tables": 4, "phonics": 6}
#: Of those who would score less some who cannot take part, and some who try; days for which a child
#: has just come, and from what luck on it came too late.  No line is at hand for children in scope:
#: they are made up, and small.
_CANNOT, _TRIED, _JUST_CAME, _TOO_LATE = 0.15, 0.7, 60, 0.75
#: Who misses less than this of school catches up with it; steps that are missed at most.
_CAUGHT_UP, _MOST_MISSED = 0.1, 2.5


Assessment = derive_record(ASSESSMENTS, is_at_school=True)
Attainment = derive_record(ATTAINMENT, is_at_school=True)
Test = derive_record(TESTS, is_at_school=True)


def _list_terms_here(child: Child, year: int) -> Iterator[tuple[int, tuple[date, ...]]]:
    """Number and days of each term that the child was at the school for, up to `year`."""
    for start in range(compute_academic_year(child.entry), year + 1):
        for number, days in enumerate(list_terms(start)):
            if child.entry <= days[-8] <= child.leaving:
                yield number, days


def _choose_day(child: Child, days: tuple[date, ...]) -> date:
    """Choose the day on which the child's class is assessed, one of these but the last ones."""
    return child.find_day_in(_choose_class_day(child.seed, child.cohort, child.letter, days))


@lru_cache(maxsize=2**12)
def _choose_class_day(seed: int, cohort: int, letter: str, days: tuple[date, ...]) -> date:
    return open_stream(seed, "assessed", cohort, letter, days[0]).choice(days[:-_LAST_DAYS])


def _find_learning(child: Child, steps: Iterable[Any]) -> float:
    """How well the child does at school, in standard deviations of the story's."""
    needs = [step.primary_need for step in steps if step.event == "plan issued"]
    behind = _BEHIND_WITH_PLAN.get(needs[0], _WITH_ANOTHER) if needs else 0
    return child.story.learning - behind


def _find_missed(child: Child, year: int) -> float:
    """Find the share of its learning that a child misses with school, while it is there."""
    status = child.get_status(min(date(year, SEPTEMBER, 1), child.leaving))
    return max(0.0, _compute_rate(status, child.story.absence_rank) - _CAUGHT_UP)


@lru_cache(maxsize=2**8)
def _compute_rate(status: str, rank: float) -> float:
    (rate,) = compute_rates([status], np.array([rank])).tolist()
    return float(rate)


def _generate_assessments(
    rng: random.Random, child: Child, year: int, steps: Iterable[Any]
) -> Iterator[Record]:
    """A row a subject on a day of the class in the last weeks of each term."""
    learning, missed = _find_learning(child, steps), _find_missed(child, year)
    own = {subject: rng.gauss(0, 0.6) for subject in _SUBJECTS}
    for here, (number, days) in enumerate(_list_terms_here(child, year)):
        day = _choose_day(child, days[-_ASSESSED_IN:])
        group = child.compute_year_group(day)
        if group not in _STEPPED or not child.entry <= day <= child.leaving:
            continue
        terms = (group - _STEPPED.start) * _STEPS_A_YEAR + number
        usual = terms + 2 * _STEPS_A_YEAR
        is_upset = any(0 <= (day - each).days < _UPSET_DAYS for each in child.upheavals)
        for subject, lean in _SUBJECTS.items():
            learned = _BEHIND + _SPREAD * learning + lean + own[subject] - _UPSET * is_upset
            learned -= min(missed * here, _MOST_MISSED)
            step = max(_LOWEST, round(usual + learned + rng.gauss(0, 0.4)))
            lead = _draw_lead(child.seed, child.cohort, child.letter, subject, terms)
            of_most = round(usual + lead)
            yield Assessment(day, subject, step, of_most)


def _generate_attainment(
    rng: random.Random, child: Child, year: int, steps: Iterable[Any]
) -> Iterator[Record]:
    """A row a subject in the middle of each late term; in a stage's last years a prediction."""
    learning, own = _find_learning(child, steps), rng.gauss(0, 0.4)
    for _, days in list(_list_terms_here(child, year))[-_TERMS_TOLD:]:
        middle = len(days) // 2
        day = _choose_day(child, days[middle : middle + _ASSESSED_IN])
        group = child.compute_year_group(day)
        for subject in _SECONDARY_SUBJECTS if group > _SATS_GROUP else _SUBJECTS if group else ():
            now = learning + own + rng.gauss(0, 0.5)
            then = _say(now + rng.uniform(0, 0.7), group) if group in _PREDICTED else None
            if child.entry <= day <= child.leaving:
                yield Attainment(day, subject, _say(now, group), then)


def _say(learned: float, group: int) -> str:
    if group not in _GRADED:
        return "below" if learned < 0 else "at" if learned < _ABOVE else "above"
    grade = min(9, max(0, round(_GRADE + _GRADES * learned)))
    return str(grade) if grade else "U"


@lru_cache(maxsize=2**14)
def _draw_lead(seed: int, cohort: int, letter: str, subject: str, terms: int) -> float:
    """Draw by how many steps a class is ahead of what is usual after so many terms."""
    always = open_stream(seed, cohort, letter, subject)
    in_term = open_stream(seed, cohort, letter, subject, terms)
    lead, pace = always.gauss(0, _CLASS_LEAD), always.gauss(0, _CLASS_PACE)
    return lead + pace * terms + in_term.gauss(0, _CLASS_TERM)


def _generate_tests(
    rng: random.Random, child: Child, year: int, steps: Iterable[Any]
) -> Iterator[Record]:
    """Phonics in Year 1, tables in Year 4, the tests in Year 6; a reading age twice a year."""
    own = {test: rng.gauss(0, _OF_A_TEST) for test in ("reading age", "tables", *_SATS)}
    learning = 0.85 * _find_learning(child, steps)
    pace = min(max(rng.gauss(*_PACE), _SLOWEST), _FASTEST)
    missed = _find_missed(child, year)

    def draw(test: str, middle: float, spread: float) -> float:
        return middle + spread * (learning + own[test] + rng.gauss(0, 0.2))

    for number, days in _list_terms_here(child, year):
        middle = len(days) // 2
        day = child.find_day_in(days[middle])
        if not child.entry <= day <= child.leaving:
            continue
        group, summer = child.compute_year_group(day), 2
        if number == summer and group == _PHONICS_GROUP:
            score = _PHONICS[0] + _PHONICS[1] * (learning + rng.gauss(0, 0.4))
            yield _take(rng, child, day, "phonics", min(40, score))
        if number in (0, summer) and group in _STEPPED:
            later = rng.randint(1, _SITS_LATER) if rng.random() < _MISSES else 0
            of_class = days.index(_choose_day(child, days[middle:][:_ASSESSED_IN]))
            sat = child.find_day_in(days[of_class + later])
            since = (sat - child.born).days * 12 / 365.25 - _MIDDLE_AGE
            gained = pace * (since + (_SUMMER if number == summer else -_SUMMER))
            gained -= pace * missed * (sat - child.entry).days * 12 / 365.25
            age = _MIDDLE_AGE + gained + draw("reading age", *_READING_AGE)
            error = rng.gauss(0, _READING_ERROR)
            age = round(max(_YOUNGEST + abs(error), age + error))
            if sat <= child.leaving:
                yield Test(sat, "reading age", age)
        if number == summer and group == _TABLES_GROUP:
            window = list_school_days(date(day.year, 6, 1), date(day.year, 6, 14))
            check = _choose_day(child, window)
            score = min(25, draw("tables", *_TABLES))
            yield _take(rng, child, check, "tables", score)
        if number == summer and group == _SATS_GROUP:
            eighth = date(day.year, 5, 8)
            monday = eighth + timedelta(days=-eighth.weekday() % 7)
            taken = list_school_days(monday, monday + timedelta(days=len(_SATS)))
            for each, test in zip(taken, _SATS, strict=False):
                score = min(120, draw(test, *_SCALED))
                yield _take(rng, child, each, test, score)


def _take(rng: random.Random, child: Child, day: date, test: str, score: float) -> Any:
    """The score, or why there is none but that the child was away."""
    lowest, luck = _LOWEST_SCORES.get(test, _LOWEST_SCALED), rng.random()
    if (day - child.entry).days < _JUST_CAME and luck > _TOO_LATE:
        return Test(day, test, outcome="J")
    if score < lowest:
        few = test in _SATS and luck > _TRIED
        return Test(day, test, outcome="N" if few else "U" if luck < _CANNOT else "B")
    return Test(day, test, round(score))


SUBJECTS = (
    Subject(ASSESSMENTS, Assessment, _generate_assessments, follows=(EHCP,)),
    Subject(ATTAINMENT, Attainment, _generate_attainment, follows=(EHCP,)),
    Subject(TESTS, Test, _generate_tests, follows=(EHCP,)),
)
