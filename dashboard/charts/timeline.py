"""Chart 4: what has happened?  Bars are periods, shapes are dates, and nothing says why."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.layers import style_layers
from dashboard.charts.palette import LINE, MAIN, TEXT, TRACK, WHITE
from dashboard.text import words

_LANE = 40
_BARS = {"group": "Status", "home": "Home", "legal status": "Legal status"}
#: The shape of each lane of dates.
SHAPES = {
    "PEP": "diamond",
    "Health": "square",
    "SDQ": "circle",
    "EHCP": "triangle-up",
    "Suspension": "cross",
    words.EXCLUDED: "triangle-down",
}


@dataclass(frozen=True)
class Event:
    """A dated event of a lane, in words."""

    lane: str
    day: date
    words: str


def draw_timeline(
    periods: pl.DataFrame, events: list[Event], *, handle: str, first: date, last: date
) -> Figure | None:
    """Return a child's periods and dates from `first` to `last`, or None if there are none.

    `periods` are rows of queries.read.child_periods. Only lanes with something in them are drawn,
    so a role that may not see a kind of data sees no trace of it.
    """
    bars = _bars(periods, first, last)
    shown = [event for event in events if first <= event.day <= last]
    if not bars and not shown:
        return None
    lanes = [lane for lane in _BARS if any(bar["lane"] == lane for bar in bars)]
    marks = [lane for lane in SHAPES if any(event.lane == lane for event in shown)]
    title = _title(bars, shown, first)
    return Figure(
        title=title,
        subtitle="Bars show periods and shapes show dates: what happened, but not why.",
        chart=style_layers(
            *_layers(bars, shown, lanes, marks, (first, last)),
            height=_LANE * (len(lanes) + len(marks)),
        ),
        alt_text=f"Timeline of {handle}. {title}. {_describe_all(bars, shown)}",
        table=_table(bars, shown),
    )


def _bars(periods: pl.DataFrame, first: date, last: date) -> list[dict[str, Any]]:
    """Return the periods that touch the window, in words."""
    bars: list[dict[str, Any]] = [
        {"lane": row["lane"], "label": row["label"], "start": row["start_date"], "end": end}
        for row in periods.to_dicts()
        if (end := row["end_date"]) is None or end > first
    ]
    for bar in bars:
        bar["from"], bar["to"] = max(bar["start"], first), min(bar["end"] or last, last)
        until = f"until {words.format_short_day(bar['end'])}" if bar["end"] else "to now"
        bar["spoken"] = f"{bar['label']}, from {words.format_short_day(bar['start'])} {until}"
    return bars


def _layers(
    bars: list[dict[str, Any]],
    events: list[Event],
    lanes: list[str],
    marks: list[str],
    window: tuple[date, date],
) -> list[alt.Chart]:
    order = [*lanes, *marks]
    x_scale = alt.Scale(domain=[day.isoformat() for day in window], type="utc", nice=False)
    axis = alt.Axis(title=None, format="%b %y", tickCount={"interval": "month", "step": 3},
                    labelOverlap="greedy", grid=True)  # fmt: skip
    y = alt.Y("lane:N", sort=order, scale=alt.Scale(domain=order), axis=None)
    layers = [_draw_bars(bars, x_scale, axis, y)] if bars else []
    if events:
        layers.append(_draw_events(events, x_scale, axis, y))
    heads = pl.DataFrame(
        {"lane": order, "label": [_describe_lane(lane, bars, events) for lane in order]}
    )
    text = (
        alt.Chart(heads)
        .mark_text(align="left", dy=-12, color=TEXT, limit=alt.ExprRef("width"))
        .encode(x=alt.value(0), y=y, text="label:N")
    )
    line = (
        alt.Chart(heads.filter(pl.col("lane").is_in(marks)))
        .mark_rule(color=LINE, strokeWidth=0.5, yOffset=9, aria=False)
        .encode(y=y)
    )
    return [line, *layers, text]


def _draw_bars(
    bars: list[dict[str, Any]], x_scale: alt.Scale, axis: alt.Axis, y: alt.Y
) -> alt.Chart:
    data = pl.DataFrame(
        [
            {"lane": bar["lane"], "from": str(bar["from"]), "to": str(bar["to"]),
             "spoken": f"{_BARS[bar['lane']]}: {bar['spoken']}"}
            for bar in bars
        ]
    )  # fmt: skip
    drawn: alt.Chart = (
        alt.Chart(data)
        .mark_bar(height=14, yOffset=9, color=TRACK, stroke=MAIN, strokeWidth=1)
        .encode(
            x=alt.X("from:T", scale=x_scale, axis=axis),
            x2="to:T",
            y=y,
            description=alt.Description("spoken:N"),
        )
    )
    return drawn


def _draw_events(events: list[Event], x_scale: alt.Scale, axis: alt.Axis, y: alt.Y) -> alt.Chart:
    points = pl.DataFrame(
        [
            {"lane": event.lane, "day": str(event.day),
             "spoken": f"{event.lane}: {event.words}"}
            for event in events
        ]
    )  # fmt: skip
    drawn: alt.Chart = (
        alt.Chart(points)
        .mark_point(filled=True, size=110, opacity=1, yOffset=9, color=MAIN, stroke=WHITE,
                    strokeWidth=1)
        .encode(
            x=alt.X("day:T", scale=x_scale, axis=axis),
            y=y,
            shape=alt.Shape(
                "lane:N",
                scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
                legend=None,
            ),
            description=alt.Description("spoken:N"),
        )
    )  # fmt: skip
    return drawn


def _describe_lane(lane: str, bars: list[dict[str, Any]], events: list[Event]) -> str:
    """Return the text above a lane: what is true now, or the newest date."""
    if lane in _BARS:
        periods = [bar for bar in bars if bar["lane"] == lane]
        now = [bar["label"] for bar in periods if bar["end"] is None]
        return f"{_BARS[lane]}: {words.format_list(now) if now else 'none now'}"
    newest = max((event for event in events if event.lane == lane), key=lambda event: event.day)
    return f"{lane}: {newest.words}"


def _title(bars: list[dict[str, Any]], events: list[Event], first: date) -> str:
    counted = [
        (sum(bar["lane"] == "home" for bar in bars), "home"),
        (sum(event.lane == "PEP" for event in events), "PEP"),
        (sum(event.lane == "SDQ" for event in events), "SDQ"),
        (sum(event.lane == "Suspension" for event in events), "suspension"),
        (sum(event.lane == words.EXCLUDED for event in events), words.EXCLUDED.lower()),
    ]
    parts = [words.format_count(number, noun) for number, noun in counted if number]
    since = f"since {first:%B %Y}"
    return (
        f"{words.capitalise(words.format_list(parts))} {since}"
        if parts
        else f"From {first:%B %Y} on"
    )


def _describe_all(bars: list[dict[str, Any]], events: list[Event]) -> str:
    parts = [f"{_BARS[bar['lane']]}: {bar['spoken']}" for bar in bars]
    parts += [f"{event.lane}: {event.words}" for event in events]
    return "; ".join(parts) + "."


def _table(bars: list[dict[str, Any]], events: list[Event]) -> pl.DataFrame:
    rows = [(bar["start"], _BARS[bar["lane"]], words.capitalise(bar["spoken"])) for bar in bars] + [
        (event.day, event.lane, words.capitalise(event.words)) for event in events
    ]
    rows.sort(key=lambda row: row[0], reverse=True)
    return pl.DataFrame(
        {
            "Day": [words.format_short_day(day) for day, _, _ in rows],
            "What": [lane for _, lane, _ in rows],
            "In words": [text for _, _, text in rows],
        }
    )
