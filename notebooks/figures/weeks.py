"""A group's weeks told without percentages: what was missed, and what one child can do to it."""

from dataclasses import dataclass

import polars as pl

from dashboard.text import words


@dataclass(frozen=True)
class Weeks:
    """Sums of a group's weeks.

    as_school: what the group would have missed if each child had missed as large a share as all
    children at the same school; None if that is not recorded for every week.  steps: how often
    the count changed by more than one child's week from one like week to the next, and of how
    many.
    """

    missed: int
    possible: int
    as_school: float | None
    typical: int
    steps: tuple[int, int]


def sum_weeks(weeks: pl.DataFrame, one_week: int) -> Weeks:
    """The sums of rows of cohort_week_attendance, oldest first; one_week: sessions of a child."""
    marked = weeks.filter(pl.col("possible_sessions") > 0)
    expected = marked["possible_sessions"] * marked["school_absence_rate"]
    missed, possible = marked["absent_sessions"].to_list(), marked["possible_sessions"].to_list()
    steps = [
        abs(now - before)
        for before, now, base, base_now in zip(
            missed, missed[1:], possible, possible[1:], strict=False
        )
        if abs(base_now - base) <= one_week
    ]
    return Weeks(
        sum(missed),
        sum(possible),
        float(expected.sum()) if marked.height and not expected.null_count() else None,
        int(marked["possible_sessions"].median() or 0),  # type: ignore[arg-type]
        (sum(step > one_week for step in steps), len(steps)),
    )


def write_title(found: Weeks, group: str) -> str:
    """Say what the group missed, and what it would be at the rate of all children at school."""
    who = words.capitalise(words.GROUP_CHILDREN[group])
    if not found.possible:
        return f"{who} have no sessions in this year"
    missed = f"{who} at the time missed {words.format_part(found.missed, found.possible)}"
    if found.as_school is None:
        return missed
    return (
        f"{missed}; at the rate of all children at their school it would be {found.as_school:.0f}"
    )


def write_one_child(found: Weeks, one_week: int) -> str:
    """What one child away for a week does, and how often more than that happened."""
    if not found.typical:
        return "There is no school week with sessions yet."
    over, steps = found.steps
    return (
        f"In a typical week {words.format_count(found.typical, 'session')} were possible for the "
        f"whole group. One child away for a full week misses {one_week} of them. From week to "
        "week, the number missed changed by more than that in "
        f"{words.format_part(over, steps, 'step')}. "
        "A smaller change may be one child alone, so a percentage says little."
    )


def write_other_population(year: dict[str, int] | None) -> str:
    """Who is meant, and the figure of who is in the group today; year: its cohort_attendance."""
    if not year:
        return ""
    told = words.format_part(year["absent_sessions"], year["possible_sessions"])
    return (
        "A child counts here on the days when the child was in the group. The Attendance page "
        f"begins with {told}, for the whole year of the children who are in the group now."
    )
