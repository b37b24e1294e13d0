"""Scores of the SDQ: numbers only, drawn to be like England's.

The lines are those of children looked after for a year or more at 31 March 2025, of
all ages from 5 to 16 (DfE, Outcomes for children in need): there is none for a junior
school.  A carer's total has a mean of 14.9; 45, 13 and 42 in 100 are 0-13, 14-16 and
17-40; one was received for 78 in 100.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from math import exp, sqrt
from statistics import NormalDist
from typing import Any

from queries.contract import SDQ, SUSPENSIONS
from synthetic.calendar import (
    choose_school_day,
    choose_working_day,
    compute_academic_year,
    list_terms,
)
from synthetic.population.child import Child
from synthetic.population.personas import LOOKED_AFTER
from synthetic.population.story import choose, choose_place
from synthetic.subjects.records import Record, Subject, derive_record

#: The informants of a questionnaire.
CARER, TEACHER, SELF = "carer", "teacher", "self"

#: How many in 10,000 carers give each total, 0 to 40.
CARER_TOTALS: tuple[int, ...] = (
    56, 117, 177, 232, 281, 324, 359, 388, 409, 424, 433, 437, 435, 428,
    450, 434, 416,
    492, 462, 430, 396, 362, 327, 293, 259, 227, 196, 166, 139, 115, 92, 73, 56, 41, 29,
    20, 12, 7, 4, 1, 1,
)  # fmt: skip

_SUMS = list(accumulate(CARER_TOTALS))
_NORMAL = NormalDist()

#: Of what scores are made, in shares of their variance: the difficulties that everybody sees,
#: what one informant alone always sees, and the day.  So carer and teacher agree with 0.44,
#: and two forms of one informant with 0.72 (Goodman 2001, from memory: 0.46, and 0.72 after
#: half a year; among Chinese children 0.36, Du and others 2008).
_SEEN_BY_ALL, _SEEN_BY_ONE, _OF_THE_DAY = 0.41, 0.32, 0.23

#: By how much a new home raises the scores of the next half year, and by how much the mean
#: of all scores is higher for it: in standard deviations.
_UPSET, _UPSET_ON_AVERAGE = 0.55, 0.185
_UPSET_DAYS = 183

#: By how much a suspension raises the scores of the time after it, in standard deviations, most
#: those of the school that suspended; the part in them of conduct and of hyperactivity; and days.
_SUSPENDED, _OUT_OF_HAND, _SUSPENDED_DAYS = 0.35, (0.0, 0.45, 0.2, 0.0), 365
_SUSPENDED_AT_SCHOOL = 0.6

#: Others than the carer see a little less; in standard deviations.
_OTHERS_SEE = -0.25

#: Shares of the yearly occasions on which a carer's form comes back scored, and on which
#: there is at least a reason.
_RECEIVED, _ANSWERED = 0.78, 0.88
_REASONS = {"SDQ2": 0.5, "SDQ4": 0.35, "SDQ5": 0.1, "SDQ3": 0.05}

#: Shares: totals that come alone; occasions with a teacher's form; with the child's own,
#: which is for those of 11 and over; children out of care of whom a teacher filled one in.
_TOTAL_ALONE, _BY_TEACHER, _BY_SELF, _OUT_OF_CARE = 0.15, 0.3, 0.45, 0.2

_YOUNGEST, _YOUNGEST_SELF = 4, 11
_HIGHEST, _HIGHEST_IMPACT_TEACHER = 10, 6

#: Points of the peer scale from which on each takes one from the highest prosocial score.
_LONELY = 6
#: Prosocial of a child whose conduct is no difficulty, and by how much each point of it lowers
#: that; how steeply a scale's part falls as it comes near its highest.
_KIND, _CONDUCT_IS_UNKIND, _STEEP = 8.9, 0.45, 2

#: How the emotional, conduct, hyperactivity and peer scales share in a total, on average;
#: by how much a scale's part grows where difficulties show in conduct; how far children
#: differ beside that, for all and for each who looks; and the needs that show in one scale.
_PROFILE = (0.23, 0.22, 0.35, 0.20)
_OUTWARD = (-0.42, 0.36, 0.41, -0.24)
_DIFFERS = (0.0, 0.0, 0.72, 0.0)
_LOOKS_DIFFERENT = (1.2, 0.78, 0.0, 0.62)
_OF_NEED = {
    "SEMH": (0.18, 0.18, 0.0, 0.0),
    "ASD": (0.18, -0.24, 0.0, 0.48),
    "SLCN": (0.0, -0.12, 0.0, 0.18),
}
_NO_SHIFT = (0.0,) * len(_PROFILE)

#: Days after the first form of a time in care before the yearly one is asked for.
_NOT_SO_SOON = 120


#: A questionnaire, scored, or the reason why it was not: the scales but the last add up to the
#: total (0 to 40), and are null where only that is known.
Score = derive_record(SDQ)


def _generate_scores(
    rng: random.Random, child: Child, _year: int, suspensions: Sequence[Record]
) -> list[Any]:
    """A child's questionnaires until it leaves.

    In care: one by the carer in the month after the start, then each autumn or each
    spring.  Out of care: now and then one by a teacher.
    """
    forms = _Forms(rng, child, [each.day for each in suspensions])
    is_autumn = rng.random() < 0.5  # noqa: PLR2004 - a coin
    scores: list[Any] = []
    for day, is_first in _list_occasions(rng, child, is_autumn=is_autumn):
        luck = rng.random()
        if luck < _RECEIVED:
            scores.append(forms.fill_in(day, CARER))
        elif luck < _ANSWERED:
            scores.append(Score(day, CARER, reason=choose(rng, _REASONS)))
        if is_first:
            continue
        beside = choose_school_day(rng, day + timedelta(days=rng.randint(0, 12)))
        if rng.random() < _BY_TEACHER and child.entry <= beside <= child.leaving:
            scores.append(forms.fill_in(beside, TEACHER))
        if rng.random() < _BY_SELF and child.compute_age(day) >= _YOUNGEST_SELF:
            scores.append(forms.fill_in(day, SELF))
    if rng.random() < _OUT_OF_CARE:
        scores += (forms.fill_in(day, TEACHER) for day in _list_days_out_of_care(rng, child))
    return sorted(scores, key=lambda score: (score.day, score.informant))


def compute_total(level: float) -> int:
    """The total of a carer who stands at `level` among all carers, in standard deviations."""
    return min(bisect_right(_SUMS, _NORMAL.cdf(level) * _SUMS[-1]), len(CARER_TOTALS) - 1)


class _Forms:
    """How the questionnaires of one child come out: who sees what, and in which scales."""

    def __init__(self, rng: random.Random, child: Child, suspended: Sequence[date]) -> None:
        self.rng, self.suspended = rng, suspended
        self.seen = sqrt(_SEEN_BY_ALL) * child.story.difficulties
        self.own: Mapping[str, float] = {
            informant: sqrt(_SEEN_BY_ONE) * rng.gauss() for informant in (CARER, TEACHER, SELF)
        }
        self.upheavals = child.upheavals
        outward, of_need = child.story.outward, _OF_NEED.get(child.story.need, _NO_SHIFT)
        profile = [
            part * exp(shows * outward + need + rng.gauss(0, differs))
            for part, shows, need, differs in zip(
                _PROFILE, _OUTWARD, of_need, _DIFFERS, strict=True
            )
        ]
        self.profiles = {
            informant: [
                part * exp(rng.gauss(0, differs))
                for part, differs in zip(profile, _LOOKS_DIFFERENT, strict=True)
            ]
            for informant in self.own
        }

    def fill_in(self, day: date, informant: str) -> Any:
        """A scored form: the total dealt out to the scales, or alone."""
        rng = self.rng
        level = self.seen + self.own[informant] + sqrt(_OF_THE_DAY) * rng.gauss()
        is_upset = any(0 <= (day - each).days < _UPSET_DAYS for each in self.upheavals)
        is_suspended = any(0 <= (day - each).days < _SUSPENDED_DAYS for each in self.suspended)
        level += _UPSET * is_upset - _UPSET_ON_AVERAGE
        level += is_suspended * (_SUSPENDED_AT_SCHOOL if informant == TEACHER else _SUSPENDED)
        total = compute_total(level if informant == CARER else level + _OTHERS_SEE)
        if rng.random() < _TOTAL_ALONE:
            return Score(day, informant, total)
        scales = self._deal(total, informant, is_suspended=is_suspended)
        # Who has next to no friends is seldom told to be kind to all.
        most_kind = min(_HIGHEST, _HIGHEST + _LONELY - scales[3])
        prosocial = _clamp(rng.gauss(_KIND - _CONDUCT_IS_UNKIND * scales[1], 1.7), most_kind)
        most = _HIGHEST_IMPACT_TEACHER if informant == TEACHER else _HIGHEST
        impact = _clamp(rng.gauss(max(total - 9, 0) / 4, 0.2 + total / 25), most)
        return Score(day, informant, total, *scales, prosocial, impact)

    def _deal(self, total: int, informant: str, *, is_suspended: bool) -> list[int]:
        """The total, dealt out to four scales, of which few come to their highest."""
        shows = _OUT_OF_HAND if is_suspended else _NO_SHIFT
        profile = [
            part * exp(more) for part, more in zip(self.profiles[informant], shows, strict=True)
        ]
        scales = [0] * len(profile)
        for _ in range(total):
            weights = (
                part * (1 - (scale / _HIGHEST) ** 2) ** _STEEP
                for part, scale in zip(profile, scales, strict=True)
            )
            scales[choose_place(self.rng, weights)] += 1
        return scales


def _list_occasions(
    rng: random.Random, child: Child, *, is_autumn: bool
) -> list[tuple[date, bool]]:
    """The days on which a carer was asked, and whether it was the first of a time in care."""
    occasions = []
    for period in child.care_periods:
        first = choose_working_day(rng, period.start + timedelta(days=rng.randint(14, 31)))
        days = [(first, True)]
        for year in range(compute_academic_year(first), compute_academic_year(period.end) + 1):
            opens = date(year, 10, 1) if is_autumn else date(year + 1, 2, 1)
            day = choose_working_day(rng, opens + timedelta(days=rng.randint(0, 50)))
            if (day - first).days > _NOT_SO_SOON:
                days.append((day, False))
        occasions += [
            (day, is_first)
            for day, is_first in days
            if day < period.end and child.compute_age(day) >= _YOUNGEST
        ]
    return occasions


def _list_days_out_of_care(rng: random.Random, child: Child) -> Iterator[date]:
    """A day in each autumn at the school, but not when the child is in care or out of scope."""
    for year in range(compute_academic_year(child.entry), compute_academic_year(child.leaving) + 1):
        day = rng.choice(list_terms(year)[0][15:])
        is_here = child.entry <= day <= child.leaving
        if is_here and child.get_status(day) not in ("", LOOKED_AFTER):
            yield day


def _clamp(value: float, most: int) -> int:
    """The nearest whole number from 0 to `most`."""
    return min(max(round(value), 0), most)


SUBJECT = Subject(SDQ, Score, _generate_scores, follows=(SUSPENSIONS,))
