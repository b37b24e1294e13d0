"""Scores of the SDQ: numbers only, drawn to be like England's.

The lines are those of children looked after for a year or more at 31 March 2025, of
all ages from 5 to 16 (DfE, Outcomes for children in need): there is none for a junior
school.  A carer's total has a mean of 14.9; 45, 13 and 42 in 100 are 0-13, 14-16 and
17-40; one was received for 78 in 100.
"""

import math
import random
from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate
from statistics import NormalDist

from synthetic.calendar import (
    advance_to_school_day,
    advance_to_working_day,
    compute_academic_year,
    list_terms,
)
from synthetic.population.child import Child
from synthetic.population.personas import LOOKED_AFTER
from synthetic.subjects.records import CARER, SELF, TEACHER, Score, compute_age, list_care_periods

#: How many in 10,000 carers give each total, 0 to 40.
CARER_TOTALS: tuple[int, ...] = (
    56, 117, 177, 232, 281, 324, 359, 388, 409, 424, 433, 437, 435, 428,
    450, 434, 416,
    492, 462, 430, 396, 362, 327, 293, 259, 227, 196, 166, 139, 115, 92, 73, 56, 41, 29,
    20, 12, 7, 4, 1, 1,
)  # fmt: skip

_SUMS = list(accumulate(CARER_TOTALS))
_NORMAL = NormalDist()

#: Shares of the yearly occasions on which a carer's form comes back scored, and on which
#: there is at least a reason.
_RECEIVED, _ANSWERED = 0.78, 0.88
_REASONS = {"SDQ2": 0.5, "SDQ4": 0.35, "SDQ5": 0.1, "SDQ3": 0.05}

#: How much alike a child's scores are, 0 to 1: from one occasion to the next, to the
#: place among its group by absence, and between carer and another.
_OVER_TIME, _WITH_ABSENCE, _BETWEEN_INFORMANTS = 0.8, 0.3, 0.5

#: Others than the carer see a little less; in standard deviations.
_OTHERS_SEE = -0.25

#: Shares: totals that come alone; occasions with a teacher's form; with the child's own,
#: which is for those of 11 and over; children out of care of whom a teacher filled one in.
_TOTAL_ALONE, _BY_TEACHER, _BY_SELF, _OUT_OF_CARE = 0.15, 0.3, 0.06, 0.2

_YOUNGEST, _YOUNGEST_SELF = 4, 11
_HIGHEST, _HIGHEST_IMPACT, _HIGHEST_IMPACT_TEACHER = 10, 10, 6

#: How the four scales share in a total, on average.
_PROFILE = (0.23, 0.22, 0.35, 0.20)

#: Days after the first form of a time in care before the yearly one is asked for.
_NOT_SO_SOON = 120


def generate_scores(rng: random.Random, child: Child) -> list[Score]:
    """A child's questionnaires until it leaves, in order of date.

    In care: one by the carer in the month after the start, then each autumn or each
    spring.  Out of care: now and then one by a teacher.
    """
    profile = [weight * rng.uniform(0.6, 1.5) for weight in _PROFILE]
    rank = min(max(child.rank, 0.001), 0.999)
    level = _generate_correlated_level(rng, _NORMAL.inv_cdf(rank), _WITH_ABSENCE)
    is_autumn = rng.random() < 0.5  # noqa: PLR2004 - a coin
    scores: list[Score] = []
    for day, is_first in _list_occasions(rng, child, is_autumn=is_autumn):
        level = _generate_correlated_level(rng, level, _OVER_TIME)
        carer = _carer_form(rng, day, level, profile)
        scores += [carer] if carer else []
        if is_first:
            continue
        beside = advance_to_school_day(day + timedelta(days=rng.randint(0, 12)))
        if rng.random() < _BY_TEACHER and child.entry <= beside <= child.leaving:
            scores.append(_other_form(rng, beside, TEACHER, level, profile))
        if rng.random() < _BY_SELF and compute_age(day, child.born) >= _YOUNGEST_SELF:
            scores.append(_other_form(rng, day, SELF, level, profile))
    if rng.random() < _OUT_OF_CARE:
        scores += _generate_teacher_scores(rng, child, level, profile)
    return sorted(scores, key=lambda score: (score.day, score.informant))


def compute_total(level: float) -> int:
    """The total of a carer who stands at `level` among all carers, in standard deviations."""
    return min(bisect_right(_SUMS, _NORMAL.cdf(level) * _SUMS[-1]), len(CARER_TOTALS) - 1)


def _generate_correlated_level(rng: random.Random, level: float, likeness: float) -> float:
    """A level that is like another, and as spread among children as it."""
    return likeness * level + math.sqrt(1 - likeness**2) * rng.gauss(0, 1)


def _list_occasions(
    rng: random.Random, child: Child, *, is_autumn: bool
) -> list[tuple[date, bool]]:
    """The days on which a carer was asked, and whether it was the first of a time in care."""
    occasions = []
    for period in list_care_periods(child, LOOKED_AFTER):
        first = advance_to_working_day(period.start + timedelta(days=rng.randint(12, 31)))
        days = [(first, True)]
        for year in range(compute_academic_year(first), compute_academic_year(period.end) + 1):
            opens = date(year, 10, 1) if is_autumn else date(year + 1, 2, 1)
            day = advance_to_working_day(opens + timedelta(days=rng.randint(0, 50)))
            if (day - first).days > _NOT_SO_SOON:
                days.append((day, False))
        occasions += [
            (day, is_first)
            for day, is_first in days
            if day < period.end and compute_age(day, child.born) >= _YOUNGEST
        ]
    return occasions


def _carer_form(rng: random.Random, day: date, level: float, profile: list[float]) -> Score | None:
    luck = rng.random()
    if luck >= _ANSWERED:
        return None
    if luck >= _RECEIVED:
        reason = rng.choices(list(_REASONS), list(_REASONS.values()))[0]
        return Score(day, CARER, reason=reason)
    return _form(rng, day, CARER, compute_total(level), profile)


def _other_form(
    rng: random.Random, day: date, informant: str, level: float, profile: list[float]
) -> Score:
    seen = _generate_correlated_level(rng, level, _BETWEEN_INFORMANTS) + _OTHERS_SEE
    return _form(rng, day, informant, compute_total(seen), profile)


def _form(rng: random.Random, day: date, informant: str, total: int, profile: list[float]) -> Score:
    """A scored form: the total dealt out to the scales, or alone."""
    if rng.random() < _TOTAL_ALONE:
        return Score(day, informant, total)
    scales = [0] * len(profile)
    for _ in range(total):
        weights = [
            weight if scale < _HIGHEST else 0.0
            for weight, scale in zip(profile, scales, strict=True)
        ]
        scales[rng.choices(range(len(scales)), weights)[0]] += 1
    prosocial = _clamp(rng.gauss(8.6 - total / 10, 1.8), _HIGHEST)
    most = _HIGHEST_IMPACT_TEACHER if informant == TEACHER else _HIGHEST_IMPACT
    impact = _clamp(rng.gauss(max(total - 9, 0) / 4, 0.2 + total / 25), most)
    return Score(day, informant, total, (*scales, prosocial), impact)


def _clamp(value: float, most: int) -> int:
    """The nearest whole number from 0 to `most`."""
    return min(max(round(value), 0), most)


def _generate_teacher_scores(
    rng: random.Random, child: Child, level: float, profile: list[float]
) -> list[Score]:
    """A teacher's form in some autumn at the school, on days when the child is not in care."""
    scores = []
    for year in range(compute_academic_year(child.entry), compute_academic_year(child.leaving) + 1):
        day = rng.choice(list_terms(year)[0][15:])
        is_here = child.entry <= day <= child.leaving
        if is_here and child.get_status(day) not in ("", LOOKED_AFTER):
            scores.append(_other_form(rng, day, TEACHER, level, profile))
    return scores
