"""What changed between two days: who newly needs a look, which dates moved, what was done.

Both days are as the records tell them now, so what came late counts for the day it is about.
"""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

import polars as pl

from dashboard.text import duties as plan_words
from dashboard.text import words


class Change(TypedDict):
    """A row of the changes found, of one child."""

    pupil_id: str
    handle: str
    year_group: int
    change: str
    what: str | None
    day: date | None
    number: int


#: What can have changed for a child; a duty's change is the status that it has now.
NEWLY_LISTED, NEW_REASON, NO_LONGER_LISTED, DEPARTED = "needs", "new reason", "no longer", "left"
PAST_STATUSES = ("overdue", "waiting on others")

#: How a child's line says each change, in its order.
_LABELS = {
    NEWLY_LISTED: "Now needs a look",
    NEW_REASON: "Needs a look for a new reason",
    NO_LONGER_LISTED: "No longer needs a look",
    "overdue": "Now overdue",
    "waiting on others": "Now waiting on others",
    "due soon": "Now due soon",
    "done": "Done",
}
_SCHEMA = pl.Schema(
    {
        "pupil_id": pl.String,
        "handle": pl.String,
        "year_group": pl.Int32,
        "change": pl.String,
        "what": pl.String,
        "day": pl.Date,
        "number": pl.UInt32,
    }
)
_DUTY_KEY = ["pupil_id", "rule", "started_on"]


def find_reason_changes(
    then: pl.DataFrame, now: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """Reasons that are open now and were not, and children whose last open one has gone.

    then, now: `read.looks` on the two days; members: `read.members` now.  what is the
    reason; for a child who needs a look no longer it is the action that closed it, and
    day the action's, both null where none did.
    """
    was, is_now = then.filter(~pl.col("is_closed")), now.filter(~pl.col("is_closed"))
    new = is_now.join(was, on=["pupil_id", "rule"], how="anti").with_columns(
        change=pl.when(pl.col("pupil_id").is_in(was["pupil_id"].implode()))
        .then(pl.lit(NEW_REASON))
        .otherwise(pl.lit(NEWLY_LISTED)),
        what=pl.col("reason"),
        day=None,
    )
    closed = (
        now.filter("is_closed")
        .join(was, on=["pupil_id", "rule"], how="semi")
        .sort("closed_on", maintain_order=True)
        .unique("pupil_id", keep="last")
        .select("pupil_id", what="closed_by", day="closed_on")
    )
    gone = (
        was.unique("pupil_id")
        .join(is_now, on="pupil_id", how="anti")
        .join(members.select("pupil_id", year_now="year_group"), on="pupil_id", how="left")
        .join(closed, on="pupil_id", how="left")
        .with_columns(
            change=pl.when(pl.col("pupil_id").is_in(members["pupil_id"].implode()))
            .then(pl.lit(NO_LONGER_LISTED))
            .otherwise(pl.lit(DEPARTED)),
            year_group=pl.coalesce("year_now", "year_group"),
        )
    )
    return _combine_changes(new, gone)


def find_duty_changes(then: pl.DataFrame, now: pl.DataFrame, since: date) -> pl.DataFrame:
    """Duties whose day has passed or come near, and those done after the day `since`.

    then, now: `read.duties` on the two days.  Duties of one child with the same name are
    one row with their number and the first of their days.
    """
    both = now.join(then.select(*_DUTY_KEY, was="status"), on=_DUTY_KEY, how="left")
    status, was = pl.col("status"), pl.col("was")
    found = both.filter(
        (status.is_in(PAST_STATUSES) & ~was.is_in(PAST_STATUSES).fill_null(value=False))
        | ((status == "due soon") & was.ne_missing("due soon"))
        | ((status == "done") & was.ne_missing("done") & (pl.col("done_date") > since))
    )
    dated = found.with_columns(
        change=status,
        what=pl.col("name"),
        day=pl.when(status == "done").then("done_date").otherwise("due_date"),
    )
    return _combine_changes(dated)


def describe_changes(rows: Iterable[Change]) -> str:
    """The changes of one child who is still on the pages, as sentences."""
    changes = list(rows)
    parts = [words.capitalise(words.format_year_group(changes[0]["year_group"]))]
    for change, label in _LABELS.items():
        items = [_describe_change(row) for row in changes if row["change"] == change]
        together = "; ".join(item for item in items if item)
        if change in (NEWLY_LISTED, NEW_REASON, NO_LONGER_LISTED):
            # a reason may have a colon of its own
            parts += [label, words.capitalise(together)] if items else []
        elif items:
            parts.append(f"{label}: {together}")
    return " ".join(f"{part}." for part in parts if part)


def describe_departures(rows: pl.DataFrame) -> str:
    """The children who needed a look and are on no page now; empty for none."""
    handles = rows.filter(pl.col("change") == DEPARTED)["handle"].to_list()
    return f"No longer on these pages: {words.format_list(handles)}." if handles else ""


def _describe_change(row: Change) -> str:
    if row["what"] is None:
        return ""
    if row["day"] is None:
        return row["what"]
    start = {"overdue": "was due ", "waiting on others": "since "}.get(row["change"], "")
    name = plan_words.format_duty_name(row["what"], row["number"])
    return f"{name}, {start}{words.format_short_day(row['day'])}"


def _combine_changes(*parts: pl.DataFrame) -> pl.DataFrame:
    """A row a child, change and what, by year group and handle."""
    keys = ["pupil_id", "handle", "year_group", "change", "what"]
    rows = [part.select(*keys, pl.col("day").cast(pl.Date)) for part in parts]
    return (
        pl.concat(rows)
        .group_by(keys)
        .agg(pl.col("day").min(), number=pl.len())
        .select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())
        .sort("year_group", "handle", "change", "day", "what", nulls_last=True)
    )
