"""Two components in one program, for whoever takes it that who crossed stayed as they were.

What one group then tells of a child who crossed holds in the other, and so narrows what is
open of all the others there.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np

from safeguards.disclosure.solver.attack import Clock, Knowledge, Row, Vector
from safeguards.disclosure.solver.component import Component, Question
from safeguards.disclosure.solver.groups import Cell, build_record
from safeguards.disclosure.solver.release import Crossing
from safeguards.disclosure.solver.suppress import Demand
from safeguards.disclosure.solver.timeline import Timeline, Total


@dataclass(frozen=True)
class Crossed:
    """A crossing between the group of one component and that of another.

    is_out: whether it led out of the first one's.  mine, other: the moment of each before
    which it was, from 1.
    """

    crossing: Crossing
    is_out: bool
    mine: int
    other: int


def list_joint_demands(
    mine: Component, other: Component, steps: Sequence[Crossed], clock: Clock
) -> Iterator[Demand]:
    """What must not be certain of either, for whoever has the releases of both.

    Of the newest release of `other` it knows what is published by now.
    """
    keys = {each.key for each in mine.attributes if each in other.attributes}
    steps = [each for each in steps if keys & set(each.crossing.kept)]
    if not steps:
        return
    program = _Program(mine, other, steps, clock)
    if not program.is_possible:
        # what came late need not fit what was told then; the rest is known all the same
        fitting: list[Crossed] = []
        for each in steps:
            if _Program(mine, other, [*fitting, each], clock).is_possible:
                fitting.append(each)
        program = _Program(mine, other, fitting, clock)
    yield from program.list_demands(mine.list_questions(), 0)
    yield from program.list_demands(other.list_questions(), 1)


class _Program:
    """The unknowns of both, and the children who crossed, by their kind in each.

    A side is 0 for the first component, 1 for the other.
    """

    def __init__(
        self, mine: Component, other: Component, steps: Sequence[Crossed], clock: Clock
    ) -> None:
        self._timelines = (mine.timeline, other.timeline)
        self._widths = [len(each.sum_children(0)) for each in self._timelines]
        self._steps = steps
        self._crossers = [
            (number, kinds)
            for number, step in enumerate(steps)
            for kinds in _kinds(step, *self._timelines)
        ]
        rows = [
            replace(row, weights=self._placed(row.weights, side))
            for side, timeline in enumerate(self._timelines)
            for row in timeline.list_known_rows()
        ]
        for place in sorted(other.published):
            total, count = other.place_counts[place]
            rows.append(Row(self._placed(total, 1), low=count, high=count))
        for number, step in enumerate(steps):
            total = self._crossed(0, {number}, {})
            rows.append(Row(total, low=step.crossing.children, high=step.crossing.children))
        for side, timeline in enumerate(self._timelines):
            rows += [
                Row(self._rest(side, end, build_record(timeline.attributes, kind)))
                for end, kind in product(self._ends(side), timeline.kinds)
            ]
        cells = [self._placed(total, 0) for total, _ in mine.place_counts]
        self._known = Knowledge(rows, cells, [count for _, count in mine.place_counts], clock)
        self._every = frozenset(range(len(cells)))

    @property
    def is_possible(self) -> bool:
        """Whether anything fits, with all of the newest release published."""
        return self._known.is_possible([()], self._every)

    def list_demands(self, questions: Iterable[Question], side: int) -> Iterator[Demand]:
        """Of one side: its own questions, and that nothing is certain of who crossed.

        Nor of those who moved so before the same moment, and did not cross.
        """
        timeline = self._timelines[side]
        for each in questions:
            yield each.to_demand(self._known, partial(self._placed, side=side))
        for number in range(len(self._steps)):
            yield from self._uncertain(timeline, partial(self._crossed, side, {number}), None)
        for end, cell in product(self._ends(side), (None, *timeline.list_public_cells())):
            yield from self._uncertain(timeline, partial(self._rest, side, end), cell)

    def _uncertain(self, timeline: Timeline, total: Total, cell: Cell | None) -> Iterator[Demand]:
        for claim in timeline.list_claims(total, cell):
            yield Question(case=claim.denied).to_demand(self._known)

    def _placed(self, vector: Vector, side: int) -> Vector:
        """A sum of the unknowns of one side, among all."""
        before, after = (0, self._widths[1]) if side == 0 else (self._widths[0], 0)
        return np.pad(vector, (before, after + len(self._crossers)))

    def _ends(self, side: int) -> dict[tuple[str, int], set[int]]:
        """How and before which moment somebody crossed on this side, with the steps."""
        found: dict[tuple[str, int], set[int]] = {}
        for number, step in enumerate(self._steps):
            movement = "left" if step.is_out == (side == 0) else "joined"
            moment = step.mine if side == 0 else step.other
            found.setdefault((movement, moment), set()).add(number)
        return found

    def _crossed(self, side: int, numbers: Container[int], where: Mapping[str, str]) -> Vector:
        """Sums those who crossed in these steps and were in these categories on this side."""
        timeline = self._timelines[side]
        which = [
            number in numbers
            and where.items() <= build_record(timeline.attributes, kinds[side]).items()
            for number, kinds in self._crossers
        ]
        return np.concatenate([np.zeros(sum(self._widths)), np.array(which, dtype=float)])

    def _rest(self, side: int, end: tuple[str, int], where: Mapping[str, str]) -> Vector:
        """Sums those who moved so before that moment, and did not cross."""
        movement, moment = end
        movers = self._timelines[side].sum_movers(moment, movement, where)
        crossed = self._crossed(side, self._ends(side)[end], where)
        return self._placed(movers, side) - crossed


def _kinds(step: Crossed, mine: Timeline, other: Timeline) -> Iterator[tuple[Cell, Cell]]:
    """The kinds that who crossed can be of, in the first and in the other."""
    before, after = step.crossing.before, step.crossing.after
    known = (before, after) if step.is_out else (after, before)
    kept = step.crossing.kept
    for here, there in product(mine.kinds, other.kinds):
        ours, theirs = build_record(mine.attributes, here), build_record(other.attributes, there)
        if (
            _fits(ours, known[0])
            and _fits(theirs, known[1])
            and all(ours[key] == theirs[key] for key in ours.keys() & theirs.keys() & set(kept))
        ):
            yield here, there


def _fits(child: Mapping[str, str], known: Mapping[str, str]) -> bool:
    return all(child[key] == category for key, category in known.items() if key in child)
