"""Frames for st.table about duties, plans, meetings and scores: words and handles only."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import polars as pl

from dashboard.text import duties as plan_words
from dashboard.text import rules, words
from dashboard.text import scores as score_words
from queries.read import Member, MemberDuty, list_rows
from queries.rows import PupilEhcp, PupilPep, PupilSdq, PupilSuspension

_Row = TypeVar("_Row")


class GroupedDuty(MemberDuty):
    """Duties of one child, rule and status as one row: their number, and the first day."""

    number: int


def tabulate_duties(rows: pl.DataFrame, *, of_one_child: bool = False) -> pl.DataFrame:
    """Duties by date: the day, whose and what, and how it stands with who holds it."""

    def what(row: GroupedDuty) -> str:
        name = plan_words.format_duty_name(row["name"], row["number"])
        return name if of_one_child else f"{row['handle']}: {name}"

    return _table(
        list_rows(GroupedDuty, rows),
        {
            "Day": lambda row: plan_words.format_optional_day(row["next_date"]),
            "What": what,
            "Where it stands": plan_words.describe_status_and_holder,
        },
    )


def tabulate_unknown(rows: pl.DataFrame) -> pl.DataFrame:
    """What cannot be known, why, and who can tell."""
    return _table(
        list_rows(GroupedDuty, rows),
        {
            "What": lambda row: (
                f"{row['handle']}: {plan_words.format_duty_name(row['name'], row['number'])}"
            ),
            "What is not known": lambda row: words.capitalise(plan_words.describe_status(row)),
            "Who can tell": lambda row: words.capitalise(plan_words.describe_holder(row)),
        },
    )


def tabulate_ehcps(rows: pl.DataFrame) -> pl.DataFrame:
    """Plans by child: stage, the weeks, whose step."""
    return _table(
        list_rows(PupilEhcp, rows),
        {
            "Child": lambda row: row["handle"],
            "Stage": lambda row: (
                f"{words.capitalise(plan_words.describe_stage(row))}. "
                f"{words.capitalise(plan_words.describe_weeks(row))}."
            ),
            "Next step": lambda row: words.capitalise(plan_words.describe_next_step(row)),
        },
    )


def tabulate_peps(rows: pl.DataFrame) -> pl.DataFrame:
    """Meetings: when, and how good the paper is in the authority's own word."""
    return _table(
        list_rows(PupilPep, rows),
        {
            "Child": lambda row: row["handle"],
            "Meeting": lambda row: words.capitalise(plan_words.describe_meeting(row)),
            "How good": plan_words.describe_pep_quality,
        },
    )


def tabulate_newest_scores(children: Iterable[Member], scores: pl.DataFrame) -> pl.DataFrame:
    """Who has a score by the carer in the time of its duty, with the newest in words."""
    # a reason why not stands only where there is no score at all
    best_last = scores.sort(pl.col("total").is_not_null(), maintain_order=True)
    newest = {row["pupil_id"]: row for row in list_rows(PupilSdq, best_last)}

    def describe(row: Member) -> str:
        found = newest.get(row["pupil_id"])
        return words.capitalise(score_words.describe_score(found) if found else words.NOT_RECORDED)

    return _table(
        children,
        {
            "Child": lambda row: row["handle"],
            "Year group": lambda row: words.format_year_group(row["year_group"]),
            f"In the last {rules.format_deadline('SDQ_YEARLY')}": describe,
        },
    )


def tabulate_scores(rows: pl.DataFrame) -> pl.DataFrame:
    """One child's scores, newest first."""
    return _table(
        reversed(list_rows(PupilSdq, rows)),
        {
            "Score": score_words.describe_score,
            "Change": lambda row: (
                "No score to compare"
                if row["total"] is None
                else words.capitalise(score_words.describe_change(row))
            ),
        },
    )


def tabulate_suspensions(rows: pl.DataFrame) -> pl.DataFrame:
    """One child's suspensions, newest first, by day and length only."""
    return _table(
        reversed(list_rows(PupilSuspension, rows)),
        {
            "Day": lambda row: words.format_table_day(row["suspension_date"]),
            "Kind": lambda row: row["category"] or words.NOT_RECORDED,
            "Sessions": lambda row: str(row["sessions"]),
        },
    )


def _table(rows: Iterable[_Row], columns: dict[str, Callable[[_Row], str]]) -> pl.DataFrame:
    """A column a name, each cell the words of its row; empty with its headings."""
    all_rows = list(rows)
    return pl.DataFrame(
        {name: [describe(row) for row in all_rows] for name, describe in columns.items()},
        schema=dict.fromkeys(columns, pl.String),
    )
