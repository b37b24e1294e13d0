"""The groups of children by care status, and their absence: the numbers of `groups.toml`.

How much a child is absent depends on their group and story, so that the made-up school matches the
national figures.  A habit decides only when they are absent.
"""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Shares = Mapping[str, float]

LOOKED_AFTER = "looked after"
PREVIOUSLY_LOOKED_AFTER = "previously looked after"
IN_NEED = "in need"
ON_PROTECTION_PLAN = "on a protection plan"
#: The statuses of a child with a social worker.
HAS_WORKER = (IN_NEED, ON_PROTECTION_PLAN, LOOKED_AFTER)
NO_STATUS = ""

#: The habits of some children, and the absence rates between which a child can have one.
MONDAYS, PART_TIME, NO_HABIT = "Mondays", "part-time timetable", ""
_OFTEN, _MOSTLY = 0.08, 0.5

#: The absence rates of severely absent children, who miss half of all sessions or more.
_SEVERE_FROM, _SEVERE_SPREAD, _SEVERE_BEND = 0.51, 0.4, 1.5
_LESS_THAN_SEVERE = 0.49


@dataclass(frozen=True)
class Group:
    """The absence of the children of one status.  See groups.toml."""

    absence: Shares
    spells: Shares
    single: Shares
    late: float
    mondays: float = 0.0
    part_time: float = 0.0

    def compute_rates(self, ranks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the absence rates (0 to 1) below which these shares of the children are.

        The share `severe` misses half of school or more.  The others follow a Kumaraswamy
        distribution, which has a formula for its quantiles: `a` and `b` were solved for the group's
        pooled absence rate and its share of persistent absentees.
        """
        a, b, severe = self.absence["a"], self.absence["b"], self.absence.get("severe", 0)
        usual = (1 - (1 - np.minimum(ranks / (1 - severe), 1)) ** (1 / b)) ** (1 / a)
        beyond = np.maximum(ranks - 1 + severe, 0) / max(severe, 1e-9)
        rare = _SEVERE_FROM + _SEVERE_SPREAD * beyond**_SEVERE_BEND
        return np.where(ranks > 1 - severe, rare, np.minimum(usual, _LESS_THAN_SEVERE))

    def choose_habit(self, rng: random.Random, rate: float) -> str:
        """Choose the habit of a child of this group by chance and their absence rate (0 to 1)."""
        luck = rng.random()
        if not _OFTEN <= rate <= _MOSTLY or luck >= self.mondays + self.part_time:
            return NO_HABIT
        return MONDAYS if luck < self.mondays else PART_TIME


GROUPS: dict[str, Group] = {
    status: Group(**numbers)
    for status, numbers in tomllib.loads(
        Path(__file__).with_name("groups.toml").read_text(encoding="utf-8")
    ).items()
}


def compute_rates(statuses: Sequence[str], ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the absence rates (0 to 1) of children by their places (0 to 1) in their group."""
    rates = np.zeros(len(ranks))
    for name in set(statuses):
        members = np.array([status == name for status in statuses], dtype=bool)
        rates[members] = GROUPS[name].compute_rates(ranks[members])
    return rates
