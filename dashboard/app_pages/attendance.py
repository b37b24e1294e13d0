"""Attendance: a line a child, the weeks and reasons, suspensions, marks without one, the years.

A child's line has the share of sessions as a mark on a track, the figures and the weekdays.
Order is year group, then A to Z, whatever is missed: a filter finds, and nothing ranks.
"""

from collections import Counter

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import duty_tables, rules, sentences, tables, words
from dashboard.ui import components, lists, names, tab
from queries import read
from queries.rows import CohortAttendance, SchoolAttendance
from safeguards.access import access

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
#: A weekday stands out from so many missed sessions on.
_FEW = 3
#: The track's left end, a share of sessions attended; 0 where a child attended less.
_USUAL_FLOOR = 0.5


def render() -> None:
    """Draw the page."""
    session = tab.enter("attendance")
    year = read.fetch_academic_year(session)
    members = read.fetch_members(session)
    if members.is_empty():
        st.title("Attendance", anchor=False)
        components.render_no_children()
        return

    title = st.empty()
    group = components.render_group_choice()
    years, school = read.fetch_cohort_years(session, group), read.fetch_school_years(session)
    lines = read.fetch_national_lines(session, "absence")
    weeks = read.fetch_cohort_weeks(session, year, group)
    now = read.get_first_row(CohortAttendance, years.filter(academic_year=year))
    whole_school = read.get_first_row(SchoolAttendance, school.filter(academic_year=year))
    if now is None or not now["possible_sessions"]:
        title.title("Attendance", anchor=False)
        components.render_notice(
            f"No marks for {words.GROUP_CHILDREN[group]} in {year}",
            "Nobody is in this group now, or the school year has not begun in the register. "
            "Choose another group, or load the register.",
        )
        return

    enough = int(read.fetch_threshold(session, "weeks_before_rates"))
    counted = weeks.filter(pl.col("possible_sessions") > 0).height
    headline = sentences.describe_group_year(now, too_early=counted < enough)
    components.render_title("attendance", headline, title)
    st.markdown(
        f"{sentences.describe_whole_school(whole_school)} "
        f"{sentences.describe_national_line(group, year, lines)}"
    )
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        shown = members if group == "all" else members.filter(components.GROUP_COLUMNS[group])
        _render_children(session, shown, whole_school["absence_rate"] if whole_school else None)
        _render_suspensions(session, names.call_rows(members), year)
        _render_waiting(session)
    with right:
        last_year = read.fetch_cohort_weeks(session, words.format_year_before(year), group)
        drawn = components.draw(charts.draw_week_lines, weeks, last_year)
        if drawn is None or counted < enough:
            components.render_notice(
                "Too early to show the weeks as a line",
                f"{words.capitalise(words.format_count(counted, 'school week'))} so far. "
                f"The line starts after {words.format_count(enough, 'school week')}.",
            )
        else:
            components.render_figure(drawn, "weeks")
        missed = read.fetch_absence_reasons(session, year, group)
        reasons = components.draw(charts.draw_reason_bars, missed)
        if reasons:
            components.render_figure(reasons, "reasons")
        else:
            components.render_notice(
                "No session was missed this year", "There are no reasons to show."
            )
    _render_years(session, group, year, is_early=counted < enough)
    components.render_why_different()


def _render_children(
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
    listed = []
    for child in read.list_rows(read.Member, shown):
        is_much = child["is_persistent_absentee"] and not child["is_too_early"]
        missed = f"{child['absent_sessions']:,} of {child['possible_sessions']:,}"
        listed.append(
            lists.Row(
                child=(child["pupil_id"], child["handle"]),
                year_group=child["year_group"],
                kind="much" if is_much else "",
                cells=(
                    _build_track(child, floor, share, school_rate),
                    lists.style("figure", missed),
                    _build_days(weekdays.get(child["pupil_id"], none_missed)),
                    lists.style("late", str(child["late_sessions"] or 0)),
                ),
            )
        )
    weekday = lists.style(
        "letters",
        lists.style("label", "Missed on each weekday"),
        *(lists.style("", day[:1], hidden=True) for day in _DAYS),
    )
    share_head = f"Sessions attended, {rules.format_share(floor)} to {rules.format_share(1)}"
    heads: tuple[lists.Part, ...] = (lists.CHILD, lists.YEAR, share_head, "Missed", weekday, "Late")
    group = lists.Group(listed, label="Attendance of each child")
    lists.render_list(session, "attendance", "dot", heads, [group])
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


def _build_track(
    child: read.Member, floor: float, share: float, school_rate: float | None
) -> lists.Part:
    """The share of sessions as a mark on a line, beside the limit and the whole school's."""
    rate = child["absence_rate"]
    if child["is_too_early"] or rate is None:
        return lists.style("line quiet", words.capitalise(words.TOO_EARLY))
    much, usual = ("much", "▼"), ("usual", "●")
    kind, shape = much if child["is_persistent_absentee"] else usual

    def place(missed: float) -> float:
        return round(100 * (1 - missed - floor) / (1 - floor), 1)

    school = () if school_rate is None else (lists.style("school", left=place(school_rate)),)
    limit = lists.style("limit", left=place(share))
    mark = lists.style(kind, shape, left=place(rate))
    return lists.style("line", lists.style("track", limit, *school, mark, hidden=True))


def _build_days(counts: tuple[int, ...]) -> lists.Part:
    """The weekdays' figures; the one with most stands in a box where it stands out."""
    most = max(counts)
    stands_out = most >= _FEW and most > sum(counts) - most
    return lists.style(
        "days",
        *(
            lists.style(
                "most" if stands_out and count == most else "",
                lists.style("label", f"{day} "),
                str(count),
            )
            for day, count in zip(_DAYS, counts, strict=True)
        ),
    )


def _render_suspensions(session: access.Session, members: pl.DataFrame, year: str) -> None:
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


def _render_waiting(session: access.Session) -> None:
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


def _render_years(session: access.Session, group: str, year: str, *, is_early: bool) -> None:
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
