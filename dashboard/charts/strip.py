"""Chart 7: which days?  Five cells: the sessions that a child missed on each weekday."""

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.layers import style_layers
from dashboard.charts.palette import MAIN, TEXT, WHITE
from dashboard.text import words

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_HEIGHT = 56
#: As in the register: a weekday is named from so many on, if it has over half.
_PATTERN_FROM = 4


def draw_weekday_strip(sessions: pl.DataFrame, when: str) -> Figure | None:
    """Sessions missed by weekday; None when no session was missed.

    `sessions` are rows of queries.read.child_sessions; `when` says which stretch they are.
    """
    week = sessions.filter(pl.col("session_date").dt.weekday() <= len(_DAYS))
    absent = [
        week.filter((pl.col("session_date").dt.weekday() == n + 1) & pl.col("is_absent")).height
        for n in range(len(_DAYS))
    ]
    possible = [
        week.filter((pl.col("session_date").dt.weekday() == n + 1) & pl.col("is_possible")).height
        for n in range(len(_DAYS))
    ]
    if not sum(absent):
        return None
    data = pl.DataFrame(
        {
            "day": [day[:3] for day in _DAYS],
            "missed": absent,
            "label": [f"{part} of {whole}" for part, whole in zip(absent, possible, strict=True)],
        }
    ).with_columns(spoken=pl.format("{}: missed {} sessions", pl.Series(_DAYS), "label"))
    base = alt.Chart(data).encode(
        x=alt.X(
            "day:O",
            sort=data["day"].to_list(),
            scale=alt.Scale(paddingInner=0.06),
            axis=alt.Axis(title=None, labelAngle=0, ticks=False, domain=False, orient="top"),
        )
    )
    # the edge is the same for all: the number says how many, not the colour
    cell = base.mark_rect(color=WHITE, stroke=MAIN, strokeWidth=1).encode(
        description=alt.Description("spoken:N")
    )
    text = base.mark_text(color=TEXT, fontWeight="bold").encode(text="label:N")
    return Figure(
        title=_title(absent, when),
        subtitle="Sessions missed on each weekday, of those possible. Fewer absences are better.",
        chart=style_layers(cell, text, height=_HEIGHT),
        alt_text=f"Strip of weekdays. {_title(absent, when)}. {'. '.join(data['spoken'])}.",
        table=pl.DataFrame({"Weekday": list(_DAYS), "Sessions missed": data["label"]}),
    )


def _title(absent: list[int], when: str) -> str:
    total, most = sum(absent), max(absent)
    if total >= _PATTERN_FROM and most * 2 > total:
        return f"{_DAYS[absent.index(most)]}s: {most} of {total} missed sessions in {when}"
    days = sum(number > 0 for number in absent)
    missed = words.capitalise(words.format_count(total, "missed session"))
    return f"{missed} on {words.format_count(days, 'weekday')} in {when}"
