"""Counts of large groups, of a trust or a Virtual School, for their board.

A school's own report counts no children by facts about them.  In a group of so many children a
count says little about one, once it is rounded: to the midpoint of its six, as OpenSAFELY does it,
so that 1 to 6 all become 3 and no count need be suppressed.  A share is of rounded counts.  There
is no table by school, nor of a smaller group: the difference between two tables that may be told
never shows a count below six.
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
        """Return the share of the two rounded counts; never more than 1."""
        return self.counted / self.children


@dataclass(frozen=True)
class LargeGroups:
    """The size from which a group is large, and the width of the bands that round its counts."""

    smallest: int = 100
    width: int = 6

    @classmethod
    def from_thresholds(cls, value: Callable[[str], float]) -> "LargeGroups":
        """Return those of threshold.csv; `value` returns the value of a row, by its name."""
        return cls(smallest=int(value("report_large_group")), width=int(value("report_rounding")))

    def compute_rounded(self, count: int) -> int:
        """Return the midpoint of a count's band; 0 alone stays 0."""
        return -(-count // self.width) * self.width - self.width // 2 if count else 0

    def is_large(self, size: int) -> bool:
        """Say whether a group, and every group with the same rounded size, is large."""
        return self.compute_rounded(size) - self.width // 2 + 1 >= self.smallest

    def compute_count(self, count: int, size: int) -> int:
        """Return a count of children of a group of this size as it may be told.

        ValueError means a group that is not large, or a count that it cannot have.
        """
        if not self.is_large(size) or not 0 <= count <= size:
            raise ValueError(f"a count of {count} of {size} is none of a large group")
        return self.compute_rounded(count)

    def build_table(self, rows: Iterable[Mapping[str, Any]]) -> list[Told]:
        """Return the rows of annual_count about large groups, rounded, by measure."""
        return [
            Told(
                row["measure"],
                self.compute_count(row["counted"], row["children"]),
                self.compute_rounded(row["children"]),
            )
            for row in sorted(rows, key=lambda row: str(row["measure"]))
            if self.is_large(row["children"])
        ]
