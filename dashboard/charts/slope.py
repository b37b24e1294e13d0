"""Chart 2: is life getting easier?  The last two scores of each child by the same informant."""

import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.pairs import Pair, Wording, draw_pairs
from dashboard.text import scores as score_words
from dashboard.text import words


def draw_score_slope(scores: pl.DataFrame, informant: str, bands: pl.DataFrame) -> Figure | None:
    """Return the newest score of each child beside the one before, or None if no child has two.

    `scores` are rows of queries.read.sdq. `bands` are rows of queries.read.sdq_bands for the
    informant. All rows look alike, because a change of one child has no threshold.
    """
    scored = scores.filter((pl.col("informant") == informant) & pl.col("total").is_not_null())
    rows = scored.group_by("pupil_id", maintain_order=True).last().to_dicts()
    moves = [row["change"] for row in rows if row["change"] is not None]
    if not moves:
        return None
    pairs = []
    for row in rows:
        before, text = None, words.NOTHING
        if row["change"] is not None:
            before = row["total"] - row["change"]
            text = f"{before} on {words.format_short_day(row['previous_date'])}"
        pairs.append(
            Pair(row["handle"], before, row["total"], (text, score_words.describe_score(row)))
        )
    subtitle = [
        "Each row is one child, with two scores on the same kind of form.",
        "A lower score is better: it means fewer difficulties.",
        score_words.describe_band_limits(bands),
    ]
    if alone := len(rows) - len(moves):
        has = words.pluralise(alone, "has")
        subtitle.append(f"{words.format_count(alone, 'child')} {has} one score only.")
    wording = Wording(
        title=_title(moves, informant),
        subtitle=" ".join(subtitle),
        names=("Score before", "Latest score"),
        axis="Score, of 40",
    )
    return draw_pairs(pairs, wording)


def _title(moves: list[int], informant: str) -> str:
    by = f"Scores by {score_words.SCORED_BY[informant]}"
    down = sum(change < 0 for change in moves)
    if len(moves) == 1:
        way = "lower than" if moves[0] < 0 else ("higher than" if moves[0] else "the same as")
        return f"{by}: {way} before for the 1 child with two"
    return f"{by}: lower than before for {down} of {len(moves)} children"
