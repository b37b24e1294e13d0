"""Attendance: a line for each child, weeks and reasons, suspensions, marks without one, years.

A child's line has the share of sessions as a mark on a track, the figures and the weekdays.
Order is year group, then A to Z, whatever was missed: filters select, and nothing ranks.
"""

from collections import Counter
from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboard.charts.figure import Figure
from dashboard.charts.reasons import draw_reason_bars
from dashboard.charts.weeks import draw_week_lines
from dashboard.sheets import filtered
from dashboard.text import cells, duty_tables, rules, sentences, tables, words
from dashboard.ui import components, lists, names, tab
from queries import read
from safeguards.access import access, recall

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
#: A weekday can stand out from this number of missed sessions.
_FEW = 3
_LATE, _MUCH = "Late this year", "much"
#: The left end of the track, a share of sessions attended; 0 if a child attended less.
_USUAL_FLOOR = 0.5


@dataclass(frozen=True)
class _Year:
    """A group's year in words; `waits` says why there is no line of weeks yet, or is ""."""

    headline: str
    beside: str
    waits: str
    school_rate: float | None


@dataclass(frozen=True)
class _Children:
    """The children of a group who have marks, a row each; `floor` is the track's left end.

    `uncounted` says who of the group is not in the title's figures, and why; "" if nobody.
    """

    title: str
    uncounted: str
    floor: float
    rows: list[lists.Row]


def render() -> None:
    """Draw the page."""
    session = tab.enter("attendance")
    if components.render_no_children(session, "attendance"):
        return

    own, title = components.render_place_choice(session), st.empty()
    group = components.render_group_choice(session)
    group_year = _describe_year(session, group, own)
    if group_year is None:
        title.title("Attendance", anchor=False)
        components.render_notice(
            f"No marks for {'these children' if own is not None else words.GROUP_CHILDREN[group]} "
            f"in {read.fetch_academic_year(session)}",
            "Nobody is in this group now, or the school year has not begun in the register. "
            "Choose another group, or load the register.",
        )
        return

    headline = components.say_whose(session, group_year.headline)
    components.render_title("attendance", headline, title)
    st.markdown(group_year.beside)
    if own is None and session.home_of != "school":
        components.render_page_link("attendance_by_school", "Compared with England")
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _render_children(session, group, own, group_year.school_rate)
        _render_suspensions(session, group, own)
        _render_waiting(session, group, own)
    with right:
        weeks, reasons = _draw_weeks(session, group, own), _draw_reasons(session, group, own)
        if weeks is None or group_year.waits:
            components.render_notice("Too early to show the weeks as a line", group_year.waits)
        else:
            components.render_figure(weeks, "weeks")
        if reasons:
            components.render_figure(reasons, "reasons")
        else:
            components.render_notice(
                "No session was missed this year", "There are no reasons to show."
            )
    st.header("Year by year", anchor=False)
    components.render_small_text("Each year counts the children who are in the group now.")
    components.render_cards(_tabulate_years(session, group, own, is_early=bool(group_year.waits)))
    components.render_why_different(session)


@recall.share
def _describe_year(session: access.Session, group: str, own: read.Own) -> _Year | None:
    """Describe the group's year, or return None if it has no mark this year."""
    year = read.fetch_academic_year(session)
    years, school = read.fetch_cohort_years(session, group, own), read.fetch_school_years(session)
    now = read.get_first_row(years.filter(academic_year=year))
    whole = read.get_first_row(school.filter(academic_year=year))
    if now is None or not now["possible_sessions"]:
        return None
    enough = int(read.fetch_threshold(session, "weeks_before_rates"))
    weeks = read.fetch_cohort_weeks(session, year, group, own)
    counted = weeks.filter(pl.col("possible_sessions") > 0).height
    lines = read.fetch_absence_lines(session)
    so_far = words.capitalise(words.format_count(counted, "school week"))
    begins = f"The line starts after {words.format_count(enough, 'school week')}."
    beside = [
        *(
            [sentences.describe_on_day(now), sentences.describe_whole_school(whole)]
            if session.home_of == "school"
            else []
        ),
        sentences.describe_national_line(group, year, lines),
    ]
    return _Year(
        sentences.describe_group_year(now, too_early=counted < enough),
        " ".join(beside),
        f"{so_far} so far. {begins}" if counted < enough else "",
        whole["absence_rate"] if whole else None,
    )


@recall.share
def _draw_weeks(session: access.Session, group: str, own: read.Own) -> Figure | None:
    year = read.fetch_academic_year(session)
    weeks = read.fetch_cohort_weeks(session, year, group, own)
    last_year = read.fetch_cohort_weeks(session, words.format_year_before(year), group, own)
    label = "whoever was in the group" if own is None else "the children chosen"
    return draw_week_lines(weeks, last_year, label, session.home_of)


@recall.share
def _draw_reasons(session: access.Session, group: str, own: read.Own) -> Figure | None:
    missed = read.fetch_absence_reasons(session, read.fetch_academic_year(session), group, own)
    return draw_reason_bars(missed)


def _render_children(
    session: access.Session, group: str, own: read.Own, school_rate: float | None
) -> None:
    """Draw the children of the group, with words instead of a mark if it is too early in the year.

    `school_rate` is the whole school's share of sessions missed this year, None if not recorded.
    """
    share = read.fetch_threshold(session, "persistent_absence")
    children = _list_children(session, group, own, share, school_rate)
    much = f"▼ {rules.format_share(share)} or more"
    only = components.render_filters("Show only", [much, _LATE], "show")
    wanted = {_MUCH if label == much else label for label in only}
    shown = [row for row in children.rows if row.found_by >= wanted]
    title = children.title
    if only:
        counted = words.format_part(len(shown), len(children.rows), "child")
        title = f"{counted}: {', '.join(only)}"
    st.header(title, anchor=False)
    if children.uncounted and session.home_of != "school":
        components.render_small_text(children.uncounted)
    if not shown:
        st.markdown("No child matches. Remove a filter.")
        return
    weekday = cells.style(
        "letters",
        cells.style("label", "Missed on each weekday"),
        *(cells.style("", day[:1], hidden=True) for day in _DAYS),
    )
    span = f"{rules.format_share(children.floor)} to {rules.format_share(1)}"
    figures = (f"Sessions attended, {span}", "Attended, missed", weekday, "Late")
    listed = lists.Group(shown, label="Attendance of each child")
    heads = (lists.CHILD, lists.YEAR, *figures)
    lists.render_list(session, "attendance", "dot", heads, [listed])
    title = components.say_whose(session, title)
    filtered.render_list_to_take(session, "attendance", title, heads, shown, len(children.rows))
    legend = (
        f"▼ or ●: sessions attended, on a scale from {span}",
        f"Dashed line: {rules.format_share_of_sessions(share)} missed",
        *(("Short line: the whole school",) if school_rate is not None else ()),
        "M to F: sessions missed on each weekday",
        f"Box: {_FEW} or more sessions missed on that day, and more than on all the others",
    )
    st.markdown("\n".join(f"- :small[{line}]" for line in legend))


@recall.share
def _list_children(
    session: access.Session, group: str, own: read.Own, share: float, school_rate: float | None
) -> _Children:
    members = _fetch_group(session, group, own)
    children = members.filter(pl.col("possible_sessions") > 0).to_dicts()
    most = max((child["absence_rate"] or 0 for child in children), default=0)
    floor = _USUAL_FLOOR if 1 - most >= _USUAL_FLOOR else 0.0
    persistent = sum(bool(child["is_persistent_absentee"]) for child in children)
    ready = sum(not child["is_too_early"] for child in children)
    weekdays, none_missed = _count_weekdays(session), (0,) * len(_DAYS)
    rows = []
    for child in children:
        is_much, late = child["is_persistent_absentee"], child["late_sessions"] or 0
        rows.append(
            lists.Row(
                child=(child["pupil_id"], child["handle"]),
                year_group=child["year_group"],
                kind="much" if is_much and not child["is_too_early"] else "",
                found_by=frozenset(key for key, has in ((_MUCH, is_much), (_LATE, late)) if has),
                cells=(
                    _build_track(child, floor, share, school_rate),
                    cells.build_attendance(child),
                    _build_days(weekdays.get(child["pupil_id"], none_missed)),
                    cells.style("late", str(late)),
                ),
            )
        )
    counted = words.format_count(ready, "child")
    title = f"{persistent} of {counted} {rules.describe_persistent(share)}"
    counts = {"no marks this year": members.height - len(rows), words.TOO_EARLY: len(rows) - ready}
    text = words.format_list(f"{name}: {number}" for name, number in counts.items() if number)
    of_all = f"Of {words.format_count(members.height, 'child')}, {text}." if text else ""
    return _Children(title, of_all, floor, rows)


def _count_weekdays(session: access.Session) -> dict[str, tuple[int, ...]]:
    """Count by pupil_id the sessions missed this year on each of `_DAYS`."""
    missed: dict[str, Counter[int]] = {}
    for pupil_id, weekday, sessions in read.fetch_missed_weekdays(session).iter_rows():
        missed.setdefault(pupil_id, Counter())[weekday] = sessions
    numbers = range(1, 1 + len(_DAYS))
    return {pupil_id: tuple(counts[day] for day in numbers) for pupil_id, counts in missed.items()}


def _build_track(
    child: read.Row, floor: float, share: float, school_rate: float | None
) -> cells.Part:
    """Build the share of sessions as a mark on a line, with the limit and the school's share."""
    rate = child["absence_rate"]
    if child["is_too_early"] or rate is None:
        return cells.style("line quiet", words.capitalise(words.TOO_EARLY))
    much, usual = ("much", "▼"), ("usual", "●")
    kind, shape = much if child["is_persistent_absentee"] else usual

    def place(missed: float) -> float:
        return round(100 * (1 - missed - floor) / (1 - floor), 1)

    school = () if school_rate is None else (cells.style("school", left=place(school_rate)),)
    limit = cells.style("limit", left=place(share))
    mark = cells.style(kind, shape, left=place(rate))
    return cells.style("line", cells.style("track", limit, *school, mark, hidden=True))


def _build_days(counts: tuple[int, ...]) -> cells.Part:
    """Build the weekdays' figures, with a box around a day that stands out."""
    most = max(counts)
    stands_out = most >= _FEW and most > sum(counts) - most
    return cells.style(
        "days",
        *(
            cells.style(
                "most" if stands_out and count == most else "",
                cells.style("label", f"{day} "),
                str(count),
            )
            for day, count in zip(_DAYS, counts, strict=True)
        ),
    )


def _fetch_group(session: access.Session, group: str, own: read.Own) -> pl.DataFrame:
    """Return the children of a group; `own` are those whom somebody chose, None for all."""
    members = read.fetch_members(session)
    if group != "all":
        members = members.filter(words.GROUP_COLUMNS[group])
    return read.select_own(members, own)


def _render_suspensions(session: access.Session, group: str, own: read.Own) -> None:
    """Draw the year's suspensions of the children in the group."""
    st.header("Suspensions this year", anchor=False)
    suspensions = _tabulate_suspensions(session, group, own)
    if suspensions.is_empty():
        st.markdown("No suspension is recorded.")
    else:
        components.render_cards(suspensions)


@names.share_while_hidden
def _tabulate_suspensions(session: access.Session, group: str, own: read.Own) -> pl.DataFrame:
    rows, children = read.fetch_suspensions_of_year(session), _fetch_group(session, group, own)
    named = names.call_rows(rows.join(children, on="pupil_id", how="semi"))
    return duty_tables.tabulate_suspensions(named, with_child=True)


def _render_waiting(session: access.Session, group: str, own: read.Own) -> None:
    """Draw the marks that have waited too long for their reason."""
    st.header("Marks without a reason", anchor=False)
    waiting = _tabulate_waiting(session, group, own)
    if waiting.is_empty():
        st.markdown("No absence is overdue for a reason.")
        return
    days = int(read.fetch_threshold(session, "days_to_explain_n"))
    st.markdown(sentences.describe_waiting_marks(waiting.height, days))
    components.render_cards(waiting)


@names.share_while_hidden
def _tabulate_waiting(session: access.Session, group: str, own: read.Own) -> pl.DataFrame:
    waiting = read.fetch_check(session, "unexplained_n")
    if group != "all" or own is not None:
        waiting = waiting.join(_fetch_group(session, group, own), on="pupil_id", how="semi")
    return tables.tabulate_check(names.call_rows(waiting))


@recall.share
def _tabulate_years(
    session: access.Session, group: str, own: read.Own, *, is_early: bool
) -> pl.DataFrame:
    """Tabulate the group's years, compared with the whole school and England."""
    year = read.fetch_academic_year(session)
    years, school = read.fetch_cohort_years(session, group, own), read.fetch_school_years(session)
    lines = read.fetch_absence_lines(session)
    if own is not None:
        of_12_months = read.fetch_members(session).filter("is_looked_after_12_months")
        own &= frozenset(of_12_months["pupil_id"])
    twelve_months = read.fetch_cohort_years(session, "looked after 12 months", own)
    if is_early:
        is_over = pl.when(pl.col("academic_year") != year)
        years = years.with_columns(absence_rate=is_over.then(pl.col("absence_rate")))
        twelve_months = twelve_months.filter(pl.col("academic_year") != year)
    table = tables.tabulate_group_years(group, years, school, twelve_months, lines)
    return table if session.home_of == "school" else table.drop("Whole school")
