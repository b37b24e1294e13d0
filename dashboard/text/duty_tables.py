"""Frames for plain tables about duties, plans, meetings and scores. They have no ids."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import polars as pl

from dashboard.text import duties as duty_words
from dashboard.text import rules, words
from dashboard.text import scores as score_words
from queries.read import Row

_Row = TypeVar("_Row")


def tabulate_ehcps(rows: pl.DataFrame, steps: Mapping[str, str]) -> pl.DataFrame:
    """Return plans by child: stage, weeks and next step, which `steps` has by pupil_id."""
    return _table(
        rows.to_dicts(),
        {
            "Child": lambda row: row["handle"],
            "Stage": lambda row: (
                f"{words.capitalise(duty_words.describe_stage(row))}. "
                f"{words.capitalise(duty_words.describe_weeks(row))}."
            ),
            "Next step": lambda row: steps.get(row["pupil_id"], "Nothing outstanding"),
        },
    )


def tabulate_peps(rows: pl.DataFrame) -> pl.DataFrame:
    """Return PEP meetings: when each was held, and the authority's grade of the PEP."""
    return _table(
        rows.to_dicts(),
        {
            "Child": lambda row: row["handle"],
            "Meeting": lambda row: words.capitalise(duty_words.describe_meeting(row)),
            "Quality": duty_words.describe_pep_quality,
        },
    )


def tabulate_newest_scores(children: Iterable[Row], scores: pl.DataFrame) -> pl.DataFrame:
    """Return the newest carer's score of each child within the time of its duty, in words."""
    # a reason for no score counts only if there is no score at all
    best_last = scores.sort(pl.col("total").is_not_null(), maintain_order=True)
    newest = {row["pupil_id"]: row for row in best_last.to_dicts()}

    def describe(row: Row) -> str:
        score = newest.get(row["pupil_id"])
        return words.capitalise(score_words.describe_score(score) if score else words.NOT_RECORDED)

    return _table(
        children,
        {
            "Child": lambda row: row["handle"],
            "Year group": lambda row: words.format_year_group(row["year_group"]),
            f"In the last {rules.format_deadline('SDQ_YEARLY')}": describe,
        },
    )


def tabulate_scores(rows: pl.DataFrame, chance: Mapping[str, int]) -> pl.DataFrame:
    """Return the scores of a child, newest first.

    `chance` has by informant the points of a change that may be chance.
    """

    def describe_change(row: Row) -> str:
        if row["total"] is None:
            return "No score to compare"
        change = words.capitalise(score_words.describe_change(row))
        return change + score_words.describe_chance(row, chance[row["informant"]])

    return _table(
        reversed(rows.to_dicts()),
        {
            "Score": score_words.describe_score,
            "Change": describe_change,
            "Scales": lambda row: words.capitalise(score_words.describe_scales(row)),
        },
    )


def tabulate_suspensions(rows: pl.DataFrame, *, with_child: bool = False) -> pl.DataFrame:
    """Return suspensions, newest first, by day and length only."""
    child: dict[str, Callable[[Row], str]] = {"Child": lambda row: row["handle"]}
    return _table(
        reversed(rows.to_dicts()),
        (child if with_child else {})
        | {
            "Day": lambda row: words.format_table_day(row["suspension_date"]),
            "Kind": lambda row: row["category"] or words.NOT_RECORDED,
            "Sessions": lambda row: str(row["sessions"]),
        },
    )


def _table(rows: Iterable[_Row], columns: dict[str, Callable[[_Row], str]]) -> pl.DataFrame:
    """Return a column for each name, whose cells describe the rows. No rows give headings only."""
    all_rows = list(rows)
    return pl.DataFrame(
        {name: [describe(row) for row in all_rows] for name, describe in columns.items()},
        schema=dict.fromkeys(columns, pl.String),
    )
