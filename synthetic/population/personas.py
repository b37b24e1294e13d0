"""Personas: the ways in which marks act out a story, as small tables of probabilities.

How much a child is absent comes from its group and its story, so that the made-up school
matches the national lines; a persona decides only when, in which way and under which code.
The tables are those of `personas.toml`.
"""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthetic.population.story import Chance, Story, choose_for

Shares = tuple[tuple[str, float], ...]

LOOKED_AFTER = "looked after"
PREVIOUSLY_LOOKED_AFTER = "previously looked after"
IN_NEED = "in need"
ON_PROTECTION_PLAN = "on a protection plan"
#: The statuses of a child with a social worker.
HAS_WORKER = (IN_NEED, ON_PROTECTION_PLAN, LOOKED_AFTER)
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


@dataclass(frozen=True)
class Persona:
    """One way of being at school.

    `lowest` and `highest` bound the absence rates (0 to 1) that it fits.  `monday` and
    `unsettled` say how much likelier an absence falls on a Monday, or in the
    `unsettled_days` after an upheaval: in standard deviations of a day's absence score.
    `religious` is the share of a child's absence that is days of observance; `holiday` is the
    share of years with a holiday in term, of those who live with their family.  `late`,
    `taxi_fails`, `elsewhere` and `tutored` are shares of sessions.
    """

    name: str
    lowest: float = 0.0
    highest: float = 1.0
    monday: float = 0.0
    unsettled: float = 0.9
    unsettled_days: int = 40
    religious: float = 0.0
    holiday: float = 0.3
    late: float = 0.012
    taxi_fails: float = 0.0
    elsewhere: float = 0.0005
    tutored: float = 0.0
    dual: bool = False
    spells: Shares = ()
    single: Shares = ()


_TABLES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("personas.toml").read_text(encoding="utf-8")
)
ABSENCE_DISTRIBUTIONS: dict[str, AbsenceDistribution] = {
    group: AbsenceDistribution(**each) for group, each in _TABLES["absence"].items()
}


def _build_persona(name: str, row: dict[str, Any]) -> Persona:
    named = {kind: _TABLES[kind][row.get(kind, "cared")] for kind in ("spells", "single")}
    return Persona(name, **row | {kind: tuple(map(tuple, of)) for kind, of in named.items()})


_BY_NAME = {name: _build_persona(name, row) for name, row in _TABLES["personas"].items()}
PERSONAS = tuple(_BY_NAME.values())
PART_TIME, ORDINARY = _BY_NAME["part-time timetable"], _BY_NAME["ordinary"]

#: The personas by care status; see personas.toml.
PERSONA_CHANCES: dict[str, dict[Persona, Chance]] = {
    status: {_BY_NAME[name]: Chance(**each) for name, each in of.items()}
    for status, of in _TABLES["chances"].items()
}


def choose_persona(rng: random.Random, status: str, rate: float, story: Story) -> Persona:
    """A persona of a status that fits the absence rate (0 to 1) and the story."""
    chances = PERSONA_CHANCES[status].items()
    return choose_for(rng, {p: c for p, c in chances if p.lowest <= rate <= p.highest}, story)


def compute_rates(statuses: Sequence[str], ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """The absence rates (0 to 1) of children at these places (0 to 1) among their group."""
    rates = np.zeros(len(ranks))
    for name in set(statuses):
        ours = np.array([status == name for status in statuses], dtype=bool)
        rates[ours] = ABSENCE_DISTRIBUTIONS[name].compute_quantile(ranks[ours])
    return rates


def accumulate_shares(shares: Shares) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The codes of a table of shares and the running sums, which end at 1."""
    total = sum(share for _, share in shares)
    sums = list(accumulate(share / total for _, share in shares))
    return tuple(code for code, _ in shares), np.array(sums)
