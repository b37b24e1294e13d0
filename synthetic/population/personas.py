"""Personas: the stories that marks act out, as small tables of probabilities.

How much a child is absent comes from its group, so that the made-up school matches the
national lines; a persona decides only when, in which way and under which code.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Shares = tuple[tuple[str, float], ...]

LOOKED_AFTER = "looked after"
PREVIOUSLY_LOOKED_AFTER = "previously looked after"
IN_NEED = "in need"
ON_PROTECTION_PLAN = "on a protection plan"
NO_STATUS = ""

STATUSES = (LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER, IN_NEED, ON_PROTECTION_PLAN, NO_STATUS)


@dataclass(frozen=True)
class AbsenceDistribution:
    """How the absence rates of a group's children are spread, 0 to 1.

    A Kumaraswamy distribution, whose quantiles need no table: the two numbers were
    solved for the group's pooled absence rate and its share of persistent absentees.
    """

    a: float
    b: float

    def compute_quantile(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """The rate below which `share` (0 to 1) of the children lie; 0.95 at most."""
        rate = (1 - (1 - share) ** (1 / self.b)) ** (1 / self.a)
        return np.minimum(rate, 0.95)


#: Primary lines of 2024/25 (DfE, Outcomes for children in need): absence and persistent
#: absentees, per cent.  All pupils: primary, 2025/26 to date.  There is no line for
#: previously looked-after children: 4.7 and 11.5 are made up, between the others.
ABSENCE_DISTRIBUTIONS: dict[str, AbsenceDistribution] = {
    LOOKED_AFTER: AbsenceDistribution(0.9455, 21.5267),  # 3.8 and 7.5
    PREVIOUSLY_LOOKED_AFTER: AbsenceDistribution(1.0334, 22.2583),
    IN_NEED: AbsenceDistribution(0.4985, 2.8031),  # 10.9 and 34.3
    ON_PROTECTION_PLAN: AbsenceDistribution(0.6636, 3.4506),  # 13.0 and 43.0
    NO_STATUS: AbsenceDistribution(1.1646, 27.9605),  # 5.28 and 13.77
}

_CARED_SPELLS: Shares = (("I", 0.83), ("O", 0.06), ("C", 0.06), ("M", 0.04), ("G", 0.01))
_CARED_SINGLE: Shares = (("M", 0.56), ("I", 0.28), ("C", 0.07), ("O", 0.05), ("U", 0.04))
_STRAIN_SPELLS: Shares = (("I", 0.52), ("O", 0.37), ("G", 0.05), ("C", 0.03), ("M", 0.03))
_STRAIN_SINGLE: Shares = (("I", 0.27), ("O", 0.27), ("U", 0.26), ("M", 0.20))
_USUAL_SPELLS: Shares = (("I", 0.71), ("G", 0.15), ("O", 0.09), ("C", 0.04), ("T", 0.01))
_USUAL_SINGLE: Shares = (("M", 0.40), ("I", 0.34), ("U", 0.11), ("O", 0.10), ("C", 0.05))


@dataclass(frozen=True)
class Persona:
    """One story.

    `lowest` and `highest` bound the absence rates (0 to 1) that the story fits.
    `monday` and `unsettled` say how much likelier an absence falls on a Monday, or in
    the weeks after a move or an arrival: in standard deviations of a day's bad luck.
    `part_time`, `suspended` and `religious` are the shares of a child's absence that
    are afternoons of a part-time timetable, suspensions and days of observance.
    `late`, `taxi_fails`, `elsewhere` and `tutored` are shares of sessions.
    """

    name: str
    story: str
    lowest: float = 0.0
    highest: float = 1.0
    monday: float = 0.0
    unsettled: float = 0.0
    part_time: float = 0.0
    suspended: float = 0.0
    religious: float = 0.0
    late: float = 0.012
    taxi_fails: float = 0.0
    elsewhere: float = 0.002
    tutored: float = 0.0
    dual: bool = False
    spells: Shares = _CARED_SPELLS
    single: Shares = _CARED_SINGLE


SETTLED = Persona("settled", "A settled home and a usual run of colds.", highest=0.12, late=0.006)
RECENT_MOVE = Persona(
    "recent move",
    "Changed home lately; more missed sessions and late mornings since.",
    lowest=0.015,
    unsettled=2.2,
    late=0.04,
)
OUT_OF_AREA = Persona(
    "out of area",
    "Placed by an authority far away; a long taxi ride that at times does not come.",
    late=0.05,
    taxi_fails=0.008,
)
ANXIOUS_MONDAYS = Persona(
    "anxious Mondays",
    "Finds it hard to come back after a weekend.",
    lowest=0.03,
    monday=2.6,
    late=0.03,
    spells=(("I", 0.62), ("O", 0.32), ("M", 0.06)),
    single=(("I", 0.45), ("O", 0.25), ("U", 0.20), ("M", 0.10)),
)
ARRIVED_MID_YEAR = Persona(
    "arrived mid-year",
    "Joined after September and took some weeks to find their feet.",
    unsettled=1.2,
    late=0.02,
)
LEFT_MID_YEAR = Persona("left mid-year", "Moved to another school before the summer.", late=0.02)
PART_TIME = Persona(
    "part-time timetable",
    "Mornings only for some weeks, with a plan to come back to full days.",
    lowest=0.12,
    part_time=0.6,
    tutored=0.02,
    dual=True,
)
SUSPENDED = Persona(
    "suspended",
    "Suspended for a few days once or twice in the year.",
    lowest=0.04,
    suspended=0.35,
    late=0.03,
    elsewhere=0.01,
)
ADOPTED_LAST_YEAR = Persona(
    "adopted last year",
    "Looked after until the adoption order of last year; rarely away since.",
    highest=0.15,
    late=0.008,
)
FAMILY_STRAIN = Persona(
    "family strain",
    "Mornings are hard at home; the reasons for absence are often missing.",
    late=0.07,
    spells=_STRAIN_SPELLS,
    single=_STRAIN_SINGLE,
)
UNDER_A_PLAN = Persona(
    "under a plan",
    "Much missed before the plan and by fits and starts since.",
    unsettled=0.8,
    monday=0.5,
    late=0.06,
    spells=_STRAIN_SPELLS,
    single=_STRAIN_SINGLE,
)
ORDINARY = Persona(
    "ordinary",
    "One of the other children of the school.",
    late=0.012,
    spells=_USUAL_SPELLS,
    single=_USUAL_SINGLE,
)
OBSERVANT = Persona(
    "observant",
    "One of the other children, away on two days of religious observance.",
    lowest=0.01,
    religious=0.3,
    spells=_USUAL_SPELLS,
    single=_USUAL_SINGLE,
)

PERSONAS: tuple[Persona, ...] = (
    SETTLED,
    RECENT_MOVE,
    OUT_OF_AREA,
    ANXIOUS_MONDAYS,
    ARRIVED_MID_YEAR,
    LEFT_MID_YEAR,
    PART_TIME,
    SUSPENDED,
    ADOPTED_LAST_YEAR,
    FAMILY_STRAIN,
    UNDER_A_PLAN,
    ORDINARY,
    OBSERVANT,
)

#: Shares of the personas by care status; each status has one that fits any rate.
#: Whoever arrived or left in the middle of a year is that persona instead.
PERSONA_SHARES: dict[str, dict[Persona, float]] = {
    LOOKED_AFTER: {
        SETTLED: 0.50,
        RECENT_MOVE: 0.14,
        OUT_OF_AREA: 0.16,
        ANXIOUS_MONDAYS: 0.10,
        PART_TIME: 0.05,
        SUSPENDED: 0.05,
    },
    PREVIOUSLY_LOOKED_AFTER: {
        SETTLED: 0.50,
        ADOPTED_LAST_YEAR: 0.20,
        ANXIOUS_MONDAYS: 0.12,
        SUSPENDED: 0.08,
        ORDINARY: 0.10,
    },
    IN_NEED: {
        FAMILY_STRAIN: 0.72,
        ANXIOUS_MONDAYS: 0.12,
        SUSPENDED: 0.10,
        PART_TIME: 0.06,
    },
    ON_PROTECTION_PLAN: {
        UNDER_A_PLAN: 0.60,
        FAMILY_STRAIN: 0.28,
        SUSPENDED: 0.07,
        PART_TIME: 0.05,
    },
    NO_STATUS: {ORDINARY: 0.93, OBSERVANT: 0.07},
}


def choose_personas(
    status: str, rates: NDArray[np.float64], draws: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Places in PERSONAS, one for each child of a status.

    `rates` are the children's absence rates, `draws` even random numbers (both 0 to 1).
    """
    mix = PERSONA_SHARES[status]
    fits = np.array(
        [
            [share if p.lowest <= rate <= p.highest else 0.0 for p, share in mix.items()]
            for rate in rates
        ]
    ).reshape(len(rates), len(mix))
    edges = np.cumsum(fits, axis=1)
    chosen = (draws[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    places = np.array([PERSONAS.index(persona) for persona in mix])
    return np.asarray(places[np.minimum(chosen, len(mix) - 1)], dtype=np.int64)


def accumulate_shares(shares: Shares) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The codes of a table of shares and the running sums, which end at 1."""
    total = sum(share for _, share in shares)
    sums = list(accumulate(share / total for _, share in shares))
    return tuple(code for code, _ in shares), np.array(sums)
