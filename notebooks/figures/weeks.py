"""Figures about a group's weeks without percentages: sessions missed, and one child's effect."""

from dataclasses import dataclass

import polars as pl

from dashboard.text import words


@dataclass(frozen=True)
class Weeks:
    """The sums of a group's weeks, in sessions.

    as_school: what the group would have missed if each child had missed as large a share as all
    children at the same school, or None if that is not recorded for every week.  typical: the
    median of possible sessions in a week.  steps: how often the number missed changed by more than
    one child's week between two similar weeks, and the number of such pairs.
    """

    missed: int
    possible: int
    as_school: float | None
    typical: int
    steps: tuple[int, int]


def sum_weeks(weeks: pl.DataFrame, one_week: int) -> Weeks:
    """Sum rows of cohort_week_attendance, oldest first.  one_week: a child's sessions in a week."""
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


def write_title(sums: Weeks, group: str) -> str:
    """Say what the group missed, and what it would be at the rate of all children at school."""
    who = words.capitalise(words.GROUP_CHILDREN[group])
    if not sums.possible:
        return f"{who} have no sessions in this year"
    missed = f"{who} at the time missed {words.format_part(sums.missed, sums.possible)}"
    if sums.as_school is None:
        return missed
    return f"{missed}; at the rate of all children at their school it would be {sums.as_school:.0f}"


def write_one_child(sums: Weeks, one_week: int) -> str:
    """Write what one child away for a week changes, and how often the change was larger."""
    if not sums.typical:
        return "There is no school week with sessions yet."
    over, steps = sums.steps
    return (
        f"In a typical week {words.format_count(sums.typical, 'session')} were possible for the "
        f"whole group. One child away for a full week misses {one_week} of them. From week to "
        "week, the number missed changed by more than that in "
        f"{words.format_part(over, steps, 'step')}. "
        "A smaller change may be one child alone, so a percentage says little."
    )


def write_other_population(year: dict[str, int] | None) -> str:
    """Explain why the Attendance page has another figure.  year: its row of cohort_attendance."""
    if not year:
        return ""
    part = words.format_part(year["absent_sessions"], year["possible_sessions"])
    return (
        "A child counts here on the days when the child was in the group. The Attendance page "
        f"begins with {part}, for the whole year of the children who are in the group now."
    )
