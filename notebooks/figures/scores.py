"""Figures about changes of scores of a few children, compared with chance alone."""

from dataclasses import dataclass

import polars as pl

from dashboard.text import scores as score_words
from dashboard.text import words
from notebooks.figures.chance import compute_toss_share, format_tries


@dataclass(frozen=True)
class Moves:
    """The numbers of children with two scores whose score went down, up, stayed or moved far.

    far: by at least as many points as chance alone seldom explains.
    """

    down: int
    up: int
    same: int
    far: int


def count_moves(newest: pl.DataFrame, points: int) -> Moves:
    """Count the moves of rows with `change`, a row for each child.  points: what counts as far."""
    changes = newest["change"].drop_nulls()
    return Moves(
        int((changes < 0).sum()),
        int((changes > 0).sum()),
        int((changes == 0).sum()),
        int((changes.abs() >= points).sum()),
    )


def write_title(moves: Moves, informant: str) -> str:
    """Write the finding: how many came down of the children with two scores."""
    twice = moves.down + moves.up + moves.same
    by = score_words.SCORED_BY[informant]
    if not twice:
        return f"Scores by {by}: no child has two scores yet"
    part = words.format_part(moves.down, twice, "child")
    return f"Scores by {by}: lower than before for {part}"


def write_chance(moves: Moves, points: int) -> str:
    """Write how far chance alone could explain the changes of the group and of one child."""
    moved = moves.down + moves.up
    if not moved:
        return "No score has changed, so there is nothing to test against chance."
    share = compute_toss_share(moves.down, moved)
    return (
        f"{words.capitalise(words.format_count(moved, 'score'))} changed, {moves.down} of them "
        "downwards. "
        "If each was as likely to rise as to fall, at least as many come down in "
        f"{format_tries(share)}. For one child alone, a change of fewer than "
        f"{words.format_count(points, 'point')} may be chance: {moves.far} changed by at least "
        "that much."
    )


def mark_scores(newest: pl.DataFrame) -> pl.DataFrame:
    """Make a table of each child's newest score, and mark old ones."""
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
