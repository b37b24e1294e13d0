"""Two values of one thing, a row each: a dot for each with a line between, in the order given."""

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
    """One row: what it is of, its two values, and what a table says of each.

    first, second: None where there is none.  beside: what both are set beside, such as the
    whole school's on the same days; beside_from: where that began, for a band up to it.
    """

    name: str
    first: float | None
    second: float | None
    told: tuple[str, str]
    beside: float | None = None
    beside_told: str = ""
    beside_from: float | None = None


@dataclass(frozen=True)
class Wording:
    """What a chart of pairs says: its title, how to read it, and the names of its parts."""

    title: str
    subtitle: str
    names: tuple[str, str]
    axis: str
    beside: str = ""
    of: str = "Child"


def draw_pairs(pairs: list[Pair], wording: Wording) -> Figure | None:
    """A row for each pair; None without one."""
    if not pairs:
        return None
    marks = [
        {"row": n, "at": value, "kind": kind, "label": f"{pair.name}, {kind.lower()}: {told}"}
        for n, pair in enumerate(pairs)
        for value, kind, told in (
            (pair.beside, wording.beside, pair.beside_told),
            (pair.first, wording.names[0], pair.told[0]),
            (pair.second, wording.names[1], pair.told[1]),
        )
        if value is not None
    ]
    names = [*wording.names, *([wording.beside] if wording.beside else [])]
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(len(pairs)))))
    x = alt.X("at:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(title=wording.axis))
    rows = alt.Chart(
        pl.DataFrame(
            [
                {
                    "row": n,
                    "name": each.name,
                    "from": each.first,
                    "to": each.second,
                    "low": each.beside_from,
                    "high": each.beside,
                }
                for n, each in enumerate(pairs)
            ],
            infer_schema_length=None,
        )
    )
    line = rows.mark_rule(color=LINE, strokeWidth=2, yOffset=8, aria=False).encode(
        x=alt.X("from:Q", axis=alt.Axis(title=wording.axis)), x2="to:Q", y=y
    )
    band = (
        rows.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(color=TRACK, strokeWidth=_BAND, yOffset=8, aria=False)
        .encode(x=alt.X("low:Q", axis=alt.Axis(title=wording.axis)), x2="high:Q", y=y)
    )
    bands = [band] if any(each.beside_from is not None for each in pairs) else []
    dots = (
        alt.Chart(pl.DataFrame(marks))
        .mark_point(filled=True, opacity=1, yOffset=8)
        .encode(
            x=x,
            y=y,
            # what is beside lies under the dots, larger, so that both are seen where they meet
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
    # the name stands above its line, so that a long one fits on a phone
    named = rows.mark_text(
        align="left", dy=-8, color=TEXT, limit=alt.ExprRef("width"), aria=False
    ).encode(x=alt.XDatum(0), y=y, text="name:N")
    chart = style_layers(*bands, line, dots, named, height=_ROW * len(pairs), legend_rows=1)
    columns = {
        wording.of: [each.name for each in pairs],
        wording.names[0]: [each.told[0] for each in pairs],
        wording.names[1]: [each.told[1] for each in pairs],
    }
    if wording.beside:
        columns[wording.beside] = [each.beside_told for each in pairs]
    told = "; ".join(f"{each.name}: {each.told[0]}, then {each.told[1]}" for each in pairs)
    return Figure(
        title=wording.title,
        subtitle=wording.subtitle,
        chart=chart,
        alt_text=f"Chart with {len(pairs)} pairs of dots. {wording.title}. {told}.",
        table=pl.DataFrame(columns),
    )
