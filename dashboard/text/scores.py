"""What pages say about SDQ scores: who filled it in, which band, and which way it moved.

A score is no verdict, and a change on one child has no threshold: it is told as it is.
"""

import polars as pl

from dashboard.text import rules, words
from queries import read
from queries.read import list_rows
from queries.rows import PupilSdq, SdqCoverage

#: Who fills in the form, in the order of pages, and how a sentence names the form.
INFORMANTS = {"carer": "carer form", "teacher": "teacher form", "self": "child's own form"}
#: How a title names those who filled it in.
_BY = {"carer": "carers", "teacher": "teachers", "self": "children themselves"}


def format_informant(informant: str) -> str:
    """Those who filled the form in, as the end of "scored by"."""
    return _BY[informant]


def describe_band(row: PupilSdq) -> str:
    """Where a score lies: "middle band (14 to 16), carer form"."""
    form = INFORMANTS[row["informant"]]
    if row["band"] is None:
        return form
    return f"{row['band']} band ({row['band_lowest']} to {row['band_highest']}), {form}"


def describe_short_band(row: PupilSdq) -> str:
    """The same without its figures, for a place with little room."""
    return f"{row['band']} band, {INFORMANTS[row['informant']]}"


def describe_score(row: PupilSdq) -> str:
    """One row of pupil_sdq: the score with its band, or why there is none."""
    day = words.format_short_day(row["sdq_date"])
    if row["total"] is None:
        why = row["reason"] or words.NOT_RECORDED
        return f"No score on {day}, {INFORMANTS[row['informant']]}: {why}"
    return f"{row['total']} on {day}: {describe_band(row)}"


def describe_change(row: PupilSdq) -> str:
    """Which way a score moved since the last by the same informant."""
    total, change, previous = row["total"], row["change"], row["previous_date"]
    if total is None or change is None or previous is None:
        return "first score by this person"
    before = f"{total - change} on {words.format_short_day(previous)}"
    if change == 0:
        return f"the same as before, {before}"
    way = "fewer" if change < 0 else "more"
    return f"{abs(change)} {way} than before, {before}"


def describe_coverage(row: SdqCoverage | None) -> str:
    """How many have a score: "8 of 10", with what the others have."""
    if row is None:
        return "No child is looked after now, so no score is asked for."
    parts = []
    if row["reason_children"]:
        parts.append(f"{row['reason_children']} with a reason why there is no score")
    if row["missing_children"]:
        parts.append(f"{row['missing_children']} with neither")
    text = (
        "Children looked after with a score by the carer "
        f"in the last {rules.format_deadline('SDQ_YEARLY')}."
    )
    if parts:
        text += f" The others: {words.format_list(parts)}."
    if not row["long_children"]:
        return text
    months = words.format_count(int(read.get_default_threshold("looked_after_months")), "month")
    return (
        f"{text} The national figure is of those looked after for {months}: here "
        f"{row['long_scored_children']} of {row['long_children']}."
    )


def describe_single_scores(informant: str, children: int) -> str:
    """What stands in place of a chart where no child has two scores by one person."""
    has = words.pluralise(children, "has")
    return (
        f"Scores by {format_informant(informant)}: {words.format_count(children, 'child')} "
        f"{has} one. "
        "A line needs two by the same person."
    )


def describe_lower_scores(rows: pl.DataFrame) -> list[str]:
    """A sentence for each score that is lower than the last by the same informant."""
    return [
        f"A score came down for {row['handle']}: "
        f"{total}, {total - change} before ({INFORMANTS[row['informant']]})."
        for row in list_rows(PupilSdq, rows)
        if (total := row["total"]) is not None and (change := row["change"] or 0) < 0
    ]


def describe_band_limits(informant: str, rows: pl.DataFrame) -> str:
    """The bands of one informant, as a subtitle says them."""
    found = {row["band"]: row for row in rows.to_dicts()}
    return (
        f"Bands for this form: middle {found['middle']['lowest']} to "
        f"{found['middle']['highest']}, upper from {found['upper']['lowest']}."
    ) if informant in INFORMANTS else ""  # fmt: skip
