"""Figures about pupil premium plus: money planned and spent in each term, and what it bought."""

import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.pairs import Pair, Wording, draw_pairs
from dashboard.text import words


def sum_terms(sums: pl.DataFrame) -> pl.DataFrame:
    """Sum by term, oldest first: pounds planned and spent, sums, and sums without a record."""
    return (
        sums.group_by("first_day", "academic_year", "term")
        .agg(pl.col("planned", "spent", "sums", "unspent_sums").sum())
        .sort("first_day")
    )


def draw_terms(terms: pl.DataFrame) -> Figure | None:
    """Draw a row for each term, with the finding as the title.  None if there is no sum."""
    pairs = [
        Pair(
            words.capitalise(f"{row['term']} {row['academic_year']}"),
            float(row["planned"]),
            float(row["spent"]),
            (words.format_pounds(row["planned"]), words.format_pounds(row["spent"])),
        )
        for row in terms.to_dicts()
    ]
    unknown = int(terms["unspent_sums"].sum())
    subtitle = "Each row is one term."
    if unknown:
        subtitle += f" What was spent of {words.format_count(unknown, 'amount')} is not recorded."
    planned, spent = (words.format_pounds(sum(terms[name])) for name in ("planned", "spent"))
    wording = Wording(
        title=f"{spent} of {planned} planned was spent",
        subtitle=subtitle,
        names=("Planned", "Spent"),
        axis="Pounds",
        of="Term",
    )
    return draw_pairs(pairs, wording)


def tabulate_kinds(sums: pl.DataFrame) -> pl.DataFrame:
    """Make a table of what the money bought: a row for each kind of help, in alphabetical order."""
    kinds = sums.group_by("kind").agg(pl.col("sums", "planned", "spent", "in_pep").sum())
    return kinds.sort("kind").select(
        pl.col("kind").alias("Kind of help"),
        pl.col("sums").alias("Amounts"),
        pl.col("planned").map_elements(words.format_pounds, pl.String).alias("Planned"),
        pl.col("spent").map_elements(words.format_pounds, pl.String).alias("Spent"),
        words.format_part_columns("in_pep", "sums").alias("Asked for by a PEP"),
    )
