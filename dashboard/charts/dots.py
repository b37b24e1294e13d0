"""Chart 1: who is missing school?  A dot for each child, in the order of the year groups."""

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure, outline_text, style_layers
from dashboard.charts.palette import LINE, MAIN, NEEDS_ATTENTION, QUIET_TEXT, TEXT, TRACK
from dashboard.text import rules, words

_ROW = 36
_USUAL_FLOOR = 50


def draw_child_dots(
    members: pl.DataFrame, *, threshold: float, school_rate: float | None
) -> Figure | None:
    """Sessions attended this year, a row a child; None when no child has weeks enough for a dot.

    `members` are rows of queries.read.members in their order.  `threshold` is the share
    of sessions missed at which the dashed line stands, `school_rate` the whole school's
    absence rate, None where not recorded.  A child with too few weeks has words, no dot.
    """
    rows = members.filter(pl.col("possible_sessions") > 0)
    if rows.filter(~pl.col("is_too_early")).is_empty():
        return None
    data = rows.select(
        child=pl.concat_str(
            pl.col("handle"),
            pl.col("year_group").map_elements(words.format_year_group, pl.String),
            separator=", ",
        ),
        label=pl.struct("absent_sessions", "possible_sessions", "is_too_early").map_elements(
            _label, pl.String
        ),
        attended=pl.when(~pl.col("is_too_early")).then((1 - pl.col("absence_rate")) * 100),
        kind=pl.when(pl.col("is_persistent_absentee"))
        .then(pl.lit(words.capitalise(rules.describe_persistent(threshold))))
        .otherwise(pl.lit("Missed less")),
    )
    floor = _USUAL_FLOOR if float(str(data["attended"].min())) >= _USUAL_FLOOR else 0
    return Figure(
        title=_title(rows, threshold),
        subtitle=_subtitle(rows, threshold),
        chart=style_layers(
            *_layers(data, floor, threshold, school_rate), height=_ROW * (data.height + 1)
        ),
        alt_text=_alt_text(rows, data, threshold, school_rate),
        table=_table(rows),
    )


def _layers(
    data: pl.DataFrame, floor: int, threshold: float, school_rate: float | None
) -> list[alt.Chart]:
    order = [" ", *data["child"]]
    # handle above year group: both fit beside the track on a phone
    lines = alt.Axis(
        labelExpr="split(datum.label, ', ')", labelLineHeight=14, labelOffset=-7,
        ticks=False, domain=False,
        labelPadding=8, title=None, grid=False, labelLimit=150,
    )  # fmt: skip
    child = alt.Y("child:N", sort=order, scale=alt.Scale(domain=order), axis=lines)
    scale = alt.Scale(domain=[floor, 100], nice=False, zero=False)
    axis = alt.Axis(title="Sessions attended this year so far (%)", tickCount=5, format="d")
    attended = alt.X("attended:Q", scale=scale, axis=axis)
    start = alt.XDatum(floor, scale=scale)
    base = alt.Chart(data)
    track = base.mark_rule(aria=False, color=TRACK, strokeWidth=2, yOffset=7).encode(
        x=start, x2=alt.X2Datum(100), y=child
    )
    label = outline_text(
        base.encode(x=start, y=child, text="label:N"), align="left", dx=1, dy=-7, color=TEXT
    )
    shapes = [words.capitalise(rules.describe_persistent(threshold)), "Missed less"]
    dot = (
        base.transform_filter("isValid(datum.attended)")
        .mark_point(filled=True, size=110, opacity=1, yOffset=7)
        .encode(
            x=attended,
            y=child,
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=shapes, range=["triangle-down", "circle"]),
                legend=None,
            ),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=shapes, range=[NEEDS_ATTENTION, MAIN]),
                legend=None,
            ),
            description=alt.Description("spoken:N"),
        )
        .transform_calculate(spoken="datum.child + ': ' + datum.label")
    )  # fmt: skip
    lines_at = [(100 - threshold * 100, f"{rules.format_share(threshold)} missed", 9, [5, 4])]
    if school_rate is not None:
        share = 100 - school_rate * 100
        lines_at.append((share, f"Whole school {share:.1f}%", -7, [2, 3]))
    layers = [track]
    for value, name, offset, dash in lines_at:
        mark = alt.Chart(pl.DataFrame({"at": [value], "name": [name], "child": [" "]}))
        at = alt.X("at:Q", scale=scale, axis=axis)
        layers.append(mark.mark_rule(color=LINE, strokeDash=dash, strokeWidth=1.5).encode(x=at))
        layers += outline_text(
            mark.encode(x=at, y=child, text="name:N"),
            align="right", dx=-4, dy=offset, color=QUIET_TEXT,
        )  # fmt: skip
    return [*layers, *label, dot]


def _label(row: dict[str, int | bool]) -> str:
    missed = words.format_part(int(row["absent_sessions"]), int(row["possible_sessions"]))
    return f"Too early: {missed}" if row["is_too_early"] else f"{missed} missed"


def _counts(rows: pl.DataFrame) -> tuple[int, int]:
    """How many are persistently absent, of how many with enough weeks to say."""
    ready = rows.filter(~pl.col("is_too_early"))
    return ready.filter(pl.col("is_persistent_absentee")).height, ready.height


def _title(rows: pl.DataFrame, threshold: float) -> str:
    many, ready = _counts(rows)
    missed = rules.describe_persistent(threshold)
    if many == 0:
        who = "The child has not" if ready == 1 else "No child has"
        return f"{who} {missed}"
    if ready == 1:
        return f"1 child has {missed}"
    return f"{many} of {ready} children {words.pluralise(many, 'has')} {missed}"


def _subtitle(rows: pl.DataFrame, threshold: float) -> str:
    parts = [
        "Each dot is one child, by year group and handle.",
        "Further right means more sessions attended.",
        f"A triangle: {rules.describe_persistent(threshold)}.",
    ]
    early = rows.filter(pl.col("is_too_early")).height
    if early:
        has = words.pluralise(early, "has")
        parts.append(f"{words.format_count(early, 'child')} {has} too few school weeks for a dot.")
    return " ".join(parts)


def _alt_text(
    rows: pl.DataFrame, data: pl.DataFrame, threshold: float, school_rate: float | None
) -> str:
    children = words.format_count(rows.height, "child")
    parts = [f"Dot plot of {children}.", f"{_title(rows, threshold)}."]
    attended = data["attended"].drop_nulls()
    low, high = float(str(attended.min())), float(str(attended.max()))
    reach = f"from {low:.1f}% to {high:.1f}%" if attended.len() > 1 else f"{low:.1f}%"
    parts.append(f"Sessions attended: {reach}.")
    if school_rate is not None:
        parts.append(f"Whole school: {100 - school_rate * 100:.1f}% of sessions.")
    return " ".join(parts)


def _table(rows: pl.DataFrame) -> pl.DataFrame:
    attended = (
        pl.when(pl.col("is_too_early"))
        .then(pl.lit(words.TOO_EARLY))
        .otherwise(pl.format("{}%", ((1 - pl.col("absence_rate")) * 100).round(1)))
    )
    return rows.select(
        pl.col("handle").alias("Child"),
        pl.col("year_group").map_elements(words.format_year_group, pl.String).alias("Year group"),
        words.format_part_columns("absent_sessions", "possible_sessions").alias("Sessions missed"),
        attended.alias("Attended"),
    )
