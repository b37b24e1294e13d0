"""The numbers of the gate: how much stands between a figure and a child."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What a school may set, stricter or looser.

    fewest_for_statements: children of a group before a statement is made about them.
    narrowest: counts that a statement leaves open at least.  fewest_for_sums: children who
    missed something before a sum of sessions is told, and of a group before its size is.
    percent: how far from a child's own sessions the next best informed child must stay.
    """

    fewest_for_statements: int = 10
    narrowest: int = 5
    fewest_for_sums: int = 6
    percent: int = 20

    @property
    def values_left(self) -> int:
        """Counts that stay open to whoever knows one child and every statement."""
        return self.narrowest - 1
