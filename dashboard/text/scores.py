"""Texts about SDQ scores: who filled in the form, the band, and how the score changed.

A score is no verdict, and a change of one child has no threshold. It is stated as it is.
"""

import polars as pl

from dashboard.text import rules, words
from queries import read
from queries.read import Row

#: The name of the form in a sentence, by informant, in the order of pages.
INFORMANTS = {"carer": "carer form", "teacher": "teacher form", "self": "child's own form"}
#: The name of the informants in a title, after "scores by".
SCORED_BY = {"carer": "carers", "teacher": "teachers", "self": "children themselves"}


def describe_band(row: Row) -> str:
    """Return the band of a score: "middle band (14 to 16), carer form"."""
    form = INFORMANTS[row["informant"]]
    if row["band"] is None:
        return form
    return f"{row['band']} band ({row['band_lowest']} to {row['band_highest']}), {form}"


def describe_score(row: Row) -> str:
    """Return the score in a row of pupil_sdq with its band, or why there is none."""
    day = words.format_short_day(row["sdq_date"])
    if row["total"] is None:
        why = row["reason"] or words.NOT_RECORDED
        return f"No score on {day}, {INFORMANTS[row['informant']]}: {why}"
    return f"{row['total']} on {day}: {describe_band(row)}"


def describe_change_briefly(row: Row) -> str:
    """Return how a score changed, for a strip of facts: "up 6, carer form"."""
    change, form = row["change"], INFORMANTS[row["informant"]]
    if change is None:
        return f"first score, {form}"
    way = "up" if change > 0 else "down"
    return f"{way} {abs(change)}, {form}" if change else f"no change, {form}"


def describe_change(row: Row) -> str:
    """Return how a score changed since the last by the same informant."""
    total, change, previous = row["total"], row["change"], row["previous_date"]
    if total is None or change is None or previous is None:
        return "first score on this kind of form"
    before = f"{total - change} on {words.format_short_day(previous)}"
    if change == 0:
        return f"no change, from {before}"
    return f"{'down' if change < 0 else 'up'} {abs(change)}, from {before}"


def format_headline(row: Row | None) -> str:
    """Return the title of Wellbeing: how many have a score."""
    if row is None:
        return "Wellbeing"
    children = words.format_count(row["children"], "child")
    return f"{row['scored_children']} of {children} looked after have a carer's score"


#: The scales of the form and its impact, in the order of the form.
_SCALES = ("emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact")


def describe_scales(row: Row) -> str:
    """Return each recorded scale with its band: "conduct 2 (lower band); peer 4 (upper band)"."""
    parts = (
        f"{scale} {value} ({_find_band(row['informant'], scale, value)} band)"
        for scale in _SCALES
        if isinstance(value := row.get(scale), int)
    )
    return "; ".join(parts) or words.NOT_RECORDED


def _find_band(informant: str, scale: str, value: int) -> str:
    bands = read.load_sdq_bands(informant, scale)
    (band,) = bands.filter(pl.col("lowest") <= value, pl.col("highest") >= value)["band"]
    return str(band)


def describe_chance(row: Row, points: int) -> str:
    """Say that a change smaller than `points` may be chance, or return "" for any other."""
    is_small = row["change"] is not None and 0 < abs(row["change"]) < points
    return (
        f"; a change of fewer than {words.format_count(points, 'point')} may be chance"
        if is_small
        else ""
    )


def describe_coverage(row: Row | None) -> str:
    """Say how many have a score: "8 of 10 have a carer's score", and what the others lack."""
    if row is None:
        return "No child is looked after now, so no score is due."
    parts = [
        (
            f"{row['scored_children']} of {row['children']} have a carer's score from the last "
            f"{rules.format_deadline('SDQ_YEARLY')}."
        )
    ]
    if (given := row["reason_children"]) > 0:
        parts.append(f"{given} {words.pluralise(given, 'has')} a reason why there is no score.")
    if (missing := row["missing_children"]) > 0:
        parts.append(f"{missing} {words.pluralise(missing, 'has')} neither a score nor a reason.")
    unknown = row["unknown_children"]
    if row["long_children"] or unknown:
        months = words.format_count(int(read.get_default_threshold("looked_after_months")), "month")
        parts.append(
            f"Of those looked after for {months}, whom the national figure counts, "
            f"{row['long_scored_children']} of {row['long_children']} have a score."
        )
    if unknown:
        parts.append(
            f"{words.capitalise(words.format_count(unknown, 'child'))} with no known start of care "
            f"{words.pluralise(unknown, 'is')} left out of that count."
        )
    return " ".join(parts)


def describe_single_scores(informant: str, children: int) -> str:
    """Say in place of a chart that no child has two scores by one informant."""
    has = words.pluralise(children, "has")
    return (
        f"Scores by {SCORED_BY[informant]}: {words.format_count(children, 'child')} "
        f"{has} one score so far. "
        "A line on the chart needs two scores on the same kind of form."
    )


def describe_lower_scores(rows: pl.DataFrame) -> list[str]:
    """Return a sentence for each score that is lower than the last by the same informant.

    If there are too many to name, return one sentence with their number.
    """
    lower = rows.filter(pl.col("total").is_not_null(), pl.col("change") < 0)
    if lower.height > words.MOST_NAMED:
        return [f"{lower.height:,} SDQ scores are lower than before: fewer difficulties."]
    return [
        f"A score came down for {row['handle']}: "
        f"{row['total']}, {row['total'] - row['change']} before ({INFORMANTS[row['informant']]})."
        for row in lower.to_dicts()
    ]


def describe_band_limits(rows: pl.DataFrame) -> str:
    """Describe the bands of one informant (`rows`) for a subtitle."""
    band_of = {row["band"]: row for row in rows.to_dicts()}
    return (
        f"Bands for this form: middle {band_of['middle']['lowest']} to "
        f"{band_of['middle']['highest']}, upper from {band_of['upper']['lowest']}."
    )
