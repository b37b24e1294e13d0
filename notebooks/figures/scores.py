"""Changes of scores of a few children, and what chance alone would do."""

from dataclasses import dataclass

import polars as pl

from dashboard.text import scores as score_words
from dashboard.text import words
from notebooks.figures.chance import compute_toss_share, format_tries


@dataclass(frozen=True)
class Moves:
    """Of the children with two scores: how many went down, up or stayed, and how many far.

    far: by as many points as chance alone seldom explains, or more.
    """

    down: int
    up: int
    same: int
    far: int


def count_moves(newest: pl.DataFrame, points: int) -> Moves:
    """The counts of rows with `change` and `is_old`, a row a child."""
    changes = newest["change"].drop_nulls()
    return Moves(
        int((changes < 0).sum()),
        int((changes > 0).sum()),
        int((changes == 0).sum()),
        int((changes.abs() >= points).sum()),
    )


def write_title(found: Moves, informant: str) -> str:
    """The finding: how many came down, of those with two scores."""
    twice = found.down + found.up + found.same
    by = score_words.SCORED_BY[informant]
    if not twice:
        return f"Scores by {by}: no child has two scores yet"
    part = words.format_part(found.down, twice, "child")
    return f"Scores by {by}: lower than before for {part}"


def write_chance(found: Moves, points: int) -> str:
    """What chance alone would do to the group, and to one child."""
    moved = found.down + found.up
    if not moved:
        return "No score has changed, so there is nothing to test against chance."
    share = compute_toss_share(found.down, moved)
    return (
        f"{words.capitalise(words.format_count(moved, 'score'))} changed, {found.down} of them "
        "downwards. "
        "If each was as likely to rise as to fall, at least as many come down in "
        f"{format_tries(share)}. For one child alone, a change of fewer than "
        f"{words.format_count(points, 'point')} may be chance: {found.far} changed by at least "
        "that much."
    )


def mark_scores(newest: pl.DataFrame) -> pl.DataFrame:
    """Each child's newest score for a table, those marked that are old."""
    rows = [
        {
            "Child": row["handle"],
            "Latest score": str(row["total"]),
            "Day": words.format_short_day(row["sdq_date"])
            + (": too old, ask for a new form" if row["is_old"] else ""),
            "Change": words.capitalise(score_words.describe_change(row)),
        }
        for row in newest.to_dicts()
    ]
    return pl.DataFrame(rows)
