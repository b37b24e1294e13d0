"""Every way in which an attribute can lie among children, given what was said about them.

A row is a group on the day of a report.  Children who stood in the same rows are of one
class, and a world is how many of each class have the attribute.  Whether something can be
concluded is asked of all worlds; most questions are answered by one that is found already.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from safeguards.disclosure.bands import Band

_INFEASIBLE = 2

Vector = NDArray[np.int64]
#: A class of children, and whether one of them is to have the attribute (1) or to lack it.
Wish = tuple[int, int]


class Worlds:
    """The worlds of some rows, the oldest first, each the children who stood in it."""

    def __init__(self, rows: Sequence[frozenset[str]]) -> None:
        children = frozenset[str]().union(*rows)
        sizes = Counter(tuple(int(child in row) for row in rows) for child in children)
        patterns = sorted(sizes)
        self._rows: Vector = np.array(patterns, dtype=np.int64).T
        self._sizes: Vector = np.array([sizes[each] for each in patterns], dtype=np.int64)
        width = 2 * sum(self._rows.shape)
        # both as `_ask` writes them, so that one comparison tells
        self._found = np.zeros((0, width), dtype=np.int64)
        self._refused = np.zeros((0, width), dtype=np.int64)

    def is_doubt_left(self, said: Sequence[Band], values: int) -> bool:
        """Whether nobody is certain of another child once a band was said of each row.

        Who knows all rows and one child whole, at every time, takes the others to have stayed
        as they were; where that cannot be, since the first row after which it can.  Of each
        other child they must hold both possible, whatever theirs is; and who knows no child,
        at least so many values of the count of each row.  False, too, where no world agrees
        with what was said: everybody would know that somebody has changed.
        """
        low = np.array([band.least for band in said], dtype=np.int64)
        high = np.array([band.most for band in said], dtype=np.int64)
        none = np.zeros_like(self._sizes)
        if self._find(low, high, none, self._sizes) is None:
            return False
        return all(self._is_wide(row, low, high, values) for row in range(len(said))) and all(
            self._puzzles(low, high, self._rows[:, known], self._sizes - _unit(none, known))
            for known in range(len(none))
        )

    def _is_wide(self, row: int, low: Vector, high: Vector, values: int) -> bool:
        """Whether the count of a row can have so many values, where some world agrees."""
        none, step = np.zeros_like(self._sizes), _unit(np.zeros_like(low), row)
        found = self._found >= _ask(low, high, none, self._sizes)
        counts = self._found[found.all(axis=1), row].tolist()
        while (width := max(counts) - min(counts)) < values - 1:
            worlds = (
                self._find(least, most, none, self._sizes)
                for reach in (values - 1 - width, 1)
                for least, most in (
                    (low, high + (min(counts) - reach - high) * step),
                    (low + (max(counts) + reach - low) * step, high),
                )
            )
            world = next((world for world in worlds if world is not None), None)
            if world is None:
                return False
            counts.append(int(world[row]))
        return True

    def _puzzles(
        self,
        low: Vector,
        high: Vector,
        free: Vector,
        others: Vector,
        wishes: Sequence[Wish] | None = None,
    ) -> bool:
        """Whether an insider holds both possible of each of the others.

        free: 1 for a row in which the insider's own part, 0 or 1, is not settled yet; where it
        is, `low` and `high` are those of the others.  wishes: what is still to be found a
        world for, all if None.  A world whose counts leave room for any own part settles every
        own part at once; so the own part is taken row by row only where there is none.
        """
        none = np.zeros_like(others)
        # who knows that somebody has changed takes what was said first to be out of date
        if self._find(low - free, high, none, others) is None:
            return self._puzzles(*self._forget_first(low, high, free), others, wishes)
        # with room for one child more and one less, any child can be turned round
        if self._find(low + 1, high - 1 - free, none, others) is not None:
            return True
        if wishes is None:
            wishes = [(at, has) for at in np.flatnonzero(others).tolist() for has in (0, 1)]
        unmet = self._list_unmet(low, high - free, others, wishes)
        if not unmet:
            return True
        if not free.any():
            return False
        rows = np.flatnonzero(free)
        row = _unit(np.zeros_like(low), rows[np.argmin((high - low)[rows])])
        return self._puzzles(low, high, free - row, others, unmet) and self._puzzles(
            low - row, high - row, free - row, others, unmet
        )

    def _forget_first(
        self, low: Vector, high: Vector, free: Vector
    ) -> tuple[Vector, Vector, Vector]:
        """Bounds without the oldest row that still bounds anything."""
        everybody = int(self._sizes.sum()) + 1
        first = _unit(np.zeros_like(low), int(np.argmax(high - low <= 2 * everybody)))
        return low - everybody * 2 * first, high + everybody * 2 * first, free * (1 - first)

    def _list_unmet(
        self, low: Vector, high: Vector, others: Vector, wishes: Sequence[Wish]
    ) -> list[Wish]:
        """The wishes that no world meets; each world is sought for as many as it can meet."""
        none, unmet, open_ones = np.zeros_like(others), [], list(wishes)
        classes = slice(2 * len(low), 2 * len(low) + len(others))
        while open_ones:
            found = (self._found >= _ask(low, high, none, others)).all(axis=1)
            children = self._found[found, classes]
            met = np.array([(children < others).any(axis=0), (children > 0).any(axis=0)])
            open_ones = [(at, has) for at, has in open_ones if not met[has, at]]
            if open_ones:
                at, has = open_ones[0]
                fewest, most = has * _unit(none, at), others - (1 - has) * _unit(none, at)
                aim = none.copy()
                aim[[each for each, alike in open_ones if alike == has]] = 1 - 2 * has
                if self._find(low, high, fewest, most, aim) is None:
                    unmet.append(open_ones.pop(0))
        return unmet

    def _find(
        self, low: Vector, high: Vector, fewest: Vector, most: Vector, aim: Vector | None = None
    ) -> Vector | None:
        """A world with counts from `low` to `high` and classes from `fewest` to `most`, or None.

        aim: where none is known yet, of which classes it should have few (1) or many (-1).
        It is written as `_ask` writes a question, so that its counts come first.
        """
        if (low > high).any() or (fewest > most).any():
            return None
        asked = _ask(low, high, fewest, most)
        met = np.flatnonzero((self._found >= asked).all(axis=1))
        if len(met):
            found: Vector = self._found[met[0]]
            return found
        if (self._refused <= asked).all(axis=1).any():
            return None
        world = self._solve(low, high, fewest, most, np.zeros_like(most) if aim is None else aim)
        if world is None:
            self._refused = np.vstack([self._refused, asked])
            return None
        self._found = np.vstack([self._found, world])
        return world

    def _solve(
        self, low: Vector, high: Vector, fewest: Vector, most: Vector, aim: Vector
    ) -> Vector | None:
        """As `_find`, by HiGHS: first in fractions, which is quick and mostly enough."""
        for integrality in (0, 1):
            solved = milp(
                aim,
                integrality=np.full(len(most), integrality),
                bounds=Bounds(fewest, most),
                constraints=LinearConstraint(self._rows, low, high),
            )
            if solved.status == _INFEASIBLE:
                return None
            if solved.x is None:
                raise RuntimeError(solved.message)
            children: Vector = np.rint(solved.x).astype(np.int64)
            counts = self._rows @ children
            world = _ask(counts, counts, children, children)
            if (world >= _ask(low, high, fewest, most)).all():
                return world
        raise RuntimeError("the solver gave a world that does not agree with what was said")


def _ask(low: Vector, high: Vector, fewest: Vector, most: Vector) -> Vector:
    """A question as one vector; a world, written with its own counts, answers a smaller one."""
    return np.concatenate([low, -high, fewest, -most])


def _unit(like: Vector, at: int) -> Vector:
    """One at a place, nought elsewhere."""
    unit = np.zeros_like(like)
    unit[at] = 1
    return unit
