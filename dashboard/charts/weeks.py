"""Chart of the sessions that the group attended each week, with a line for the whole school."""

from datetime import timedelta

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.layers import style_layers
from dashboard.charts.palette import LINE, MAIN, TRACK
from dashboard.text import words

_HEIGHT = 220
#: The quantiles between which the middle half of a year's weeks lies.
_MIDDLE_HALF = (0.25, 0.75)
_USUAL_FLOOR = 70
_GROUP, _SCHOOL = "This group", "Whole school"


def draw_week_lines(
    weeks: pl.DataFrame,
    before: pl.DataFrame | None = None,
    whose: str = "whoever was in the group",
    home_of: str = "school",
) -> Figure | None:
    """Return the share of sessions attended in each school week, or None if there is no week.

    `weeks` are rows of queries.read.cohort_weeks, oldest first. The line is broken in weeks without
    a possible session. If the whole school is not recorded, its line is absent and the subtitle
    says so. A home of many schools has no such line. `before` has the group's weeks of the school
    year before, whose middle half is shaded. `whose` names the children in the subtitle.
    """
    marked = weeks.filter(pl.col("possible_sessions") > 0)
    if marked.is_empty():
        return None
    if home_of != "school":
        marked = marked.with_columns(school_absence_rate=pl.lit(None, pl.Float64))
    data = _unpivot(marked)
    has_school = marked["school_absence_rate"].is_not_null().any()
    names = [_GROUP, _SCHOOL] if has_school else [_GROUP]
    usual = _find_usual_range(before)
    lowest = min([float(str(data["attended"].min())), *(usual or ())])
    floor = _USUAL_FLOOR if lowest >= _USUAL_FLOOR else 0
    return Figure(
        title=_title(marked),
        subtitle=_subtitle(
            marked, floor, usual, whose, has_school=bool(has_school) or home_of != "school"
        ),
        chart=style_layers(*_draw_layers(data, names, floor, usual), height=_HEIGHT, legend_rows=1),
        alt_text=_alt_text(marked, usual),
        table=_table(marked).drop([] if home_of == "school" else ["Whole school"]),
    )


def _draw_layers(
    data: pl.DataFrame, names: list[str], floor: float, usual: tuple[float, float] | None
) -> list[alt.Chart]:
    """Return the usual range, if there is one, and a line with dots for each series."""
    order = data["week"].unique(maintain_order=True).to_list()
    base = alt.Chart(data).encode(
        x=alt.X(
            "week:O",
            scale=alt.Scale(domain=order),
            axis=alt.Axis(title="Week starting", labelAngle=0, labelOverlap="greedy", grid=False),
        ),
        y=alt.Y(
            "attended:Q",
            scale=alt.Scale(domain=[floor, 100], nice=False, zero=False),
            axis=alt.Axis(title="Sessions attended (%)", tickCount=4, format="d"),
        ),
        color=alt.Color("series:N", scale=alt.Scale(domain=names, range=[MAIN, LINE])),
    )
    bands = [
        alt.Chart(pl.DataFrame({"low": [low], "high": [high]}))
        .mark_rect(color=TRACK, aria=False)
        .encode(y=alt.Y("low:Q"), y2="high:Q")
        for low, high in ([usual] if usual else [])
    ]
    line = base.mark_line(strokeWidth=2, interpolate="linear").encode(
        strokeDash=alt.StrokeDash("series:N", scale=alt.Scale(domain=names, range=[[1, 0], [4, 3]]))
    )
    dot = (
        base.transform_filter("isValid(datum.attended)")
        .mark_point(filled=True, opacity=1)
        .encode(
            shape=alt.Shape("series:N", scale=alt.Scale(domain=names, range=["circle", "diamond"])),
            size=alt.value(50),
            description=alt.Description("label:N"),
        )
    )
    return [*bands, line, dot]


def _find_usual_range(before: pl.DataFrame | None) -> tuple[float, float] | None:
    """Return the lowest and highest share, in per cent, of the middle half of the weeks, if any."""
    if before is None:
        return None
    rates = before.filter(pl.col("possible_sessions") > 0)["absence_rate"].drop_nulls()
    low, high = (rates.quantile(part, "linear") for part in _MIDDLE_HALF)
    return None if low is None or high is None else ((1 - high) * 100, (1 - low) * 100)


def _describe_usual_range(usual: tuple[float, float] | None) -> str:
    if usual is None:
        return ""
    return f"In half of last year's weeks, attendance was {usual[0]:.1f}% to {usual[1]:.1f}%"


def _unpivot(marked: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each week and series, blank for weeks in between that have no sessions."""
    rows: list[dict[str, object]] = []
    weeks = {row["week_start"]: row for row in marked.to_dicts()}
    monday, last = min(weeks), max(weeks)
    while monday <= last:
        row = weeks.get(monday, {})
        for series, column in ((_GROUP, "absence_rate"), (_SCHOOL, "school_absence_rate")):
            rate = row.get(column)
            share = None if rate is None else (1 - rate) * 100
            label = "" if share is None else f"{series}, {words.format_week(monday)}: {share:.1f}%"
            rows.append(
                {
                    "week": words.format_week(monday),
                    "series": series,
                    "attended": share,
                    "label": label,
                }
            )
        monday += timedelta(weeks=1)
    schema = {
        "week": pl.String, "series": pl.String, "attended": pl.Float64, "label": pl.String
    }  # fmt: skip
    data = pl.DataFrame(rows, schema=schema)
    school_is_there = data.filter(pl.col("series") == _SCHOOL)["attended"].is_not_null().any()
    return data if school_is_there else data.filter(pl.col("series") == _GROUP)


def _compare_with_school(marked: pl.DataFrame) -> tuple[int, int]:
    """Count the weeks in which the group missed no larger share than the school, of all weeks."""
    both = marked.filter(pl.col("school_absence_rate").is_not_null())
    as_much = both.filter(pl.col("absence_rate") <= pl.col("school_absence_rate"))
    return as_much.height, both.height


def _title(marked: pl.DataFrame) -> str:
    as_much, both = _compare_with_school(marked)
    if both == 0:
        return f"Sessions attended in {words.format_count(marked.height, 'school week')}"
    if as_much == 0:
        return f"The whole school attended more in {_format_weeks(both)}"
    if as_much == both:
        return f"Attended at least as much as the whole school in {_format_weeks(both)}"
    return f"Attended at least as much as the whole school in {as_much} of {both} weeks"


def _format_weeks(weeks: int) -> str:
    return "the one week so far" if weeks == 1 else f"all {weeks} weeks"


def _subtitle(
    marked: pl.DataFrame,
    floor: int,
    usual: tuple[float, float] | None,
    whose: str,
    *,
    has_school: bool,
) -> str:
    parts = [f"Each point is one school week of {whose}. Higher is better."]
    if usual:
        parts.append(f"{_describe_usual_range(usual)} (shaded).")
    if floor:
        parts.append(f"The scale starts at {floor}%.")
    if not has_school:
        parts.append("The whole school's weeks are not recorded, so its line is not drawn.")
    elif 0 < marked["school_absence_rate"].null_count() < marked.height:
        parts.append("Some weeks of the whole school are not recorded.")
    return " ".join(parts)


def _alt_text(marked: pl.DataFrame, usual: tuple[float, float] | None) -> str:
    shares = (1 - marked["absence_rate"]) * 100
    low, high = float(str(shares.min())), float(str(shares.max()))
    return (
        f"Line chart of {words.format_count(marked.height, 'school week')}. {_title(marked)}. "
        f"The lowest week was {low:.1f}% and the highest {high:.1f}%."
        + (f" {_describe_usual_range(usual)}." if usual else "")
    )


def _table(marked: pl.DataFrame) -> pl.DataFrame:
    def share(column: str) -> pl.Expr:
        shown = pl.format("{}%", ((1 - pl.col(column)) * 100).round(1))
        return shown.fill_null(words.NOT_RECORDED)

    return marked.select(
        pl.col("week_start").map_elements(words.format_short_day, pl.String).alias("Week starting"),
        words.format_part_columns("absent_sessions", "possible_sessions").alias("Sessions missed"),
        share("absence_rate").alias("Attended"),
        share("school_absence_rate").alias("Whole school"),
    )
