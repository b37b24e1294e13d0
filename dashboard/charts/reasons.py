"""Chart 10: why were sessions missed?  A bar for each reason, the longest first."""

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.layers import style_layers
from dashboard.charts.palette import MAIN, MID_BLUE, OVERDUE, TEXT
from dashboard.text import words

_ROW = 44
#: The part of a reason that fits on a phone: "Illness" of "Illness (not appointment)".
_BEFORE_DETAIL = r"^(.+?)(?:, .*| \(.*)?$"
_KINDS = ["Authorised", "Unauthorised"]


def draw_reason_bars(reasons: pl.DataFrame) -> Figure | None:
    """Return a bar for each reason with the sessions missed for it, or None if none were missed.

    `reasons` are rows of queries.read.absence_reasons in their order.
    """
    if reasons.is_empty():
        return None
    data = (
        reasons.select(
            "reason",
            sessions=pl.col("absent_sessions"),
            kind=pl.when(pl.col("is_authorised"))
            .then(pl.lit(_KINDS[0]))
            .otherwise(pl.lit(_KINDS[1])),
            code=pl.col("code"),
        )
        .with_columns(reason=pl.col("reason").str.extract(_BEFORE_DETAIL))
        .with_columns(
            label=pl.struct("reason", "sessions").map_elements(
                lambda row: f"{words.format_count(row['sessions'], 'session')}: {row['reason']}",
                pl.String,
            )
        )
    )
    order = data["code"].to_list()
    base = alt.Chart(data)
    # the text stands above its bar, so that a long reason fits on a phone
    code = alt.Y("code:N", sort=order, axis=None)
    bars = base.mark_bar(height=12, yOffset=9, strokeWidth=1).encode(
        x=alt.X("sessions:Q", scale=alt.Scale(zero=True, nice=False), axis=None),
        y=code,
        color=alt.Color("kind:N", scale=alt.Scale(domain=_KINDS, range=[MID_BLUE, OVERDUE])),
        stroke=alt.Stroke("kind:N", scale=alt.Scale(domain=_KINDS, range=[MAIN, OVERDUE])),
        description=alt.Description("label:N"),
    )
    text = base.mark_text(align="left", dy=-7, color=TEXT, limit=alt.ExprRef("width")).encode(
        x=alt.XDatum(0), y=code, text="label:N"
    )
    total = int(data["sessions"].sum())
    return Figure(
        title=_title(data, total),
        subtitle="Each bar shows the sessions missed for one reason this year. Shorter is better.",
        chart=style_layers(bars, text, height=_ROW * data.height, legend_rows=1),
        alt_text=_alt_text(data, total),
        table=reasons.select(
            pl.format("{}, code {}", "reason", "code").alias("Reason"),
            pl.when("is_authorised")
            .then(pl.lit("yes"))
            .otherwise(pl.lit("no"))
            .alias("Authorised"),
            pl.col("absent_sessions").alias("Sessions missed"),
            pl.col("children").alias("Children"),
        ),
    )


def _title(data: pl.DataFrame, total: int) -> str:
    top = data.row(0, named=True)
    if data.height == 1:
        return f"{words.capitalise(words.format_count(total, 'session'))} missed, for one reason"
    if data.row(1, named=True)["sessions"] == top["sessions"]:
        return f"{words.format_count(total, 'session')} missed, for {data.height} reasons"
    return (
        f"Most common reason: {top['reason'].lower()}, {words.format_part(top['sessions'], total)}"
    )


def _alt_text(data: pl.DataFrame, total: int) -> str:
    bars = "; ".join(f"{row['label']}, {row['kind'].lower()}" for row in data.to_dicts())
    return f"Bar chart of {words.format_count(total, 'session')} missed. {bars}."
