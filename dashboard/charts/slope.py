"""Chart 2: is life getting easier?  Each child's last two scores by the same informant."""

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.layers import outline_text, style_layers
from dashboard.charts.palette import BANDS, LINE, MAIN, TEXT
from dashboard.text import scores as score_words
from dashboard.text import words
from queries.read import Row

_HEIGHT = 390
_HIGHEST = 40
#: Labels this far apart, in points of the scale, do not touch.
_APART = 1.6
_BEFORE, _NOW, _RIGHT = 0.14, 0.5, 1.0


def draw_score_slope(scores: pl.DataFrame, informant: str, bands: pl.DataFrame) -> Figure | None:
    """The newest score of each child beside the one before; None where no child has two.

    `scores` are rows of queries.read.sdq, `bands` those of queries.read.sdq_bands for the
    informant.  All lines look alike: a change on one child has no threshold.
    """
    own = scores.filter((pl.col("informant") == informant) & pl.col("total").is_not_null())
    newest = own.group_by("pupil_id", maintain_order=True).last()
    if newest["change"].drop_nulls().is_empty():
        return None
    rows = newest.to_dicts()
    return Figure(
        title=_title(rows, informant),
        subtitle=_subtitle(rows, informant, bands),
        chart=style_layers(*_layers(rows, bands), height=_HEIGHT),
        alt_text=_alt_text(rows, informant),
        table=_table(rows),
    )


def _layers(rows: list[Row], bands: pl.DataFrame) -> list[alt.Chart]:
    x_scale = alt.Scale(domain=[0, _RIGHT], nice=False)
    y_scale = alt.Scale(domain=[0, _HIGHEST], nice=False)
    x_axis = alt.Axis(
        title=None, values=[_BEFORE, _NOW], grid=False, ticks=False, domain=False,
        labelExpr=f"datum.value < {(_BEFORE + _NOW) / 2} ? 'Score before' : 'Newest score'",
    )  # fmt: skip
    x = alt.X("x:Q", scale=x_scale, axis=x_axis)
    y_axis = alt.Axis(title="Score, 0 to 40", tickCount=5, format="d", grid=False)
    y = alt.Y("total:Q", scale=y_scale, axis=y_axis)
    shades = pl.DataFrame(
        [
            {
                "low": max(row["lowest"] - 0.5, 0),
                "high": min(row["highest"] + 0.5, _HIGHEST),
                "band": row["band"],
            }
            for row in bands.to_dicts()
        ]
    )
    ground = (
        alt.Chart(shades)
        .mark_rect(aria=False)
        .encode(
            x=alt.XDatum(0, scale=x_scale),
            x2=alt.X2Datum(_RIGHT),
            y=alt.Y("low:Q", scale=y_scale, axis=y_axis),
            y2="high:Q",
            color=alt.Color(
                "band:N",
                scale=alt.Scale(domain=list(BANDS), range=list(BANDS.values())),
                legend=None,
            ),
        )
    )
    points = []
    totals = _totals(rows)
    for row, total, place in zip(rows, totals, _label_places(totals), strict=True):
        label = {"label": f"{row['handle']} {total}", "at": place, "x": _NOW}
        spoken = (
            f"{row['handle']}: {score_words.describe_score(row)}, "
            f"{score_words.describe_change(row)}"
        )
        points.append({**label, "total": total, "child": row["handle"], "spoken": spoken})
        if row["change"] is not None:
            before = {"label": "", "at": None, "x": _BEFORE, "total": total - row["change"]}
            spoken = f"{row['handle']}: {before['total']} before"
            points.append({**before, "child": row["handle"], "spoken": spoken})
    data = alt.Chart(pl.DataFrame(points, infer_schema_length=None))
    line = data.mark_line(color=LINE, strokeWidth=1.5, aria=False).encode(
        x=x, y=y, detail="child:N"
    )
    dot = data.mark_point(filled=True, size=70, opacity=1, color=MAIN).encode(
        x=x, y=y, description=alt.Description("spoken:N")
    )
    named = data.transform_filter("datum.label != ''").encode(
        x=x, y=alt.Y("at:Q", scale=y_scale, axis=y_axis), text="label:N"
    )
    return [ground, line, dot, *outline_text(named, align="left", dx=12, color=TEXT)]


def _label_places(totals: list[int]) -> list[float]:
    """Heights at which labels of these scores do not touch, each near its score.

    Labels that would touch are one block, centred on its scores.
    """
    order = sorted(range(len(totals)), key=lambda n: totals[n])
    blocks: list[list[int]] = []
    for n in order:
        blocks.append([n])
        while len(blocks) > 1 and _top(blocks[-2], totals) + _APART > _foot(blocks[-1], totals):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    places = [0.0] * len(totals)
    for block in blocks:
        for step, n in enumerate(block):
            places[n] = _foot(block, totals) + step * _APART
    return places


def _foot(block: list[int], totals: list[int]) -> float:
    """The height of a block's lowest label."""
    half = (len(block) - 1) * _APART / 2
    middle = sum(totals[n] for n in block) / len(block)
    return max(min(middle - half, _HIGHEST - 2 * half), 0)


def _top(block: list[int], totals: list[int]) -> float:
    return _foot(block, totals) + (len(block) - 1) * _APART


def _moves(rows: list[Row]) -> list[int]:
    return [change for row in rows if (change := row["change"]) is not None]


def _totals(rows: list[Row]) -> list[int]:
    """The newest score of each child: a row without one is no row of this chart."""
    return [total for row in rows if (total := row["total"]) is not None]


def _title(rows: list[Row], informant: str) -> str:
    moves = _moves(rows)
    by = f"Scores by {score_words.format_informant(informant)}"
    down = sum(change < 0 for change in moves)
    if len(moves) == 1:
        way = "lower than" if moves[0] < 0 else ("higher than" if moves[0] else "the same as")
        return f"{by}: {way} before for the 1 child with two"
    return f"{by}: lower than before for {down} of {len(moves)} children"


def _subtitle(rows: list[Row], informant: str, bands: pl.DataFrame) -> str:
    parts = [
        "Each line is one child, both scores on the same kind of form.",
        "A lower score is better: it means fewer difficulties.",
        score_words.describe_band_limits(informant, bands),
    ]
    alone = len(rows) - len(_moves(rows))
    if alone:
        parts.append(
            f"{words.format_count(alone, 'child')} {words.pluralise(alone, 'has')} one score only."
        )
    return " ".join(parts)


def _alt_text(rows: list[Row], informant: str) -> str:
    moves = _moves(rows)
    up, same = sum(change > 0 for change in moves), moves.count(0)
    totals = _totals(rows)
    counted = words.capitalise(words.format_count(len(rows), "newest score"))
    return (
        f"Slope of scores for {words.format_count(len(rows), 'child')}. {_title(rows, informant)}. "
        f"Higher for {up}, the same for {same}. {counted}, from {min(totals)} to {max(totals)}."
    )


def _table(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Child": [row["handle"] for row in rows],
            "Newest score": [str(row["total"]) for row in rows],
            "Day": [words.format_short_day(row["sdq_date"]) for row in rows],
            "Band": [
                words.capitalise(score_words.describe_band(row).split(",", 1)[0]) for row in rows
            ],
            "Change": [words.capitalise(score_words.describe_change(row)) for row in rows],
        }
    )
