"""Chart 3: when does this child miss school?  A cell is a session, and a column is a week."""

from datetime import date, timedelta

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure
from dashboard.charts.layers import style_layers
from dashboard.charts.palette import QUIET_LINE, SESSION_COLOURS, WHITE
from dashboard.text import words

_ROW = 17
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: The title names a weekday with over half of the missed sessions, if at least so many are missed.
_PATTERN_FROM = 4
_TERMS = {**dict.fromkeys((8, 9, 10, 11, 12), "Autumn term"),
          **dict.fromkeys((1, 2, 3), "Spring term"),
          **dict.fromkeys((4, 5, 6, 7), "Summer term")}  # fmt: skip
_BREAK = timedelta(days=14)


def split_by_term(sessions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Split the rows of pupil_session of one academic year by term, newest term first.

    A break of more than two weeks between marks ends a term, as at Christmas and Easter. A term
    is named after the month of its first day. Stretches with the same name are one term.
    """
    kept = sessions.filter(pl.col("kind").is_null() | (pl.col("kind").cast(pl.String) != "closed"))
    names: list[str] = []
    days = kept["session_date"].unique().sort().to_list()
    before: date | None = None
    for value in days:
        if before is None or value - before > _BREAK:
            names.append(f"{_TERMS[value.month].lower()} {value.year}")
        else:
            names.append(names[-1])
        before = value
    terms = pl.DataFrame(
        {"session_date": days, "term": names}, schema={"session_date": pl.Date, "term": pl.String}
    )
    joined = kept.join(terms, on="session_date", how="inner", maintain_order="left")
    return {
        name: joined.filter(pl.col("term") == name).drop("term")
        for name in reversed(list(dict.fromkeys(names)))
    }


def draw_register_calendar(sessions: pl.DataFrame, *, handle: str, when: str) -> Figure | None:
    """Return the register of one child as a calendar, or None if there are no sessions.

    `sessions` are rows of queries.read.child_sessions. `when` names the stretch that they cover,
    such as "autumn term 2026".
    """
    if sessions.is_empty():
        return None
    data = _cells(sessions)
    kinds = [kind for kind in SESSION_COLOURS if kind in data["kind"].to_list()]
    return Figure(
        title=_title(sessions, when),
        subtitle=_subtitle(kinds),
        chart=style_layers(
            *_layers(data, kinds, sessions),
            height=_ROW * 2 * _count_weekdays(sessions),
            legend_rows=(len(kinds) + 1) // 2,
        ),
        alt_text=f"Attendance calendar for {handle}, one column for each week. "
        f"{_title(sessions, when)}.",
        table=_table(data),
    )


def _cells(sessions: pl.DataFrame) -> pl.DataFrame:
    weekday = pl.col("session_date").dt.weekday()
    short = [name[:3] for name in _DAYS]
    return sessions.select(
        week=pl.col("session_date").dt.truncate("1w").map_elements(words.format_week, pl.String),
        row=pl.concat_str(
            weekday.replace_strict(range(1, 8), short, return_dtype=pl.String),
            pl.col("half").cast(pl.String),
            separator=" ",
        ),
        kind=pl.col("kind").cast(pl.String).fill_null("code not known"),
        code=pl.col("code"),
        meaning=pl.col("label").fill_null(pl.lit(words.NOT_RECORDED)),
        day=pl.col("session_date").map_elements(words.format_day, pl.String),
        half=pl.col("half").cast(pl.String),
    ).with_columns(
        meaning=pl.when(pl.col("kind") == "code not known")
        .then(pl.lit("an unknown attendance code"))
        .otherwise(pl.col("meaning")),
        letter=pl.when(pl.col("kind") == "present")
        .then(pl.lit(""))
        .otherwise(pl.col("code").fill_null("-")),
    )


def _count_weekdays(sessions: pl.DataFrame) -> int:
    """Count the weekdays that the calendar shows: five, or more if a mark is on a weekend."""
    return max(5, int(str(sessions["session_date"].dt.weekday().max())))


def _layers(data: pl.DataFrame, kinds: list[str], sessions: pl.DataFrame) -> list[alt.Chart]:
    rows = [
        f"{name[:3]} {half}" for name in _DAYS[: _count_weekdays(sessions)] for half in ("AM", "PM")
    ]
    monday = sessions["session_date"].dt.truncate("1w")
    mondays = monday.unique().sort().to_list()
    count = (mondays[-1] - mondays[0]).days // 7 + 1
    weeks = [words.format_week(mondays[0] + timedelta(weeks=number)) for number in range(count)]
    shown = data.with_columns(
        kind=pl.col("kind").map_elements(words.capitalise, pl.String)
    ).with_columns(
        spoken=pl.format("{} {}: {}", "day", "half", "meaning"),
        ink=data["kind"].replace_strict({kind: SESSION_COLOURS[kind][1] for kind in kinds}),
    )
    names = [words.capitalise(kind) for kind in kinds]
    fills = [SESSION_COLOURS[kind][0] for kind in kinds]
    edges = [QUIET_LINE if fill == WHITE else fill for fill in fills]
    base = alt.Chart(shown.select("week", "row", "kind", "letter", "ink", "spoken")).encode(
        x=alt.X(
            "week:O", sort=weeks, scale=alt.Scale(domain=weeks, paddingInner=0.06),
            axis=alt.Axis(
                title=None, labelAngle=0, labelOverlap="greedy", ticks=False, domain=False
            ),
        ),
        y=alt.Y(
            "row:O", sort=rows, scale=alt.Scale(domain=rows, paddingInner=0.08),
            axis=alt.Axis(title=None, ticks=False, domain=False),
        ),
    )  # fmt: skip
    cells = base.mark_rect(strokeWidth=1).encode(
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=names, range=fills),
            legend=alt.Legend(columns=2, symbolType="square", symbolSize=140,
                              symbolStrokeColor=QUIET_LINE),
        ),
        stroke=alt.Stroke("kind:N", scale=alt.Scale(domain=names, range=edges), legend=None),
        description=alt.Description("spoken:N"),
    )  # fmt: skip
    letters = base.mark_text(fontWeight="bold", fontSize=11).encode(
        text="letter:N", color=alt.Color("ink:N", scale=None)
    )
    return [cells, letters]


def _title(sessions: pl.DataFrame, when: str) -> str:
    possible = sessions.filter(pl.col("is_possible")).height
    missed = sessions.filter(pl.col("is_absent"))
    if possible == 0:
        return f"No possible sessions in {when}"
    if missed.is_empty():
        return f"Missed none of {words.format_count(possible, 'session')} in {when}"
    text = f"Missed {words.format_part(missed.height, possible)} in {when}"
    days = missed["session_date"].dt.weekday().value_counts(sort=True)
    most, times = days.row(0)
    if missed.height >= _PATTERN_FROM and times * 2 > missed.height:
        return f"{text}, {times} of them on {_DAYS[most - 1]}s"
    return text


def _subtitle(kinds: list[str]) -> str:
    parts = [
        "Each column is a week. Each square is a session, with its attendance code.",
        "Fewer absences are better.",
    ]
    if "not recorded" in kinds:
        parts.append("A dash means not recorded.")
    parts.append("White without an edge means no school.")
    return " ".join(parts)


def _table(data: pl.DataFrame) -> pl.DataFrame:
    """Return every session that is not plainly present, newest first."""
    return (
        data.filter(pl.col("kind") != "present")
        .reverse()
        .select(
            pl.col("day").alias("Day"),
            pl.col("half").alias("Session"),
            pl.col("code").fill_null("-").alias("Code"),
            pl.col("meaning").map_elements(words.capitalise, pl.String).alias("Meaning"),
        )
    )
