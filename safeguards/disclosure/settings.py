"""The numbers of the gate, which keep a figure from pointing to a child."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The numbers that a school may set, stricter or looser, in threshold.csv.

    `fewest` is the number of children from which a group has figures.  `percent` is how far from a
    child's own share the guess of the best-informed reader must stay.  `most_premium` is the pounds
    of pupil premium plus for a child in a year, which everybody knows.  `most_of_school` is the
    share of the school's sessions, 0 to 1, above which the group is not compared with the school.
    `spent_nearly_all`, `spent_most` and `spent_half` are the shares of the planned pounds, 0 to 1,
    from which a report uses these words.  `history` is the number of terms whose totals a report
    shows.
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
        """Return the school's; `value` returns the value of a row of threshold.csv, by its name."""
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
