"""Attendance: a line a child, the weeks and reasons, suspensions, marks without one, the years.

A child's line has the share of sessions as a mark on a track, the figures and the weekdays.
Order is year group, then A to Z, whatever is missed: a filter finds, and nothing ranks.
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
#: A weekday stands out from so many missed sessions on.
_FEW = 3
_LATE, _MUCH = "Late this year", "much"
#: The track's left end, a share of sessions attended; 0 where a child attended less.
_USUAL_FLOOR = 0.5


@dataclass(frozen=True)
class _Year:
    """How a group's year reads; `waits` says why there is no line of weeks yet, "" if there is."""

    headline: str
    beside: str
    waits: str
    school_rate: float | None


@dataclass(frozen=True)
class _Children:
    """The children of a group who have marks: a row each; `floor` is the track's left end.

    uncounted: who is in the group and not in the title's figures, and why; "" for nobody.
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
    told = _describe_year(session, group, own)
    if told is None:
        title.title("Attendance", anchor=False)
        components.render_notice(
            f"No marks for {'these children' if own is not None else words.GROUP_CHILDREN[group]} "
            f"in {read.fetch_academic_year(session)}",
            "Nobody is in this group now, or the school year has not begun in the register. "
            "Choose another group, or load the register.",
        )
        return

    headline = components.say_whose(session, told.headline)
    components.render_title("attendance", headline, title)
    st.markdown(told.beside)
    if own is None and session.home_of != "school":
        components.render_page_link("attendance_by_school", "Compared with England")
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _render_children(session, group, own, told.school_rate)
        _render_suspensions(session, group, own)
        _render_waiting(session, group, own)
    with right:
        weeks, reasons = _draw_weeks(session, group, own), _draw_reasons(session, group, own)
        if weeks is None or told.waits:
            components.render_notice("Too early to show the weeks as a line", told.waits)
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
    components.render_cards(_tabulate_years(session, group, own, is_early=bool(told.waits)))
    components.render_why_different(session)


@recall.share
def _describe_year(session: access.Session, group: str, own: read.Own) -> _Year | None:
    """None for a group without a mark this year."""
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
    whose = "whoever was in the group" if own is None else "the children chosen"
    return draw_week_lines(weeks, last_year, whose, session.home_of)


@recall.share
def _draw_reasons(session: access.Session, group: str, own: read.Own) -> Figure | None:
    missed = read.fetch_absence_reasons(session, read.fetch_academic_year(session), group, own)
    return draw_reason_bars(missed)


def _render_children(
    session: access.Session, group: str, own: read.Own, school_rate: float | None
) -> None:
    """The children of the group, those too early in the year with words instead of a mark.

    school_rate: the whole school's share of sessions missed this year, None if not recorded.
    """
    share = read.fetch_threshold(session, "persistent_absence")
    found = _list_children(session, group, own, share, school_rate)
    much = f"▼ {rules.format_share(share)} or more"
    only = components.render_filters("Show only", [much, _LATE], "show")
    asked = {_MUCH if each == much else each for each in only}
    shown = [row for row in found.rows if row.found_by >= asked]
    title = found.title
    if only:
        counted = words.format_part(len(shown), len(found.rows), "child")
        title = f"{counted}: {', '.join(only)}"
    st.header(title, anchor=False)
    if found.uncounted and session.home_of != "school":
        components.render_small_text(found.uncounted)
    if not shown:
        st.markdown("No child matches. Remove a filter.")
        return
    weekday = cells.style(
        "letters",
        cells.style("label", "Missed on each weekday"),
        *(cells.style("", day[:1], hidden=True) for day in _DAYS),
    )
    span = f"{rules.format_share(found.floor)} to {rules.format_share(1)}"
    figures = (f"Sessions attended, {span}", "Attended, missed", weekday, "Late")
    listed = lists.Group(shown, label="Attendance of each child")
    heads = (lists.CHILD, lists.YEAR, *figures)
    lists.render_list(session, "attendance", "dot", heads, [listed])
    title = components.say_whose(session, title)
    filtered.render_list_to_take(session, "attendance", title, heads, shown, len(found.rows))
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
                found_by=frozenset([*[_MUCH] * bool(is_much), *[_LATE] * bool(late)]),
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
    without = {"no marks this year": members.height - len(rows), words.TOO_EARLY: len(rows) - ready}
    told = words.format_list(f"{each}: {number}" for each, number in without.items() if number)
    of_all = f"Of {words.format_count(members.height, 'child')}, {told}." if told else ""
    return _Children(title, of_all, floor, rows)


def _count_weekdays(session: access.Session) -> dict[str, tuple[int, ...]]:
    """By pupil_id, the sessions missed this year on each of `_DAYS`."""
    found: dict[str, Counter[int]] = {}
    for pupil_id, weekday, sessions in read.fetch_missed_weekdays(session).iter_rows():
        found.setdefault(pupil_id, Counter())[weekday] = sessions
    numbers = range(1, 1 + len(_DAYS))
    return {pupil_id: tuple(own[day] for day in numbers) for pupil_id, own in found.items()}


def _build_track(
    child: read.Row, floor: float, share: float, school_rate: float | None
) -> cells.Part:
    """The share of sessions as a mark on a line, beside the limit and the whole school's."""
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
    """The weekdays' figures; the one with most stands in a box where it stands out."""
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
    """The children of a group; own: those that somebody chose, None for all."""
    members = read.fetch_members(session)
    if group != "all":
        members = members.filter(words.GROUP_COLUMNS[group])
    return read.select_own(members, own)


def _render_suspensions(session: access.Session, group: str, own: read.Own) -> None:
    """The suspensions of the year, of the children listed."""
    st.header("Suspensions this year", anchor=False)
    found = _tabulate_suspensions(session, group, own)
    if found.is_empty():
        st.markdown("No suspension is recorded.")
    else:
        components.render_cards(found)


@names.share_while_hidden
def _tabulate_suspensions(session: access.Session, group: str, own: read.Own) -> pl.DataFrame:
    found, children = read.fetch_suspensions_of_year(session), _fetch_group(session, group, own)
    called = names.call_rows(found.join(children, on="pupil_id", how="semi"))
    return duty_tables.tabulate_suspensions(called, with_child=True)


def _render_waiting(session: access.Session, group: str, own: read.Own) -> None:
    """Marks that have waited too long for their reason."""
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
    """The group's years beside the whole school's and England's."""
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
    return table.drop(["Whole school"] * (session.home_of != "school"))
