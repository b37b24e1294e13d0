"""Comparisons before and after something began or changed, each child with their own past.

For every outcome less is better: sessions missed or suspended, a score, steps behind the class.
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
    """The time before the day, or from it on: the value to compare, and the text for it.

    school: the same value of all children at the child's school on the same days, or None if it is
    not recorded.
    """

    value: float
    text: str
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
        """The rise of the value, less the rise for the child's whole school if it is known."""
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
    """Compare the last value up to each start with the newest after it, `months` away at most.

    values: pupil_id, day, value, and `what` if a start is compared only with values of its own
    name.  A start without both values is left out.
    """
    reach = timedelta(days=months * 365 / 12)
    has_names = "what" in values.columns

    def look(start: Row) -> tuple[Side, Side] | None:
        near = values.filter(pl.col("pupil_id") == start["pupil_id"])
        if has_names:
            near = near.filter(pl.col("what") == start["what"])
        near = near.filter((pl.col("day") - start["day"]).abs() <= reach).sort("day")
        before = near.filter(pl.col("day") <= start["day"]).tail(1).to_dicts()
        after = near.filter(pl.col("day") > start["day"]).tail(1).to_dicts()
        return (_say(before[0], noun), _say(after[0], noun)) if before and after else None

    return _compare(starts, look)


def compare_counts(
    starts: pl.DataFrame, counted: pl.DataFrame, *, days: int, until: date, noun: str
) -> list[Comparison]:
    """Compare the sums of values in some days before each start and in as many from its day on.

    counted: pupil_id, day, value.  A start whose days after are not over by `until` is left out.
    """
    span = timedelta(days=days)

    def add(start: Row, first: date) -> Side:
        total = counted.filter(
            pl.col("pupil_id") == start["pupil_id"],
            pl.col("day") >= first,
            pl.col("day") < first + span,
        )["value"].sum()
        return Side(float(total), words.format_count(int(total), noun))

    def look(start: Row) -> tuple[Side, Side] | None:
        day = start["day"]
        return (add(start, day - span), add(start, day)) if day + span <= until else None

    return _compare(starts, look)


def draw_comparison(
    compared: list[Comparison], *, outcome: str, axis: str, since: str
) -> Figure | None:
    """Draw a row for each start, with the finding as the title.  None if there is no start."""
    has_school = any(pair.after.school is not None for pair in compared)
    pairs = [
        Pair(
            f"{pair.handle}: {pair.what}, {words.format_short_day(pair.day)}",
            pair.before.value,
            pair.after.value,
            (pair.before.text, pair.after.text),
            pair.after.school,
            "" if pair.after.school is None else f"{pair.after.school:.1f} of 100",
        )
        for pair in compared
    ]
    subtitle = [f"Each row is one child and {since}. Further left is better."]
    if has_school:
        subtitle.append("The cross is the child's whole school on the same days after.")
    wording = Wording(
        title=write_title(compared, outcome),
        subtitle=" ".join(subtitle),
        names=("Before", "After"),
        axis=axis,
        beside="Whole school, after" if has_school else "",
    )
    return draw_pairs(pairs, wording)


def write_title(compared: list[Comparison], outcome: str) -> str:
    """Write the finding: for how many children it was less than before."""
    first = list_first(compared)
    if not first:
        return f"{outcome}: there is nobody to compare yet"
    less = sum(pair.change < 0 for pair in first)
    part = words.format_part(less, len(first), "child")
    beside = "" if first[0].after.school is None else ", compared with their whole school,"
    return f"{outcome}: less than before{beside} for {part}"


def write_test(compared: list[Comparison]) -> str:
    """Write how often a swap of before and after gives a change as large as this one."""
    first = list_first(compared)
    if not first:
        return ""
    changes = [pair.change for pair in first]
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


def list_first(compared: list[Comparison]) -> list[Comparison]:
    """Return the first comparison of each child."""
    first: dict[str, Comparison] = {}
    for pair in sorted(compared, key=lambda pair: pair.day):
        first.setdefault(pair.pupil_id, pair)
    return list(first.values())


def _compare(
    starts: pl.DataFrame, look: Callable[[Row], tuple[Side, Side] | None]
) -> list[Comparison]:
    compared = []
    for start in starts.to_dicts():
        sides = look(start)
        if sides is not None:
            begun = {name: start[name] for name in ("pupil_id", "handle", "what", "day")}
            compared.append(Comparison(**begun, before=sides[0], after=sides[1]))
    return compared


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
    text = f"{words.format_count(int(value), noun)} on {words.format_short_day(row['day'])}"
    return Side(float(value), text)
