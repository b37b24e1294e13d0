"""Whole numbers between bounds whose sums lie between bounds, asked of SCIP."""

import numpy as np
from numpy.typing import NDArray
from pyscipopt import Model, quicksum
from pyscipopt.scip import PY_SCIP_PARAMSETTING

Numbers = NDArray[np.int64]


class Space:
    """Numbers from nought to a top each; `sums` are rows of factors -1, 0 and 1.

    What was found once answers later questions; each answer is checked in whole numbers.
    """

    def __init__(self, sums: Numbers, tops: Numbers) -> None:
        self._sums = sums
        self._pool = np.zeros((0, len(tops)), dtype=np.int64)
        self._model = Model()
        self._model.hideOutput()
        self._model.setPresolve(PY_SCIP_PARAMSETTING.OFF)
        self._model.setHeuristics(PY_SCIP_PARAMSETTING.FAST)
        self._model.setIntParam("misc/usesymmetry", 0)
        self._numbers = [self._model.addVar(vtype="I", lb=0, ub=int(top)) for top in tops]
        size = 2.0 * int(tops.sum())
        self._rows = [
            self._model.addCons(
                -size
                <= (
                    quicksum(int(f) * x for f, x in zip(row, self._numbers, strict=True) if f)
                    <= size
                )
            )
            for row in sums
        ]

    def select(self, low: Numbers, high: Numbers, tops: Numbers) -> Numbers:
        """The solutions found so far that keep these bounds."""
        values = self._pool @ self._sums.T
        keep = ((values >= low) & (values <= high)).all(1) & (self._pool <= tops).all(1)
        found: Numbers = self._pool[keep]
        return found

    def solve(self, low: Numbers, high: Numbers, bottoms: Numbers, tops: Numbers) -> bool:
        """Whether any numbers keep these bounds; they are added to those found."""
        if (low > high).any() or (bottoms > tops).any():
            return False
        model = self._model
        model.freeTransform()
        for number, bottom, top in zip(self._numbers, bottoms, tops, strict=True):
            model.chgVarLb(number, float(bottom))
            model.chgVarUb(number, float(top))
        for row, least, most in zip(self._rows, low, high, strict=True):
            model.chgLhs(row, float(least))
            model.chgRhs(row, float(most))
        model.optimize()
        if model.getStatus() == "infeasible":
            return False
        found = np.array([round(model.getVal(each)) for each in self._numbers])
        values = self._sums @ found
        assert (values >= low).all()
        assert (values <= high).all()
        assert (found >= bottoms).all()
        assert (found <= tops).all()
        self._pool = np.vstack([self._pool, found])
        return True
