"""Changes between two days: new reasons for attention, dates that became overdue, duties done.

Both days are seen as the records show them now. What was recorded late counts on its own day.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.text import rules, standing, words
from queries import read
from safeguards.access import access, recall

#: The kinds of change for a child.
NEWLY_LISTED, NEW_REASON, NO_LONGER_LISTED, DEPARTED = "needs", "new reason", "no longer", "left"

_CHILD = ("pupil_id", "handle", "year_group")
_DUTY_KEY = ("pupil_id", "rule", "started_on")


@dataclass(frozen=True)
class Changes:
    """The changes since a day: `find_reason_changes`, and the numbers of dates overdue and done."""

    reasons: pl.DataFrame
    past: int
    done: int

    def list_new(self) -> frozenset[str]:
        """Return the children (pupil_id) who are listed now for a new reason."""
        is_new = pl.col("change").is_in([NEWLY_LISTED, NEW_REASON])
        return frozenset(self.reasons.filter(is_new)["pupil_id"])


@recall.share_later
def ask_changes(session: access.Session, days: tuple[date, date]) -> Changes:
    """Find the changes from a day to that of the session, for its role.

    `days` are those of `copy_as_at`. This plans the views of the earlier day, which takes longer
    than anybody waits.
    """
    then = session.copy_as_at(*days)
    reasons = find_reason_changes(
        rules.fetch_reasons(then), rules.fetch_reasons(session), read.fetch_members(session)
    )
    before, now = standing.fetch_duties(then), standing.fetch_duties(session)
    return Changes(reasons, *count_duty_changes(before, now, days[0], session.as_at))


def find_reason_changes(
    then: pl.DataFrame, now: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """Return a row for each child with a new open reason, or whose last open reason has gone.

    then, now: needs_a_look on the two days; members: cohort_member now.  Returns pupil_id, handle,
    year_group as it is now, and change, by year group and handle.
    """
    was, is_now = then.filter(~pl.col("is_closed")), now.filter(~pl.col("is_closed"))
    is_listed, is_member = (
        pl.col("pupil_id").is_in(rows["pupil_id"].implode()) for rows in (was, members)
    )
    new = is_now.join(was, on=["pupil_id", "rule"], how="anti").select(
        *_CHILD, change=pl.when(is_listed).then(pl.lit(NEW_REASON)).otherwise(pl.lit(NEWLY_LISTED))
    )
    gone = (
        was.join(is_now, on="pupil_id", how="anti")
        .join(members.select("pupil_id", year_now="year_group"), on="pupil_id", how="left")
        .select(
            "pupil_id",
            "handle",
            pl.coalesce("year_now", "year_group").alias("year_group"),
            change=pl.when(is_member).then(pl.lit(NO_LONGER_LISTED)).otherwise(pl.lit(DEPARTED)),
        )
    )
    return pl.concat([new, gone]).unique().sort("year_group", "handle", nulls_last=True)


def count_duty_changes(
    then: pl.DataFrame, now: pl.DataFrame, since: date, as_at: date
) -> tuple[int, int]:
    """Count the duties that became overdue after the day `since`, and those that were done.

    `then` and `now` are rows of `read.fetch_duties` on the days `since` and `as_at`. Duties of one
    child and rule count once, as in every list.
    """
    was_past = standing.select_past(then, since)
    past = standing.select_past(now, as_at).join(was_past, on=_DUTY_KEY, how="anti")
    done = (
        now.filter(pl.col("done_date") > since, status="done")
        .join(then.filter(status="done"), on=_DUTY_KEY, how="anti")
    )  # fmt: skip
    return _count(past), _count(done)


def describe_changes(changes: Changes) -> str:
    """Return both kinds of change in a line: who is new on the list or off it, and the dates."""

    def list_handles(change: str) -> list[str]:
        return changes.reasons.filter(change=change)["handle"].to_list()

    new = list_handles(NEWLY_LISTED)
    is_are = words.pluralise(len(new), "is")
    parts = [f"{words.format_count(len(new), 'child')} {is_are} new on the list"]
    if again := list_handles(NEW_REASON):
        has = words.pluralise(len(again), "has")
        parts.append(f"{words.format_list(again)} {has} a new reason")
    if gone := list_handles(NO_LONGER_LISTED):
        parts.append(f"{words.format_list(gone)} no longer on it")
    if left := list_handles(DEPARTED):
        parts.append(f"{words.format_list(left)} no longer on these pages")
    parts.append(f"{words.format_count(changes.past, 'date')} became overdue")
    if changes.done:
        parts.append(f"{changes.done} {words.pluralise(changes.done, 'was')} done")
    return "; ".join(parts)


def _count(duties: pl.DataFrame) -> int:
    return duties.unique(["pupil_id", "rule"]).height
