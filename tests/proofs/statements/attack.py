"""An exact attack on statements, written apart from the gate and with another solver.

The attacker knows who was in which group when each report was made, and may know one child
whole, at all times.  Of the others they think that nothing has changed, and where that cannot
be, nothing since the first statement after which it can; or they know besides whose attribute
changed between which reports, and only not from what to what.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from tests.proofs.statements.readings import Told
from tests.proofs.statements.space import Numbers, Space
from tests.support.reports.comings import Course, Stay


class Attack:
    """What was told of one attribute, and what its hearer knows.

    changes: by child, before which reports its attribute changed; None for somebody who
    takes nobody to have changed.
    """

    def __init__(
        self,
        told: Sequence[Told],
        stays: Mapping[str, Stay],
        changes: Mapping[str, frozenset[int]] | None = None,
    ) -> None:
        self._knows_changes = changes is not None
        kinds = Counter(
            tuple(
                (-1) ** sum(at <= each.report for at in (changes or {}).get(child, ()))
                * (stay[each.report] == each.group)
                for each in told
            )
            for child, stay in stays.items()
        )
        kinds.pop((0,) * len(told), None)
        self._kinds = sorted(kinds)
        self._sums = np.array(self._kinds, dtype=int).T
        self._sizes = np.array([kinds[kind] for kind in self._kinds])
        self._everybody = int(self._sizes.sum())
        # of a child that is taken to be the other way round, having it counts as one less
        turned = (self._sums < 0) @ self._sizes
        self._low = np.array([each.least for each in told]) - turned
        self._high = np.array([each.most for each in told]) - turned
        self._space = Space(self._sums, self._sizes)

    def is_certain_of_another(self) -> bool:
        """Whether somebody who knows one child whole is certain of another child's attribute."""
        return any(
            self._is_certain(self._low - own, self._high - own, others)
            for own, others in self._list_known()
        )

    def is_certain(self) -> bool:
        """Whether somebody who knows no child whole is certain of any."""
        return self._is_certain(self._low, self._high, self._sizes)

    def count_fewest_values(self) -> int:
        """How many values the narrowest of the counts can have, for who knows no child whole.

        None at all where somebody must have changed.
        """
        return self._count_values(self._low, self._high, self._sizes)

    def count_fewest_values_left(self) -> int:
        """The same for whoever knows one child whole."""
        return min(
            self._count_values(self._low - own, self._high - own, others)
            for own, others in self._list_known()
            if self._is_possible(self._low - own, self._high - own, others)
        )

    def is_contradicted(self) -> bool:
        """Whether not everybody can have stayed as they were."""
        return not self._is_possible(self._low, self._high, self._sizes)

    def _list_known(self) -> Iterator[tuple[Numbers, Numbers]]:
        """Of a child of each kind and each own course: its part of each sum, and who is left."""
        for at, kind in enumerate(self._kinds):
            others = self._sizes.copy()
            others[at] -= 1
            there = np.flatnonzero(np.array(kind))
            if self._knows_changes:
                for has in (0, 1):
                    yield has * np.array(kind), others
            else:
                for course in product((0, 1), repeat=len(there)):
                    own = np.zeros(len(kind), dtype=int)
                    own[there] = course
                    yield own, others

    def _is_possible(self, low: Numbers, high: Numbers, tops: Numbers) -> bool:
        return bool(len(self._space.select(low, high, tops))) or self._space.solve(
            low, high, np.zeros_like(tops), tops
        )

    def _is_certain(self, low: Numbers, high: Numbers, tops: Numbers) -> bool:
        """Whether of some kind all have it, or none, wherever these bounds are kept at all."""
        low, high = low.copy(), high.copy()
        for first in range(len(low)):
            if self._is_possible(low, high, tops):
                break
            if self._knows_changes:
                return False
            low[first], high[first] = -self._everybody, 2 * self._everybody
        for at in np.flatnonzero(tops):
            found = self._space.select(low, high, tops)[:, at]
            bottoms, fewer = np.zeros_like(tops), tops.copy()
            bottoms[at], fewer[at] = 1, tops[at] - 1
            if not found.any() and not self._space.solve(low, high, bottoms, tops):
                return True
            if (found == tops[at]).all() and not self._space.solve(
                low, high, np.zeros_like(tops), fewer
            ):
                return True
        return False

    def _count_values(self, low: Numbers, high: Numbers, tops: Numbers) -> int:
        """From the least to the greatest value of the narrowest sum; nought if none keep all."""
        if not self._is_possible(low, high, tops):
            return 0
        narrowest = int((high - low).max()) + 1
        for at, row in enumerate(self._sums):
            found = self._space.select(low, high, tops) @ row
            least, most = int(found.min()), int(found.max())
            while least > low[at]:
                below = high.copy()
                below[at] = least - 1
                if not self._space.solve(low, below, np.zeros_like(tops), tops):
                    break
                least = int((self._space.select(low, below, tops) @ row).min())
            while most < high[at]:
                above = low.copy()
                above[at] = most + 1
                if not self._space.solve(above, high, np.zeros_like(tops), tops):
                    break
                most = int((self._space.select(above, high, tops) @ row).max())
            narrowest = min(narrowest, most - least + 1)
        return narrowest


def list_changes(courses: Mapping[str, Course]) -> dict[str, frozenset[int]]:
    """By child, before which reports its attribute changed."""
    return {
        child: frozenset(at for at in range(1, len(course)) if course[at] != course[at - 1])
        for child, course in courses.items()
    }


def tell_exactly(courses: Mapping[str, Course], stays: Mapping[str, Stay]) -> list[Told]:
    """The control: the exact count of each group in each report."""
    groups = {group for stay in stays.values() for group in stay if group}
    found = []
    for report in range(len(next(iter(stays.values())))):
        for group in sorted(groups):
            there = [child for child, stay in stays.items() if stay[report] == group]
            count = sum(courses[child][report] for child in there)
            if there:
                found.append(Told(report, group, count, count))
    return found
