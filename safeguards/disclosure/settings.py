"""The numbers of the gate: how much stands between a figure and a child."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What a school may set, stricter or looser, in threshold.csv.

    fewest: children of a group before anything of it is told in figures.  percent: how far
    from a child's own share the next best informed must stay.  most_premium: the pounds of
    pupil premium plus that are given for a child in a year, as everybody knows.  most_of_school:
    the share of the school's sessions, 0 to 1, above which the group is not set beside the school.
    spent_nearly_all, spent_most, spent_half: the shares of the planned pounds, 0 to 1, from which
    on a report says so of what was spent.  history: terms whose totals a report shows.
    """

    fewest: int = 6
    percent: int = 20
    most_premium: int = 2_630
    most_of_school: float = 0.25
    spent_nearly_all: float = 0.9
    spent_most: float = 0.6
    spent_half: float = 0.4
    history: int = 9

    @classmethod
    def from_thresholds(cls, value: Callable[[str], float]) -> "Settings":
        """The school's; `value` gives what a row of threshold.csv says, by its name."""
        return cls(
            fewest=int(value("report_fewest")),
            percent=round(100 * value("report_nearest_guess")),
            most_premium=int(value("report_most_premium")),
            most_of_school=value("report_most_of_school"),
            spent_nearly_all=value("report_spent_nearly_all"),
            spent_most=value("report_spent_most"),
            spent_half=value("report_spent_half"),
            history=int(value("report_history")),
        )
