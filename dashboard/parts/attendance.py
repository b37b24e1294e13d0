"""The parts of Attendance: a line a child, suspensions, marks without a reason, the years.

A child's line has the share of sessions as a mark on a track, the figures and the weekdays.
Order is year group, then A to Z, whatever is missed: a filter finds, and nothing ranks.
"""

from collections import Counter
from functools import lru_cache

import polars as pl
import streamlit as st
from markupsafe import Markup

from dashboard.text import duty_tables, rules, sentences, tables, words
from dashboard.ui import components, names, rows
from queries import read
from safeguards.access import access

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
#: A weekday stands out from so many missed sessions on.
_FEW = 3
#: The track's left end, a share of sessions attended; 0 where a child attended less.
_USUAL_FLOOR = 0.5


def render_children(
    session: access.Session, members: pl.DataFrame, school_rate: float | None
) -> None:
    """The children of the group, those too early in the year with words instead of a mark.

    school_rate: the whole school's share of sessions missed this year, None if not recorded.
    """
    share = read.fetch_threshold(session, "persistent_absence")
    marked = members.filter(pl.col("possible_sessions") > 0)
    much = f"▼ {words.capitalise(rules.format_ratio(share))} or more"
    only = components.render_filters("Show only", [much, _LATE], "show")
    shown = marked.filter("is_persistent_absentee") if much in only else marked
    if _LATE in only:
        shown = shown.filter(pl.col("late_sessions") > 0)
    persistent = marked.filter("is_persistent_absentee").height
    ready = marked.filter(~pl.col("is_too_early")).height
    st.header(
        f"{persistent} of {words.format_count(ready, 'child')} {rules.describe_persistent(share)}",
        anchor=False,
    )
    if shown.is_empty():
        st.markdown("No child matches. Take a filter away.")
        return
    attended = [1 - rate for rate in shown["absence_rate"].to_list() if rate is not None]
    floor = _USUAL_FLOOR if min(attended, default=1) >= _USUAL_FLOOR else 0.0
    weekdays, none_missed = _count_weekdays(session), (0,) * len(_DAYS)
    with st.container(key="list-attendance"):
        with rows.open_row("dot", "heads"):
            rows.render_html(_format_heads(floor))
        for child in shown.to_dicts():
            kind = "much-" if child["is_persistent_absentee"] and not child["is_too_early"] else ""
            with rows.open_row("dot", f"{kind}{child['handle']}"):
                rows.render_child_link(session, child["pupil_id"], child["handle"])
                rows.render_cells(
                    rows.format_year(child["pupil_id"], child["year_group"]),
                    _format_track(child, floor, share, school_rate),
                    _format_missed(child),
                    _format_days(weekdays.get(child["pupil_id"], none_missed)),
                    rows.format_cell(_describe_late(child), "late", "Late"),
                )
    school = " Short line: the whole school." if school_rate is not None else ""
    components.render_small_text(
        f"▼ or ● sessions attended, from {rules.format_share(floor)} to {rules.format_share(1)}. "
        f"Dashed line: {rules.format_ratio(share, 'session')} missed.{school}"
    )


_LATE = "Late this year"


def _count_weekdays(session: access.Session) -> dict[str, tuple[int, ...]]:
    """By pupil_id, the sessions missed this year on each of `_DAYS`."""
    found: dict[str, Counter[int]] = {}
    for pupil_id, weekday, sessions in read.fetch_missed_weekdays(session).iter_rows():
        found.setdefault(pupil_id, Counter())[weekday] = sessions
    numbers = range(1, 1 + len(_DAYS))
    return {pupil_id: tuple(own[day] for day in numbers) for pupil_id, own in found.items()}


def _format_heads(floor: float) -> Markup:
    days = Markup("").join(Markup("<span>{}</span>").format(day[0]) for day in _DAYS)
    titles = (
        "Child",
        "Year",
        f"Sessions attended, {rules.format_share(floor)} to {rules.format_share(1)}",
        "Missed",
    )
    first = Markup("").join(Markup("<span>{}</span>").format(title) for title in titles)
    return Markup(
        '<div class="heads" aria-hidden="true">{}<span>{}</span><span>Late</span></div>'
    ).format(first, days)


def _format_track(child: read.Row, floor: float, share: float, school_rate: float | None) -> Markup:
    rate = child["absence_rate"]
    if child["is_too_early"] or rate is None:
        return rows.format_cell(words.capitalise(words.TOO_EARLY), "line quiet")
    mark = ("much", "▼") if child["is_persistent_absentee"] else ("", "●")
    return _draw_track(rate, *mark, floor, share, school_rate)


@lru_cache(maxsize=1024)
def _draw_track(
    rate: float, kind: str, shape: str, floor: float, share: float, school_rate: float | None
) -> Markup:
    def place(attended: float) -> str:
        return f"{100 * (attended - floor) / (1 - floor):.1f}%"

    marks = Markup('<b class="limit" style="left:{}"></b>').format(place(1 - share))
    if school_rate is not None:
        marks += Markup('<b class="school" style="left:{}"></b>').format(place(1 - school_rate))
    marks += Markup('<b class="{}" style="left:{}">{}</b>').format(kind, place(1 - rate), shape)
    return Markup(
        '<span class="cell line"><span class="track" aria-hidden="true">{}</span></span>'
    ).format(marks)


def _format_missed(child: read.Row) -> Markup:
    text = f"{child['absent_sessions']:,} of {child['possible_sessions']:,}"
    return rows.format_cell(text, "figure", "Sessions missed")


@lru_cache(maxsize=1024)
def _format_days(counts: tuple[int, ...]) -> Markup:
    """The weekdays' figures; the one with most stands in a box where it stands out."""
    most = max(counts)
    stands_out = most >= _FEW and most > sum(counts) - most
    cells = [
        Markup('<span class="{}"><span class="label">{} </span>{}</span>').format(
            "most" if stands_out and count == most else "", day, count
        )
        for day, count in zip(_DAYS, counts, strict=True)
    ]
    return Markup('<span class="cell days">{}</span>').format(Markup("").join(cells))


def _describe_late(child: read.Row) -> str:
    return str(child["late_sessions"] or 0)


def render_suspensions(session: access.Session, members: pl.DataFrame, year: str) -> None:
    """The suspensions of the year, of the children on these pages."""
    found = read.fetch_suspensions(session).filter(academic_year=year)
    st.header("Suspensions this year", anchor=False)
    if found.is_empty():
        st.markdown("No suspension is recorded.")
        return
    called = found.drop("handle").join(members.select("pupil_id", "handle"), on="pupil_id")
    components.render_table(
        duty_tables.tabulate_suspensions(called, with_child=True), alt="Suspensions this year"
    )


def render_waiting(session: access.Session) -> None:
    """Marks that have waited too long for their reason."""
    waiting = names.call_rows(read.fetch_check(session, "unexplained_n"))
    st.header("Marks without a reason", anchor=False)
    if waiting.is_empty():
        st.markdown("No absence has waited too long for its reason.")
        return
    days = int(read.fetch_threshold(session, "days_to_explain_n"))
    st.markdown(sentences.describe_waiting_marks(waiting.height, days))
    components.render_table(
        tables.tabulate_check(waiting),
        alt="Marks without a reason",
        max_rows=components.MAX_TABLE_ROWS,
    )


def render_years(session: access.Session, group: str, year: str, *, is_early: bool) -> None:
    """The group's years beside the whole school's and England's."""
    years, school = read.fetch_cohort_years(session, group), read.fetch_school_years(session)
    lines = read.fetch_national_lines(session, "absence")
    twelve_months = read.fetch_cohort_years(session, "looked after 12 months")
    if is_early:
        is_over = pl.when(pl.col("academic_year") != year)
        years = years.with_columns(absence_rate=is_over.then(pl.col("absence_rate")))
        twelve_months = twelve_months.filter(pl.col("academic_year") != year)
    st.header("Year by year", anchor=False)
    components.render_small_text(
        "The children who are in the group now, in each year for which there are marks."
    )
    components.render_table(
        tables.tabulate_group_years(group, years, school, twelve_months, lines),
        alt="Sessions missed by year",
    )
