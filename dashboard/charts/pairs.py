"""A chart with a row for each pair of values: two dots with a line between, in the order given."""

from dataclasses import dataclass

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.layers import style_layers
from dashboard.charts.palette import LINE, MAIN, NEEDS_ATTENTION, QUIET_LINE, TEXT, TRACK

_ROW = 40
_BAND = 14


@dataclass(frozen=True)
class Pair:
    """A row: its name, its two values, and the text that the table has for each value.

    `first` and `second` are None where there is no value. `beside` is a value to compare both
    with, such as the whole school's. `beside_from` is the start of a band that ends there.
    """

    name: str
    first: float | None
    second: float | None
    texts: tuple[str, str]
    beside: float | None = None
    beside_text: str = ""
    beside_from: float | None = None


@dataclass(frozen=True)
class Wording:
    """The texts of a chart of pairs: its title, how to read it, and the names of its parts."""

    title: str
    subtitle: str
    names: tuple[str, str]
    axis: str
    beside: str = ""
    of: str = "Child"


def draw_pairs(pairs: list[Pair], wording: Wording) -> Figure | None:
    """Return a chart with a row for each pair, or None if there are no pairs."""
    if not pairs:
        return None
    layers = [*_draw_lines(pairs, wording.axis), _draw_dots(pairs, wording)]
    columns = {
        wording.of: [pair.name for pair in pairs],
        wording.names[0]: [pair.texts[0] for pair in pairs],
        wording.names[1]: [pair.texts[1] for pair in pairs],
    }
    if wording.beside:
        columns[wording.beside] = [pair.beside_text for pair in pairs]
    spoken = "; ".join(f"{pair.name}: {pair.texts[0]}, then {pair.texts[1]}" for pair in pairs)
    return Figure(
        title=wording.title,
        subtitle=wording.subtitle,
        chart=style_layers(*layers, height=_ROW * len(pairs), legend_rows=1),
        alt_text=f"Chart with {len(pairs)} pairs of dots. {wording.title}. {spoken}.",
        table=pl.DataFrame(columns),
    )


def _place_rows(pairs: list[Pair]) -> alt.Y:
    return alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(len(pairs)))))


def _draw_lines(pairs: list[Pair], axis: str) -> list[alt.Chart]:
    """Return the band of each row, if any row has one, then the line and the name of each row."""
    y = _place_rows(pairs)
    rows = alt.Chart(
        pl.DataFrame(
            [
                {
                    "row": n,
                    "name": pair.name,
                    "from": pair.first,
                    "to": pair.second,
                    "low": pair.beside_from,
                    "high": pair.beside,
                }
                for n, pair in enumerate(pairs)
            ],
            infer_schema_length=None,
        )
    )
    line = rows.mark_rule(color=LINE, strokeWidth=2, yOffset=8, aria=False).encode(
        x=alt.X("from:Q", axis=alt.Axis(title=axis)), x2="to:Q", y=y
    )
    band = (
        rows.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(color=TRACK, strokeWidth=_BAND, yOffset=8, aria=False)
        .encode(x=alt.X("low:Q", axis=alt.Axis(title=axis)), x2="high:Q", y=y)
    )
    bands = [band] if any(pair.beside_from is not None for pair in pairs) else []
    # the name stands above its line, so that a long one fits on a phone
    named = rows.mark_text(
        align="left", dy=-8, color=TEXT, limit=alt.ExprRef("width"), aria=False
    ).encode(x=alt.XDatum(0), y=y, text="name:N")
    return [*bands, line, named]


def _draw_dots(pairs: list[Pair], wording: Wording) -> alt.Chart:
    """Return the two dots of each pair, and the mark of the value beside them."""
    marks = [
        {"row": n, "at": value, "kind": kind, "label": f"{pair.name}, {kind.lower()}: {text}"}
        for n, pair in enumerate(pairs)
        for value, kind, text in (
            (pair.beside, wording.beside, pair.beside_text),
            (pair.first, wording.names[0], pair.texts[0]),
            (pair.second, wording.names[1], pair.texts[1]),
        )
        if value is not None
    ]
    names = [*wording.names, *([wording.beside] if wording.beside else [])]
    dots: alt.Chart = (
        alt.Chart(pl.DataFrame(marks))
        .mark_point(filled=True, opacity=1, yOffset=8)
        .encode(
            x=alt.X(
                "at:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(title=wording.axis)
            ),
            y=_place_rows(pairs),
            # the value beside is larger and under the dots, so that both are seen where they meet
            size=alt.condition(alt.datum.kind == wording.beside, alt.value(250), alt.value(90)),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=names, range=[QUIET_LINE, MAIN, NEEDS_ATTENTION])
            ),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=names, range=["circle", "diamond", "cross"])
            ),
            description=alt.Description("label:N"),
        )
    )
    return dots
