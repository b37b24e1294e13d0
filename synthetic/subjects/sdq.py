"""Scores of the SDQ, drawn to be like England's, without the answers to the questions.

The figures are for children looked after for a year or more at 31 March 2025, of all ages from 5 to
16 (DfE, Outcomes for children in need): there are none for a junior school.  A carer's total has a
mean of 14.9.  45, 13 and 42 in 100 totals are 0-13, 14-16 and 17-40.  A total was received for 78
in 100 children.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from math import exp, sqrt
from statistics import NormalDist
from typing import Any

from queries.contract import SDQ
from synthetic.calendar import advance_to_school_day, advance_to_working_day, compute_academic_year
from synthetic.population.child import Child
from synthetic.population.story import choose
from synthetic.subjects.records import Subject, derive_record

#: The informants of a questionnaire.
CARER, TEACHER, SELF = "carer", "teacher", "self"

#: The number in 10,000 carers who give each total, 0 to 40.
CARER_TOTALS: tuple[int, ...] = (
    56, 117, 177, 232, 281, 324, 359, 388, 409, 424, 433, 437, 435, 428,
    450, 434, 416,
    492, 462, 430, 396, 362, 327, 293, 259, 227, 196, 166, 139, 115, 92, 73, 56, 41, 29,
    20, 12, 7, 4, 1, 1,
)  # fmt: skip

_SUMS = list(accumulate(CARER_TOTALS))
_NORMAL = NormalDist()

#: The parts of a score, in shares of its variance: the difficulties that everybody sees, what one
#: informant alone always sees, and the day.  So carer and teacher correlate with 0.44, and two
#: forms of one informant with 0.72 (Goodman 2001, from memory: 0.46, and 0.72 after half a year;
#: among Chinese children 0.36, Du and others 2008).
_SEEN_BY_ALL, _SEEN_BY_ONE, _OF_THE_DAY = 0.41, 0.32, 0.23

#: The rise of scores in the half year after a new home, and the rise of the mean of all scores that
#: comes from it, in standard deviations.  Then the days of that half year.
_UPSET, _UPSET_ON_AVERAGE, _UPSET_DAYS = 0.55, 0.185, 183
#: How much less other informants see than the carer, in standard deviations.
_OTHERS_SEE = -0.25

#: The shares of yearly occasions on which a carer's form comes back scored, and on which there is
#: a score or a reason.
_RECEIVED, _ANSWERED = 0.78, 0.88
_REASONS = {"SDQ2": 0.5, "SDQ4": 0.35, "SDQ5": 0.1, "SDQ3": 0.05}

#: The shares of totals without scales, of occasions with a teacher's form, of occasions with the
#: child's own form (from 11 years on), and of children who are asked about in the autumn.
_TOTAL_ALONE, _BY_TEACHER, _BY_SELF, _IN_AUTUMN = 0.15, 0.3, 0.45, 0.5

_YOUNGEST, _YOUNGEST_SELF = 4, 11
_HIGHEST, _HIGHEST_IMPACT_TEACHER = 10, 6
#: The days between the first form of a time in care and the first yearly one.
_NOT_SO_SOON = 120

#: The average parts of the emotional, conduct, hyperactivity and peer scales in a total, and how
#: much a part grows if difficulties show in conduct.
_PROFILE, _OUTWARD = (0.23, 0.22, 0.35, 0.20), (-0.42, 0.36, 0.41, -0.24)


#: A scored questionnaire, or the reason for no score.  The first four scales add up to the total
#: (0 to 40), and all scales are null if only the total is known.
Score = derive_record(SDQ)


def _generate_scores(rng: random.Random, child: Child, _year: int) -> list[Any]:
    """Generate a child's questionnaires in care until they leave.

    The carer fills one in during the month after the start, then each autumn or each spring.
    """
    informants = {name: sqrt(_SEEN_BY_ONE) * rng.gauss() for name in (CARER, TEACHER, SELF)}
    scores: list[Any] = []
    for day, is_first in _list_occasions(rng, child):
        luck = rng.random()
        if luck < _RECEIVED:
            scores.append(_fill_in(rng, child, day, CARER, informants[CARER]))
        elif luck < _ANSWERED:
            scores.append(Score(day, CARER, reason=choose(rng, _REASONS)))
        beside = advance_to_school_day(day + timedelta(days=rng.randint(0, 12)))
        is_here = child.entry <= beside <= child.leaving
        if not is_first and is_here and rng.random() < _BY_TEACHER:
            scores.append(_fill_in(rng, child, beside, TEACHER, informants[TEACHER]))
        if child.compute_age(day) >= _YOUNGEST_SELF and rng.random() < _BY_SELF:
            scores.append(_fill_in(rng, child, day, SELF, informants[SELF]))
    return sorted(scores, key=lambda score: (score.day, score.informant))


def _fill_in(rng: random.Random, child: Child, day: date, informant: str, seen: float) -> Any:
    """Fill in a form with a total, and usually with the scales that add up to it."""
    level = seen + sqrt(_SEEN_BY_ALL) * child.story.difficulties + sqrt(_OF_THE_DAY) * rng.gauss()
    is_upset = any(0 <= (day - change).days < _UPSET_DAYS for change in child.upheavals)
    level += _UPSET * is_upset - _UPSET_ON_AVERAGE
    share = _NORMAL.cdf(level if informant == CARER else level + _OTHERS_SEE)
    total = min(bisect_right(_SUMS, share * _SUMS[-1]), len(CARER_TOTALS) - 1)
    if rng.random() < _TOTAL_ALONE:
        return Score(day, informant, total)
    scales = [0] * len(_PROFILE)
    outward = child.story.outward
    weights = [part * exp(more * outward) for part, more in zip(_PROFILE, _OUTWARD, strict=True)]
    for _ in range(total):
        open_weights = [
            weight * (1 - scale / _HIGHEST) for weight, scale in zip(weights, scales, strict=True)
        ]
        scales[rng.choices(range(len(scales)), open_weights)[0]] += 1
    prosocial = _clamp(rng.gauss(8.9 - 0.45 * scales[1], 1.7), _HIGHEST)
    most = _HIGHEST_IMPACT_TEACHER if informant == TEACHER else _HIGHEST
    impact = _clamp(rng.gauss(max(total - 9, 0) / 4, 0.2 + total / 25), most)
    return Score(day, informant, total, *scales, prosocial, impact)


def _list_occasions(rng: random.Random, child: Child) -> Iterator[tuple[date, bool]]:
    """List the days on which a carer is asked, and whether a day is the first of a time in care."""
    is_autumn = rng.random() < _IN_AUTUMN
    for period in child.care_periods:
        first = advance_to_working_day(period.start + timedelta(days=rng.randint(14, 31)))
        days = [first]
        for year in range(compute_academic_year(first), compute_academic_year(period.end) + 1):
            opens = date(year, 10, 1) if is_autumn else date(year + 1, 2, 1)
            day = advance_to_working_day(opens + timedelta(days=rng.randint(0, 50)))
            if (day - first).days > _NOT_SO_SOON:
                days.append(day)
        for day in days:
            if day < period.end and child.compute_age(day) >= _YOUNGEST:
                yield day, day == first


def _clamp(value: float, most: int) -> int:
    """Return the nearest whole number from 0 to `most`."""
    return min(max(round(value), 0), most)


SUBJECT = Subject(SDQ, Score, _generate_scores)
