"""Counts of large groups, of a trust or a Virtual School, for their board.

A school's own report counts no children by what is true of them.  From so many children on
a count says little of one, once it is rounded: to the midpoint of its six, as OpenSAFELY
does it, so that 1 to 6 are all 3 and nothing need be suppressed.  A share is of rounded
counts.  There is no table by school, nor of a smaller group: of two tables that can be told
no difference tells a count below six.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """A count of children of a group as it may be told."""

    measure: str
    counted: int
    children: int

    @property
    def share(self) -> float:
        """Of the two as they are told; never more than 1."""
        return self.counted / self.children


@dataclass(frozen=True)
class LargeGroups:
    """From which size on a group is large, and to the midpoint of how many its counts go."""

    smallest: int = 100
    width: int = 6

    @classmethod
    def from_thresholds(cls, value: Callable[[str], float]) -> "LargeGroups":
        """Those of threshold.csv; `value` gives what a row says, by its name."""
        return cls(smallest=int(value("report_large_group")), width=int(value("report_rounding")))

    def compute_rounded(self, count: int) -> int:
        """A count to the midpoint of its band: 0 alone stays 0."""
        return -(-count // self.width) * self.width - self.width // 2 if count else 0

    def is_large(self, size: int) -> bool:
        """Whether a group is, and each that is told as of the same size."""
        return self.compute_rounded(size) - self.width // 2 + 1 >= self.smallest

    def compute_count(self, count: int, size: int) -> int:
        """A count of children of a group of this size as it may be told.

        ValueError for a group that is not large, or a count that it cannot have.
        """
        if not self.is_large(size) or not 0 <= count <= size:
            raise ValueError(f"a count of {count} of {size} is none of a large group")
        return self.compute_rounded(count)

    def build_table(self, rows: Iterable[Mapping[str, Any]]) -> list[Told]:
        """The rows of annual_count that are of a large group, rounded, by measure."""
        return [
            Told(
                row["measure"],
                self.compute_count(row["counted"], row["children"]),
                self.compute_rounded(row["children"]),
            )
            for row in sorted(rows, key=lambda row: str(row["measure"]))
            if self.is_large(row["children"])
        ]
