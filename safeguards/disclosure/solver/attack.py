"""What an exact attacker can conclude: whole numbers under linear rows, by HiGHS.

The attacker knows what was published and what cannot be otherwise, has all the time there
is, and makes no mistake.  A solution is a world that fits all of that; whatever holds in
one of them cannot be ruled out.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from safeguards.errors import DisclosureError

Vector = NDArray[np.float64]

_OPTIMAL, _INFEASIBLE = 0, 2
# what stands above every count of a school's children, so that it bounds nothing
_MANY = 10_000.0


@dataclass(frozen=True, eq=False)
class Row:
    """A sum of unknowns that lies from `low` to `high`, with both."""

    weights: Vector
    low: float = 0.0
    high: float = _MANY


#: Rows that hold together; a requirement is met where the rows of one case can.
Case = tuple[Row, ...]


@dataclass
class Clock:
    """Until when there is time: `left` seconds from now; DisclosureError once it is over."""

    left: float
    _began: float = field(default_factory=time.monotonic)

    def get_seconds_left(self) -> float:
        """Seconds, more than none."""
        rest = self.left - (time.monotonic() - self._began)
        if rest <= 0:
            raise DisclosureError(
                f"No safe way to publish these figures was found in {self.left:.0f} seconds, so "
                "nothing is published. Ask for fewer tables, or tell whoever keeps lac-monitor."
            )
        return rest


class Knowledge:
    """Unknown whole numbers of nought and more, what is known of them, and cells that may be.

    known: rows that hold whatever is published.  cells: sums whose true `values` become
    known with publishing.  Found solutions are kept: most questions need no new one.
    """

    def __init__(
        self, known: Sequence[Row], cells: Sequence[Vector], values: Sequence[int], clock: Clock
    ) -> None:
        self._width = len(known[0].weights)
        self._known = _stacked([row.weights for row in known], self._width)
        self._low = np.array([row.low for row in known])
        self._high = np.array([row.high for row in known])
        self._cells = _stacked(cells, self._width)
        self._values = np.array(values, dtype=float)
        self._clock = clock
        self._found: NDArray[np.float64] = np.empty((0, self._width))
        self._found_cells: NDArray[np.float64] = np.empty((0, len(values)))

    def is_possible(self, cases: Iterable[Case], published: frozenset[int]) -> bool:
        """Whether one of the cases can hold while these cells are known.

        DisclosureError when there is no more time.
        """
        cases = tuple(cases)
        worlds = self._worlds(published)
        return any(_holds(case, worlds) for case in cases) or any(
            self._solved(case, sorted(published)) for case in cases
        )

    def is_uncertain(self, total: Vector, published: frozenset[int]) -> bool:
        """Whether a sum can be this or that while these cells are known."""
        known = self._worlds(published) @ total
        if len(known) and known.min() < known.max():
            return True
        least, most = self.compute_interval(total, published)
        return least < most

    def compute_interval(self, total: Vector, published: frozenset[int]) -> tuple[int, int]:
        """The least and the most that a sum can be while these cells are known."""
        places = sorted(published)
        ends = []
        for sign in (1.0, -1.0):
            world = self._world(sign * total, (), places)
            if world is None:
                raise DisclosureError("The figures contradict each other. Nothing is published.")
            self._keep(world)
            ends.append(round(float(world @ total)))
        return ends[0], ends[1]

    def _worlds(self, published: frozenset[int]) -> NDArray[np.float64]:
        """The solutions found so far that fit what is published."""
        places = sorted(published)
        fits = (self._found_cells[:, places] == self._values[places]).all(axis=1)
        worlds: NDArray[np.float64] = self._found[fits]
        return worlds

    def _solved(self, case: Case, places: list[int]) -> bool:
        world = self._world(np.zeros(self._width), case, places)
        if world is not None:
            self._keep(world)
        return world is not None

    def _keep(self, world: Vector) -> None:
        self._found = np.vstack([self._found, world])
        self._found_cells = np.vstack([self._found_cells, self._cells @ world])

    def _world(self, least: Vector, case: Case, places: list[int]) -> Vector | None:
        """A solution under which `least` is smallest; None if nothing fits."""
        asked = _stacked([row.weights for row in case], self._width)
        matrix = vstack([self._known, self._cells[places], asked])
        known = self._values[places]
        low = np.concatenate([self._low, known, [row.low for row in case]])
        high = np.concatenate([self._high, known, [row.high for row in case]])
        answer = milp(
            least,
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(0, _MANY),
            integrality=np.ones(len(least), dtype=np.uint8),
            options={"time_limit": self._clock.get_seconds_left(), "mip_rel_gap": 0.0},
        )
        if answer.status == _INFEASIBLE:
            return None
        if answer.status != _OPTIMAL or answer.x is None:
            self._clock.get_seconds_left()
            raise DisclosureError(
                f"The solver could not answer ({answer.message}). Nothing is published."
            )
        return np.rint(answer.x)


def _holds(case: Case, worlds: NDArray[np.float64]) -> bool:
    """Whether all rows of the case hold in one of these worlds."""
    good = np.ones(len(worlds), dtype=bool)
    for row in case:
        sums = worlds @ row.weights
        good &= (row.low <= sums) & (sums <= row.high)
    return bool(good.any())


def _stacked(rows: Sequence[Vector], width: int) -> csr_array:
    return csr_array(np.reshape(np.array(rows, dtype=float), (len(rows), width)))
