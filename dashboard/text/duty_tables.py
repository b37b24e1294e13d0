"""Frames for st.table about duties, plans, meetings and scores: words and handles only."""

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from dashboard.text import duties as plan_words
from dashboard.text import scores as score_words
from dashboard.text import words

Row = dict[str, Any]


def duties(rows: pl.DataFrame, *, of_one_child: bool = False) -> pl.DataFrame:
    """Duties by date: the day, whose and what, and how it stands with who holds it."""

    def what(row: Row) -> str:
        name = plan_words.duty(row)
        return name if of_one_child else f"{row['handle']}: {name}"

    return _table(
        rows.to_dicts(),
        {
            "Day": lambda row: plan_words.by_date(row["next_date"]),
            "What": what,
            "Where it stands": plan_words.beside_day,
        },
    )


def unknown(rows: pl.DataFrame) -> pl.DataFrame:
    """What cannot be known, why, and who can tell."""
    return _table(
        rows.to_dicts(),
        {
            "What": lambda row: f"{row['handle']}: {plan_words.duty(row)}",
            "What is not known": lambda row: words.sentence(plan_words.status(row)),
            "Who can tell": lambda row: words.sentence(plan_words.holder(row)),
        },
    )


def ehcps(rows: pl.DataFrame) -> pl.DataFrame:
    """Plans by child: stage, the weeks, whose step."""
    return _table(
        rows.to_dicts(),
        {
            "Child": lambda row: row["handle"],
            "Stage": lambda row: (
                f"{words.sentence(plan_words.stage(row))}. {words.sentence(plan_words.weeks(row))}."
            ),
            "Next step": lambda row: words.sentence(plan_words.whose_step(row)),
        },
    )


def peps(rows: pl.DataFrame) -> pl.DataFrame:
    """Meetings: when, and how good the paper is in the authority's own word."""
    return _table(
        rows.to_dicts(),
        {
            "Child": lambda row: row["handle"],
            "Meeting": lambda row: words.sentence(plan_words.meeting(row)),
            "How good": plan_words.paper,
        },
    )


def scored(children: Iterable[Row], scores: pl.DataFrame) -> pl.DataFrame:
    """Who has a score by the carer in 12 months, with the newest in words."""
    # a reason why not stands only where there is no score at all
    best_last = scores.sort(pl.col("total").is_not_null(), maintain_order=True)
    newest = {row["pupil_id"]: row for row in best_last.to_dicts()}

    def said(row: Row) -> str:
        found = newest.get(row["pupil_id"])
        return score_words.score(found) if found else words.NOT_RECORDED

    return _table(
        children,
        {
            "Child": lambda row: row["handle"],
            "Year group": lambda row: words.year_group(row["year_group"]),
            "In the last 12 months": lambda row: words.sentence(said(row)),
        },
    )


def scores(rows: pl.DataFrame) -> pl.DataFrame:
    """One child's scores, newest first."""
    return _table(
        reversed(rows.to_dicts()),
        {
            "Score": score_words.score,
            "Change": lambda row: (
                "No score to compare"
                if row["total"] is None
                else words.sentence(score_words.change(row))
            ),
        },
    )


def suspensions(rows: pl.DataFrame) -> pl.DataFrame:
    """One child's suspensions, newest first, by day and length only."""
    return _table(
        reversed(rows.to_dicts()),
        {
            "Day": lambda row: words.table_day(row["suspension_date"]),
            "Kind": lambda row: row["category"] or words.NOT_RECORDED,
            "Sessions": lambda row: str(row["sessions"]),
        },
    )


def _table(rows: Iterable[Row], columns: dict[str, Callable[[Row], str]]) -> pl.DataFrame:
    """A column a name, each cell the words of its row; empty with its headings."""
    held = list(rows)
    return pl.DataFrame(
        {name: [say(row) for row in held] for name, say in columns.items()},
        schema=dict.fromkeys(columns, pl.String),
    )
