"""Counts of large groups, of a trust or a Virtual School, as the DfE's statistics give them.

A school's own report counts no children by what is true of them.  From so many children on
a count says little of one: it is rounded, and a small one is suppressed, as is one that is
small short of its group, since the rest could be worked out from it.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class LargeGroups:
    """From which size on a group is large, to what its counts are rounded, and what is small."""

    smallest: int = 100
    multiple: int = 10
    fewest: int = 6

    @classmethod
    def from_thresholds(cls, value: Callable[[str], float]) -> "LargeGroups":
        """Those of threshold.csv; `value` gives what a row says, by its name."""
        return cls(
            smallest=int(value("report_large_group")),
            multiple=int(value("report_rounding")),
            fewest=int(value("report_fewest")),
        )

    def compute_count(self, count: int, size: int) -> int | None:
        """A count of children of a group of this size as it may be told; None if it may not.

        ValueError for a group that is not large, or a count that it cannot have.
        """
        if size < self.smallest or not 0 <= count <= size:
            raise ValueError(f"a count of {count} of {size} is none of a large group")
        if count < self.fewest or size - count < self.fewest:
            return None
        return (count + self.multiple // 2) // self.multiple * self.multiple
