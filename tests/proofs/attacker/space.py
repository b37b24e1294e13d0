"""All whole-number solutions of a set of rows, asked one question at a time or many at once.

Most questions are answered by a solution that an earlier one has found; SCIP is asked for
the rest.  Every solution that it gives is checked in whole numbers before it counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from pyscipopt import Model, quicksum
from pyscipopt.scip import PY_SCIP_PARAMSETTING

from tests.proofs.attacker.rows import Form, Row, Rows, matrix_of, values_of

#: The questions are small and many: what SCIP does for hard ones costs more than it saves.
_SETTINGS: Final = {
    "limits/time": 600,
    "misc/usesymmetry": 0,
    "presolving/maxrestarts": 0,
    "presolving/sparsify/maxrounds": 0,
    "presolving/dualsparsify/maxrounds": 0,
    "propagating/probing/maxprerounds": 0,
}
#: A solution for many questions at once need not be the best one.
_GAP: Final = 1.0
_STALLED_NODES: Final = 20


class Space:
    """The vectors of whole numbers from 0 to `tops` that keep every row."""

    def __init__(self, tops: Sequence[int], rows: Sequence[Row]) -> None:
        self._tops = np.array(tops, dtype=np.int64)
        self._rows = tuple(rows)
        self._matrix, self._low, self._high = matrix_of(rows, len(tops))
        self._pool = np.zeros((0, len(tops)), dtype=np.int64)
        self._keys: set[bytes] = set()
        self._bounds: dict[tuple[Form, Rows], tuple[int, int]] = {}
        self._refused: set[frozenset[Row]] = set()
        self._model: Model | None = None
        self._variables: list[Any] = []
        self.solves = 0

    def can(self, rows: Rows = ()) -> bool:
        """Whether any vector keeps these rows too."""
        if self._knows(rows):
            return True
        return not self._is_refused(rows) and self._solve((), rows) is not None

    def prepare(self, questions: Iterable[Rows]) -> None:
        """Answers many questions of `can` in a few solves, each for as many as it can.

        The last solve proves of all that are left that no vector keeps their rows.
        """
        open_ones = [
            rows
            for rows in dict.fromkeys(questions)
            if not self._is_refused(rows) and not self._knows(rows)
        ]
        if not open_ones:
            return
        model, variables = self._made()
        answered = [self._switch(model, variables, rows) for rows in open_ones]
        left = list(range(len(open_ones)))
        while left:
            model.setObjective(quicksum(answered[at] for at in left), "maximize")
            some = model.addCons(quicksum(answered[at] for at in left) >= 1)
            found = self._met(model, variables)
            model.freeTransform()
            model.delCons(some)
            if not found:
                self._refused |= {frozenset(open_ones[at]) for at in left}
                return
            before = len(left)
            left = [at for at in left if not self._knows(open_ones[at])]
            if len(left) == before:
                raise RuntimeError("SCIP's solution answers no question")

    def bounds(self, wanted: Form, known: Rows = ()) -> tuple[int, int]:
        """The least and the greatest value that a sum has, where `known` holds."""
        key = (wanted, known)
        if key not in self._bounds:
            outer = self.bounds(wanted) if known else (0, None)
            self._bounds[key] = (
                self._extreme(wanted, known, least=True, bound=outer[0]),
                self._extreme(wanted, known, least=False, bound=outer[1]),
            )
        return self._bounds[key]

    def stretch(self, sums: Mapping[Form, int], known: Rows) -> None:
        """Finds a solution in which sums, each by its weight, are together as small as can be."""
        aim: Counter[int] = Counter()
        for wanted, weight in sums.items():
            for at, factor in wanted:
                aim[at] += weight * factor
        self._solve(tuple(aim.items()), known)

    def seen(self, wanted: Form, known: Rows = ()) -> set[int]:
        """The values of a sum in the solutions found so far."""
        return {int(value) for value in values_of(self._found(known), wanted)}

    def values(self, wanted: Form, known: Rows = (), enough: int | None = None) -> tuple[int, ...]:
        """Every value that a sum has, in order; `enough` of them, if it has that many."""
        found = self.seen(wanted, known)
        if enough is None or len(found) < enough:
            low, high = self.bounds(wanted, known)
            for value in range(low, high + 1):
                if enough is not None and len(found) >= enough:
                    break
                if value not in found and self.can((*known, Row(wanted, value, value))):
                    found |= self.seen(wanted, known)
        return tuple(sorted(found))

    def _extreme(self, wanted: Form, known: Rows, *, least: bool, bound: int | None) -> int:
        """The least or the greatest value; `bound` is known to hold, and if met, is it."""
        values = values_of(self._found(known), wanted)
        best = None if not values.size else int(values.min() if least else values.max())
        if best is not None and best == bound:
            return best
        solution = self._solve(wanted, known, least=least)
        if solution is None:
            raise ValueError("nothing keeps these rows")
        return int(values_of(solution[None, :], wanted)[0])

    def _is_refused(self, rows: Rows) -> bool:
        return frozenset(rows) in self._refused or any(row.is_broken for row in rows)

    def _knows(self, rows: Rows) -> bool:
        return bool(len(self._found(rows)))

    def _found(self, rows: Rows) -> np.ndarray:
        keeps = np.ones(len(self._pool), dtype=bool)
        for row in rows:
            keeps &= row.keeps(self._pool)
        return self._pool[keeps]

    def _solve(self, aim: Form, rows: Rows, *, least: bool = True) -> np.ndarray | None:
        """A solution, the best one by `aim`, or None; others met on the way are kept."""
        if self._model is None:
            self._model, self._variables = self._made()
        model = self._model
        added = [_added(model, self._variables, row) for row in rows]
        model.setObjective(_total(self._variables, aim), "minimize" if least else "maximize")
        met = self._met(model, self._variables, whole=True)
        model.freeTransform()
        for each in added:
            if each is not None:
                model.delCons(each)
        if not met:
            self._refused.add(frozenset(rows))
            return None
        if not all(row.keeps(met[0][None, :])[0] for row in rows):
            raise RuntimeError("SCIP's solution breaks a row")
        return met[0]

    def _met(self, model: Model, variables: list[Any], *, whole: bool = False) -> list[np.ndarray]:
        """Solutions, the best first, all in the pool; none where there are none at all."""
        for is_last in (True,) if whole else (False, True):
            self.solves += 1
            model.setParam("limits/gap", 0.0 if is_last else _GAP)
            model.setParam("limits/stallnodes", -1 if is_last else _STALLED_NODES)
            model.optimize()
            status = model.getStatus()
            if status == "infeasible":
                return []
            if whole and status != "optimal":
                break
            met = [
                np.array([round(model.getSolVal(each, one)) for one in variables], np.int64)
                for each in model.getSols()[:4]
            ]
            if met:
                for each in met:
                    self._keep(each)
                return met
            model.freeTransform()
        raise RuntimeError(f"SCIP gives up: {status}")

    def _keep(self, solution: np.ndarray) -> None:
        values = self._matrix @ solution
        if (
            not ((solution >= 0) & (solution <= self._tops)).all()
            or not ((values >= self._low) & (values <= self._high)).all()
        ):
            raise RuntimeError("SCIP's solution breaks a row")
        key = solution.tobytes()
        if key not in self._keys:
            self._keys.add(key)
            self._pool = np.vstack([self._pool, solution[None, :]])

    def _made(self) -> tuple[Model, list[Any]]:
        model = Model()
        model.hideOutput()
        for name, value in _SETTINGS.items():
            model.setParam(name, value)
        model.setSeparating(PY_SCIP_PARAMSETTING.OFF)
        variables = [model.addVar(vtype="I", lb=0, ub=int(top)) for top in self._tops]
        if any(row.is_broken for row in self._rows):
            model.addCons(model.addVar(ub=0) >= 1)
        for row in self._rows:
            _added(model, variables, row)
        return model, variables

    def _switch(self, model: Model, variables: list[Any], rows: Rows) -> Any:
        """A variable that can be 1 only where the rows are kept."""
        switch = model.addVar(vtype="B")
        for row in rows:
            total = _total(variables, row.terms)
            least = sum(min(0, factor) * int(self._tops[at]) for at, factor in row.terms)
            most = sum(max(0, factor) * int(self._tops[at]) for at, factor in row.terms)
            if row.low is not None and row.low > least:
                model.addCons(total - (row.low - least) * switch >= least)
            if row.high is not None and row.high < most:
                model.addCons(total + (most - row.high) * switch <= most)
        return switch


def _total(variables: list[Any], terms: Form) -> Any:
    return quicksum(factor * variables[at] for at, factor in terms)


def _added(model: Model, variables: list[Any], row: Row) -> Any:
    """The row as a constraint; None where it limits nothing."""
    if not row.terms:
        return None
    total = _total(variables, row.terms)
    if row.low is not None and row.low == row.high:
        return model.addCons(total == row.low)
    if row.low is not None and row.high is not None:
        return model.addCons((total <= row.high) >= row.low)
    if row.low is not None:
        return model.addCons(total >= row.low)
    return None if row.high is None else model.addCons(total <= row.high)
