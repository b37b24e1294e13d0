"""The numbers of the gate: how much stands between a figure and a child."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What a school may set, stricter or looser.

    fewest_for_statements: children of a group before a statement is made about them.
    narrowest: counts that a statement leaves open at least.  fewest_for_sums: children who
    missed something before a sum of sessions is told, and of a group before its size is.
    percent: how far from a child's own share the next best informed child must stay.
    most_premium: the pounds of pupil premium plus that are given for a child in a year.
    """

    fewest_for_statements: int = 10
    narrowest: int = 5
    fewest_for_sums: int = 6
    percent: int = 20
    most_premium: int = 2_630

    @classmethod
    def from_thresholds(cls, value: Callable[[str], float]) -> "Settings":
        """The school's; `value` gives what a row of threshold.csv says, by its name."""
        return cls(
            fewest_for_statements=int(value("report_fewest_for_statements")),
            narrowest=int(value("report_narrowest")),
            fewest_for_sums=int(value("report_fewest_for_sums")),
            percent=round(100 * value("report_nearest_guess")),
            most_premium=int(value("report_most_premium")),
        )

    @property
    def values_left(self) -> int:
        """Counts that stay open to whoever knows one child and every statement."""
        return self.narrowest - 1
