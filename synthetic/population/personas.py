"""Personas: the ways in which marks act out a story, as small tables of probabilities.

How much a child is absent comes from its group and its story, so that the made-up school
matches the national lines; a persona decides only when, in which way and under which code.
"""

import random
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from synthetic.population.story import Chance, Story, choose_for

Shares = tuple[tuple[str, float], ...]

LOOKED_AFTER = "looked after"
PREVIOUSLY_LOOKED_AFTER = "previously looked after"
IN_NEED = "in need"
ON_PROTECTION_PLAN = "on a protection plan"
NO_STATUS = ""

#: Absence rates of those who are severely absent: from half of all sessions on.
_SEVERE_FROM, _SEVERE_SPREAD, _SEVERE_BEND = 0.51, 0.4, 1.5
_LESS_THAN_SEVERE = 0.49
#: From here on absence is persistent; how the rates below it are bent, where few are near 0.
_PERSISTENT, _SETTLED_BEND = 0.1, 1.8


@dataclass(frozen=True)
class AbsenceDistribution:
    """How the absence rates of a group's children are spread, 0 to 1.

    The share `severe` misses half of school or more.  The others follow a Kumaraswamy
    distribution, whose quantiles need no table: `a` and `b` were solved for the group's
    pooled absence rate and its share of persistent absentees.  With `settled` those who miss less
    than a tenth are spread anew about the same mean, so that few miss next to nothing.
    """

    a: float
    b: float
    severe: float = 0.0
    settled: float = 0.0

    def compute_quantile(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """The rate below which `share` (0 to 1) of the children lie."""
        others = 1 - self.severe
        place = np.minimum(share / others, 1)
        usual = (1 - (1 - place) ** (1 / self.b)) ** (1 / self.a)
        if self.settled:
            below = np.minimum(place / (1 - (1 - _PERSISTENT**self.a) ** self.b), 1)
            anew = _PERSISTENT * (1 - (1 - below) ** (1 / self.settled)) ** (1 / _SETTLED_BEND)
            usual = np.where(usual < _PERSISTENT, anew, usual)
        beyond = np.maximum(share - others, 0) / max(self.severe, 1e-9)
        severe = _SEVERE_FROM + _SEVERE_SPREAD * beyond**_SEVERE_BEND
        return np.where(share > others, severe, np.minimum(usual, _LESS_THAN_SEVERE))


#: Primary lines of 2024/25 (DfE, Outcomes for children in need): absence, persistent and
#: severe absentees, per cent.  All pupils: primary, 2025/26 to date.  There is no line for
#: previously looked-after children: theirs is made up, between the others.
ABSENCE_DISTRIBUTIONS: dict[str, AbsenceDistribution] = {
    LOOKED_AFTER: AbsenceDistribution(0.774, 14.6279, 0.008, 9.1344),  # 3.8, 7.5 and 0.8
    PREVIOUSLY_LOOKED_AFTER: AbsenceDistribution(
        0.7616, 11.8019, 0.01, 7.5813
    ),  # 4.7, 11.5 and 1.0
    IN_NEED: AbsenceDistribution(0.7148, 5.3106, 0.033),  # 10.9, 34.3 and 3.3
    ON_PROTECTION_PLAN: AbsenceDistribution(0.9063, 6.7998, 0.04),  # 13.0, 43.0 and 4.0
    NO_STATUS: AbsenceDistribution(1.22, 32.75),  # 5.28 and 13.77, as counted in whole sessions
}

_CARED_SPELLS: Shares = (("I", 0.85), ("O", 0.12), ("C", 0.01), ("M", 0.02))
_CARED_SINGLE: Shares = (("M", 0.29), ("I", 0.51), ("O", 0.09), ("U", 0.09), ("C", 0.02))
_STRAIN_SPELLS: Shares = (("I", 0.53), ("O", 0.41), ("C", 0.03), ("M", 0.03))
_STRAIN_SINGLE: Shares = (("I", 0.27), ("O", 0.27), ("U", 0.26), ("M", 0.20))
_PLAN_SPELLS: Shares = (("O", 0.64), ("I", 0.32), ("M", 0.02), ("C", 0.02))
_PLAN_SINGLE: Shares = (("O", 0.40), ("U", 0.33), ("M", 0.14), ("I", 0.13))
_USUAL_SPELLS: Shares = (("I", 0.81), ("O", 0.14), ("C", 0.03), ("M", 0.02))
_USUAL_SINGLE: Shares = (("I", 0.45), ("O", 0.21), ("M", 0.19), ("U", 0.12), ("C", 0.03))


@dataclass(frozen=True)
class Persona:
    """One way of being at school.

    `lowest` and `highest` bound the absence rates (0 to 1) that it fits.  `monday` and
    `unsettled` say how much likelier an absence falls on a Monday, or in the
    `unsettled_days` after an upheaval: in standard deviations of a day's absence score.
    `part_time` and `religious` are the shares of a child's absence that are afternoons of a
    part-time timetable and days of observance; `holiday` is the share of years with a holiday in
    term.  `late`, `taxi_fails`, `elsewhere` and
    `tutored` are shares of sessions.
    """

    name: str
    lowest: float = 0.0
    highest: float = 1.0
    monday: float = 0.0
    unsettled: float = 0.9
    unsettled_days: int = 40
    part_time: float = 0.0
    religious: float = 0.0
    holiday: float = 0.0
    late: float = 0.012
    taxi_fails: float = 0.0
    elsewhere: float = 0.0005
    tutored: float = 0.0
    dual: bool = False
    spells: Shares = _CARED_SPELLS
    single: Shares = _CARED_SINGLE


#: A settled home and a usual run of colds.
SETTLED = Persona("settled", highest=0.12, late=0.006)
#: Changed home lately; more missed sessions and late mornings since.
RECENT_MOVE = Persona("recent move", unsettled=1.6, late=0.04)
#: Placed by an authority far away; a long taxi ride that at times does not come.
OUT_OF_AREA = Persona("out of area", late=0.05, taxi_fails=0.008)
#: Finds it hard to come back after a weekend.
ANXIOUS_MONDAYS = Persona(
    "anxious Mondays",
    lowest=0.03,
    highest=0.5,
    monday=1.5,
    late=0.03,
    spells=(("I", 0.62), ("O", 0.32), ("M", 0.06)),
    single=(("I", 0.45), ("O", 0.25), ("U", 0.20), ("M", 0.10)),
)
#: Stopped coming some time in the year, and has hardly been in since.
RARELY_THERE = Persona(
    "rarely there",
    lowest=0.5,
    unsettled=5.0,
    unsettled_days=400,
    tutored=0.05,
    spells=(("O", 0.52), ("I", 0.48)),
    single=_STRAIN_SINGLE,
)
#: Joined after September and took some weeks to find their feet.
ARRIVED_MID_YEAR = Persona("arrived mid-year", late=0.02)
#: Moved to another school before the summer.
LEFT_MID_YEAR = Persona("left mid-year", late=0.02)
#: Mornings only for some weeks, with a plan to come back to full days.
PART_TIME = Persona(
    "part-time timetable", lowest=0.12, highest=0.5, part_time=0.6, tutored=0.02, dual=True
)
#: Looked after until the adoption order of last year; rarely away since.
ADOPTED_LAST_YEAR = Persona("adopted last year", late=0.008)
#: Mornings are hard at home; the reasons for absence are often missing.
FAMILY_STRAIN = Persona(
    "family strain", late=0.07, holiday=0.2, spells=_STRAIN_SPELLS, single=_STRAIN_SINGLE
)
#: Much missed before the plan and by fits and starts since.
UNDER_A_PLAN = Persona(
    "under a plan", monday=0.5, late=0.06, holiday=0.1, spells=_PLAN_SPELLS, single=_PLAN_SINGLE
)
#: One of the other children of the school.
ORDINARY = Persona("ordinary", holiday=0.5, spells=_USUAL_SPELLS, single=_USUAL_SINGLE)
#: One of the other children, away on two days of religious observance.
OBSERVANT = Persona(
    "observant", lowest=0.01, religious=0.3, spells=_USUAL_SPELLS, single=_USUAL_SINGLE
)

PERSONAS: tuple[Persona, ...] = (
    *(SETTLED, RECENT_MOVE, OUT_OF_AREA, ANXIOUS_MONDAYS, RARELY_THERE, ARRIVED_MID_YEAR),
    *(LEFT_MID_YEAR, PART_TIME, ADOPTED_LAST_YEAR, FAMILY_STRAIN, UNDER_A_PLAN),
    *(ORDINARY, OBSERVANT),
)

_WORRIED = {"difficulties": 0.3, "outward": -0.6}
_RESTLESS = {"difficulties": 0.5, "outward": 0.5}

#: The personas by care status, where nothing that happened decides; each status has one
#: that fits any rate.
PERSONA_CHANCES: dict[str, dict[Persona, Chance]] = {
    LOOKED_AFTER: {
        SETTLED: Chance(0.72, difficulties=-0.2),
        OUT_OF_AREA: Chance(0.13),
        ANXIOUS_MONDAYS: Chance(0.10, **_WORRIED),
        PART_TIME: Chance(0.05, **_RESTLESS),
        RARELY_THERE: Chance(1.0),
    },
    PREVIOUSLY_LOOKED_AFTER: {
        SETTLED: Chance(0.65, difficulties=-0.2),
        ANXIOUS_MONDAYS: Chance(0.15, **_WORRIED),
        ORDINARY: Chance(0.20),
        RARELY_THERE: Chance(1.0),
    },
    IN_NEED: {
        FAMILY_STRAIN: Chance(0.82),
        ANXIOUS_MONDAYS: Chance(0.12, **_WORRIED),
        PART_TIME: Chance(0.06, **_RESTLESS),
        RARELY_THERE: Chance(4.0),
    },
    ON_PROTECTION_PLAN: {
        UNDER_A_PLAN: Chance(0.65),
        FAMILY_STRAIN: Chance(0.30),
        PART_TIME: Chance(0.05, **_RESTLESS),
        RARELY_THERE: Chance(4.0),
    },
    NO_STATUS: {ORDINARY: Chance(0.93), OBSERVANT: Chance(0.07)},
}


def choose_persona(rng: random.Random, status: str, rate: float, story: Story) -> Persona:
    """A persona of a status that fits the absence rate (0 to 1) and the story."""
    chances = PERSONA_CHANCES[status].items()
    return choose_for(rng, {p: c for p, c in chances if p.lowest <= rate <= p.highest}, story)


def accumulate_shares(shares: Shares) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The codes of a table of shares and the running sums, which end at 1."""
    total = sum(share for _, share in shares)
    sums = list(accumulate(share / total for _, share in shares))
    return tuple(code for code, _ in shares), np.array(sums)
