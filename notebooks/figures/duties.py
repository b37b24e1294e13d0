"""Figures about late duties: which run late, by how much, and a letter to each holder."""

from datetime import date
from statistics import median

import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.pairs import Pair, Wording, draw_pairs
from dashboard.text import words

#: The statuses of duties that are not done although their last day is over.
_WAITING = ("overdue", "waiting on others", "booked late", "missed")


def measure_lateness(duties: pl.DataFrame, day: date) -> pl.DataFrame:
    """Add `days_late` to each duty that is due by `day`: 0 for a duty done in time.

    A duty that waits is late by the days until `day`.  A duty without a record either way, or one
    postponed for a reason, has no days_late and is left out.
    """
    due = duties.filter(pl.col("due_date") <= day)
    late = (pl.col("done_date") - pl.col("due_date")).dt.total_days()
    waits = (pl.lit(day) - pl.col("due_date")).dt.total_days()
    measured = due.with_columns(
        is_waiting=pl.col("status").is_in(_WAITING) & pl.col("done_date").is_null()
    ).with_columns(days_late=pl.when("is_waiting").then(waits).otherwise(late.clip(lower_bound=0)))
    return measured.filter(pl.col("days_late").is_not_null())


def sum_lateness(measured: pl.DataFrame, by: str) -> pl.DataFrame:
    """Count duties and late ones by the values of a column, with median and most days late."""
    rows = []
    for (name,), group in measured.group_by(by):
        late = sorted(group.filter(pl.col("days_late") > 0)["days_late"])
        if late:
            rows.append(
                (name or words.NOT_RECORDED, group.height, len(late), median(late), late[-1])
            )
    return pl.DataFrame(
        rows, schema=[by, "duties", "late", "middle_days", "most_days"], orient="row"
    ).sort(by)


def draw_lateness(summed: pl.DataFrame, measured: pl.DataFrame, by: str) -> Figure | None:
    """Draw a row for each value of the column, with the finding as the title, or return None.

    It is None if no duty is late.  Rows are in alphabetical order: holders are not ranked.
    """
    pairs = [
        Pair(
            f"{words.capitalise(words.HOLDERS_BRIEFLY.get(name, name))}: late in "
            f"{words.format_part(late, duties, 'duty')}",
            float(middle),
            float(most),
            (words.format_count(round(middle), "day"), words.format_count(most, "day")),
        )
        for name, duties, late, middle, most in summed.rows()
    ]
    late = int((measured["days_late"] > 0).sum())
    wording = Wording(
        title=f"{words.format_part(late, measured.height, 'duty')} ran late".capitalize(),
        subtitle="Of those that ran late, half were no later than the dot. "
        "The diamond is the latest of them. Further left is better.",
        names=("Middle", "Latest"),
        axis="Days after the deadline",
        of=by.capitalize(),
    )
    return draw_pairs(pairs, wording)


def write_letters(measured: pl.DataFrame, holder_names: dict[str, str]) -> list[str]:
    """Write a line for each holder with the duties to ask for in a letter, the oldest first.

    A duty has the child's code name, never a name, and the child's authority if it is known.
    """
    waiting = measured.filter("is_waiting", pl.col("status") != "missed").sort("due_date", "name")
    lines = []
    for (holder,), group in waiting.group_by("holder", maintain_order=True):
        asked = "; ".join(
            f"{row['name']} for {row['handle']}, since {words.format_short_day(row['due_date'])}"
            + (f" ({row['authority']})" if row["authority"] else "")
            for row in group.to_dicts()
        )
        lines.append(f"To {holder_names[holder]}: {asked}.")
    return lines
