"""Before and after a day on which something began or changed: each child beside its own line.

Of every outcome less is better: sessions missed or suspended, a score, steps behind the class.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.pairs import Pair, Wording, draw_pairs
from dashboard.text import words
from notebooks.figures.chance import compute_shuffle_share, format_tries

Row = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """What was before the day, or after it: the value that is compared, and how it is told.

    school: the same of all children at the child's school on the same days; None if that is not
    recorded.
    """

    value: float
    told: str
    school: float | None = None


@dataclass(frozen=True)
class Comparison:
    """A child before and after: `what` began or changed on `day`."""

    pupil_id: str
    handle: str
    what: str
    day: date
    before: Side
    after: Side

    @property
    def change(self) -> float:
        """How much the value rose, less what that of the child's whole school rose by."""
        rise = self.after.value - self.before.value
        if self.before.school is None or self.after.school is None:
            return rise
        return rise - (self.after.school - self.before.school)


def compare_sessions(
    starts: pl.DataFrame, days: pl.DataFrame, *, span: int, fewest: int
) -> list[Comparison]:
    """Compare the sessions missed of 100 possible before each start with those from its day on.

    Args:
        starts: pupil_id, handle, what and day.
        days: a row for each child and day with a possible session: pupil_id, session_date,
            possible, missed, and school_rate, the share that the whole of the child's school
            missed in that week; null if it is not recorded.
        span: how many school days each side has.
        fewest: a start with fewer days on a side is left out.

    """
    lines = {
        key[0]: rows.sort("session_date").to_dicts() for key, rows in days.group_by("pupil_id")
    }

    def look(start: Row) -> tuple[Side, Side] | None:
        line = lines.get(start["pupil_id"], [])
        before = [row for row in line if row["session_date"] < start["day"]][-span:]
        after = [row for row in line if row["session_date"] >= start["day"]][:span]
        if min(len(before), len(after)) < fewest:
            return None
        return _sum_sessions(before), _sum_sessions(after)

    return _compare(starts, look)


def compare_values(
    starts: pl.DataFrame, values: pl.DataFrame, *, months: int, noun: str
) -> list[Comparison]:
    """The last value before the day, or on it, and the newest after it, `months` away at most.

    values: pupil_id, day, value, and `what` where a start is compared with those of its own
    name only.  A start without both is left out.
    """
    reach = timedelta(days=months * 365 / 12)
    has_names = "what" in values.columns

    def look(start: Row) -> tuple[Side, Side] | None:
        own = values.filter(pl.col("pupil_id") == start["pupil_id"])
        if has_names:
            own = own.filter(pl.col("what") == start["what"])
        own = own.filter((pl.col("day") - start["day"]).abs() <= reach).sort("day")
        before = own.filter(pl.col("day") <= start["day"]).tail(1).to_dicts()
        after = own.filter(pl.col("day") > start["day"]).tail(1).to_dicts()
        return (_say(before[0], noun), _say(after[0], noun)) if before and after else None

    return _compare(starts, look)


def compare_counts(
    starts: pl.DataFrame, counted: pl.DataFrame, *, days: int, until: date, noun: str
) -> list[Comparison]:
    """What was counted in so many days before the day, and in as many from it on.

    counted: pupil_id, day, value.  A start whose days after are not over by `until` is left out.
    """
    span = timedelta(days=days)

    def add(start: Row, first: date) -> Side:
        found = counted.filter(
            pl.col("pupil_id") == start["pupil_id"],
            pl.col("day") >= first,
            pl.col("day") < first + span,
        )["value"].sum()
        return Side(float(found), words.format_count(int(found), noun))

    def look(start: Row) -> tuple[Side, Side] | None:
        day = start["day"]
        return (add(start, day - span), add(start, day)) if day + span <= until else None

    return _compare(starts, look)


def draw_comparison(
    found: list[Comparison], *, outcome: str, axis: str, since: str
) -> Figure | None:
    """A row for each start, with the finding as its title; None where there is nothing."""
    has_school = any(each.after.school is not None for each in found)
    pairs = [
        Pair(
            f"{each.handle}: {each.what}, {words.format_short_day(each.day)}",
            each.before.value,
            each.after.value,
            (each.before.told, each.after.told),
            each.after.school,
            "" if each.after.school is None else f"{each.after.school:.1f} of 100",
        )
        for each in found
    ]
    subtitle = [f"Each row is one child and {since}. Further left is better."]
    if has_school:
        subtitle.append("The cross is the child's whole school on the same days after.")
    wording = Wording(
        title=write_title(found, outcome),
        subtitle=" ".join(subtitle),
        names=("Before", "After"),
        axis=axis,
        beside="Whole school, after" if has_school else "",
    )
    return draw_pairs(pairs, wording)


def write_title(found: list[Comparison], outcome: str) -> str:
    """The finding: of how many starts it was less, and what chance alone would do."""
    first = list_first(found)
    if not first:
        return f"{outcome}: there is nobody to compare yet"
    less = sum(each.change < 0 for each in first)
    part = words.format_part(less, len(first), "child")
    beside = "" if first[0].after.school is None else ", compared with their whole school,"
    return f"{outcome}: less than before{beside} for {part}"


def write_test(found: list[Comparison]) -> str:
    """What a shuffle of before and after says of it."""
    first = list_first(found)
    if not first:
        return ""
    changes = [each.change for each in first]
    way = "fall" if sum(changes) < 0 else "rise"
    share = compute_shuffle_share(changes)
    beside = (
        " The change of the child's whole school over the same days is subtracted first."
        if first[0].after.school is not None
        else ""
    )
    return (
        f"Each child counts once, by the first change or start.{beside} "
        "If nothing had made a difference, before and after could be swapped. "
        f"A {way} at least as large as this one then comes up in {format_tries(share)}."
    )


def list_first(found: list[Comparison]) -> list[Comparison]:
    """Each child once: the first day of each."""
    first: dict[str, Comparison] = {}
    for each in sorted(found, key=lambda one: one.day):
        first.setdefault(each.pupil_id, each)
    return list(first.values())


def _compare(
    starts: pl.DataFrame, look: Callable[[Row], tuple[Side, Side] | None]
) -> list[Comparison]:
    found = []
    for start in starts.to_dicts():
        sides = look(start)
        if sides is not None:
            begun = {name: start[name] for name in ("pupil_id", "handle", "what", "day")}
            found.append(Comparison(**begun, before=sides[0], after=sides[1]))
    return found


def _sum_sessions(days: Sequence[Row]) -> Side:
    missed, possible = (sum(row[name] for row in days) for name in ("missed", "possible"))
    known = [row for row in days if row["school_rate"] is not None]
    beside = sum(row["possible"] * row["school_rate"] for row in known)
    counted = sum(row["possible"] for row in known)
    return Side(
        missed / possible * 100,
        words.format_part(missed, possible),
        beside / counted * 100 if counted else None,
    )


def _say(row: Row, noun: str) -> Side:
    value = row["value"]
    told = f"{words.format_count(int(value), noun)} on {words.format_short_day(row['day'])}"
    return Side(float(value), told)
