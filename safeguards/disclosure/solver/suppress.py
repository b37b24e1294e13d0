"""Which cells to hide: as few as can be, so that every demand is met.

The cells to hide are themselves found by an integer program.  It begins with the small
counts; as long as a demand is not met, a smallest set of published cells that breaks it
becomes a row: one of these has to be hidden.  (Fischetti and Salazar's cutting planes.)
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from safeguards.disclosure.solver.attack import Clock
from safeguards.errors import DisclosureError

_OPTIMAL = 0
# of a round: later demands are often met by what earlier ones hide
_CUTS_A_ROUND = 6


@dataclass(frozen=True, eq=False)
class Demand:
    """Something that must stay possible for whoever knows the published cells.

    is_met: asked with the published cells; publishing fewer never breaks it.  hidden: it
    is asked only while this cell is hidden; None for always.  is_of_all: it is held against
    all releases together, and so not against this one if it is broken with nothing published.
    """

    is_met: Callable[[frozenset[int]], bool]
    hidden: int | None = None
    is_of_all: bool = False


def hide(
    costs: Sequence[float], small: Collection[int], demands: Iterable[Demand], clock: Clock
) -> frozenset[int]:
    """The cells to hide, of `len(costs)`: those that are `small`, and the cheapest more.

    DisclosureError if hiding them all would not do, or when there is no more time.
    """
    # asked first: worlds found so with nothing published answer much of what comes
    asked = [each for each in demands if not each.is_of_all or each.is_met(frozenset())]
    every = frozenset(range(len(costs)))
    rows: list[np.ndarray] = []
    while True:
        hidden = _cheapest(costs, small, rows, clock)
        published = every - hidden
        new = []
        for demand in asked:
            if demand.hidden is not None and demand.hidden not in hidden:
                continue
            if demand.is_met(published):
                continue
            new.append(_cut(demand, published, len(costs)))
            if len(new) == _CUTS_A_ROUND:
                break
        if not new:
            return hidden
        rows += new


def _cut(demand: Demand, published: frozenset[int], width: int) -> np.ndarray:
    """One of the cells of a smallest set that breaks the demand is hidden, or its own shown."""
    breaking = _smallest(demand, published)
    if not breaking:
        raise DisclosureError(
            "These figures would point to a child even with all of them hidden, so nothing is "
            "published. Tell whoever keeps lac-monitor."
        )
    row = np.zeros(width + 1)
    row[sorted(breaking)] = 1.0
    row[-1] = 1.0
    if demand.hidden is not None:
        row[demand.hidden] = -1.0
        row[-1] = 0.0
    return row


def _smallest(demand: Demand, published: frozenset[int]) -> frozenset[int]:
    """A set of published cells that breaks the demand, and of which none can be spared.

    Halves are tried before single cells, so that a few questions do for many cells.
    """
    needed = sorted(published)
    step = max(1, len(needed) // 2)
    while True:
        start = 0
        while start < len(needed):
            fewer = needed[:start] + needed[start + step :]
            if demand.is_met(frozenset(fewer)):
                start += step
            else:
                needed = fewer
        if step == 1:
            return frozenset(needed)
        step //= 2


def _cheapest(
    costs: Sequence[float], small: Collection[int], rows: Sequence[np.ndarray], clock: Clock
) -> frozenset[int]:
    """The cells whose costs add up to least, with the small ones, under the rows so far."""
    if not rows:
        return frozenset(small)
    always = np.zeros(len(costs))
    always[sorted(small)] = 1.0
    matrix = np.array(rows)
    answer = milp(
        np.array(costs),
        constraints=LinearConstraint(matrix[:, :-1], matrix[:, -1], np.inf),
        bounds=Bounds(always, 1.0),
        integrality=np.ones(len(costs), dtype=np.uint8),
        options={"time_limit": clock.get_seconds_left(), "mip_rel_gap": 0.0},
    )
    if answer.status != _OPTIMAL or answer.x is None:
        clock.get_seconds_left()
        raise DisclosureError("No way to hide enough of these figures. Nothing is published.")
    return frozenset(int(place) for place in np.flatnonzero(answer.x > 0.5))  # noqa: PLR2004
