"""The parts of a child's page about duties, dates, scores and the sheet for a meeting."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import duties as plan_words
from dashboard.text import duty_tables, sentences, tables, words
from dashboard.text import scores as score_words
from dashboard.ui import components
from dashboard.ui.day_lists import PAST_STATUSES, UNKNOWN_STATUSES, fetch_reasons, group_duties
from dashboard.ui.markdown import escape
from queries import read
from queries.rows import (
    Duty,
    PupilAttendance,
    PupilEhcp,
    PupilPep,
    PupilSdq,
    PupilSuspension,
)
from safeguards.access import access

#: A timeline goes back to the start of the school year before this one.
_YEARS_BACK = 1
_SEPTEMBER = 9
#: For so many days the page says who has looked.
_VIEW_DAYS = 28
_HEALTH_RULES = ("IHA", "RHA_U5", "RHA_5PLUS", "DENTAL_YEARLY")


def filter_by_pupil(rows: pl.DataFrame, pupil_id: str) -> pl.DataFrame:
    """The rows of one child."""
    return rows.filter(pl.col("pupil_id") == pupil_id)


def render_reasons_and_action(session: access.Session, pupil_id: str) -> None:
    """Why the child needs a look, if it does, and what somebody last did."""
    rows = filter_by_pupil(fetch_reasons(session), pupil_id).filter(~pl.col("is_closed"))
    if rows.height:
        st.markdown(f"**Needs a look:** {escape(plan_words.describe_reasons(rows['reason']))}")
    last = read.fetch_last_actions(session).get(pupil_id)
    st.markdown(escape(plan_words.describe_last_action(last)))


def render_dates(duties: pl.DataFrame) -> None:
    """The child's open duties, as a tile and by date."""
    is_open = group_duties(duties.filter(~pl.col("status").is_in(plan_words.ENDED_STATUSES)))
    past = is_open.filter(pl.col("status").is_in(PAST_STATUSES)).height
    st.header("Plans and dates")
    if is_open.is_empty():
        st.markdown("No date is open for this child.")
        return
    with st.container(horizontal=True):
        st.metric("Dates open", str(is_open.height), border=True)
        st.metric("Of these, passed", str(past), border=True)
    known = is_open.filter(~pl.col("status").is_in(UNKNOWN_STATUSES))
    if known.height:
        rows = duty_tables.tabulate_duties(known, of_one_child=True)
        components.render_table(rows, alt="Dates of this child by day")
    unknown = is_open.filter(pl.col("status").is_in(UNKNOWN_STATUSES))
    for row in read.list_rows(duty_tables.GroupedDuty, unknown):
        name = plan_words.format_duty_name(row["name"], row["number"])
        st.markdown(escape(f"{name}: {plan_words.describe_status(row)}."))


def render_timeline(
    session: access.Session, child: read.Member, duties: pl.DataFrame, year: str
) -> None:
    """Two school years of periods and dates, with the lanes that the role may see."""
    first = date(int(year[:4]) - _YEARS_BACK, _SEPTEMBER, 1)
    drawn = charts.draw_timeline(
        read.fetch_pupil_periods(session, child["pupil_id"]),
        _list_events(session, child["pupil_id"], duties),
        handle=child["handle"],
        first=first,
        last=session.as_at,
    )
    if drawn:
        st.header("What has happened?")
        components.render_figure(drawn, "timeline")


def render_scores(session: access.Session, pupil_id: str) -> None:
    """The child's scores in words, newest first."""
    st.header("Wellbeing")
    found = filter_by_pupil(read.fetch_sdq(session), pupil_id)
    if found.is_empty():
        st.markdown("No SDQ yet. Ask the social worker: carers fill it in.")
        return
    components.render_small_text(
        "A higher score means more difficulties. A change is by the same person."
    )
    components.render_table(
        duty_tables.tabulate_scores(found.sort("sdq_date", maintain_order=True)),
        alt="Scores of this child",
    )


def render_pep_sheet(session: access.Session, child: read.Member, year: str) -> None:
    """One page to print and copy from into any authority's form, by handle."""
    pupil_id = child["pupil_id"]
    components.render_small_text(
        f"Facts up to {words.format_short_day(session.as_at)}. Copy them into the authority's "
        "form. "
        "Keep the paper with the child's file."
    )
    years = read.fetch_pupil_years(session, pupil_id).filter(pl.col("academic_year") == year)
    st.subheader("Attendance this school year")
    st.markdown(
        words.capitalise(
            words.describe_missed(child["absent_sessions"], child["possible_sessions"])
        )
    )
    if now := read.get_first_row(PupilAttendance, years):
        late = words.format_count(now["late_sessions"], "session")
        unauthorised = words.format_count(now["unauthorised_absent_sessions"], "session")
        st.markdown(f"Not authorised: {unauthorised}. Late: {late}.")
    st.subheader("Suspensions this school year")
    away = read.fetch_pupil_suspensions(session, pupil_id).filter(pl.col("academic_year") == year)
    if away.is_empty():
        st.markdown("No suspension is recorded.")
    else:
        components.render_table(
            duty_tables.tabulate_suspensions(away), alt="Suspensions this school year"
        )
    if session.has_category("wellbeing"):
        st.subheader("Last SDQ")
        newest = (
            filter_by_pupil(read.fetch_sdq(session), pupil_id)
            .group_by("informant", maintain_order=True)
            .last()
        )
        lines = [
            f"- {escape(score_words.describe_score(row))}"
            for row in read.list_rows(PupilSdq, newest)
        ]
        st.markdown("\n".join(lines) or "No SDQ yet. Ask the social worker.")
    st.subheader("Last PEP and its targets")
    meetings = filter_by_pupil(read.fetch_peps(session), pupil_id).filter(
        pl.col("outcome") == "held"
    )
    if meetings.is_empty():
        st.markdown("No PEP is recorded yet.")
    else:
        newest = meetings.tail(1)
        components.render_table(duty_tables.tabulate_peps(newest).drop("Child"), alt="Last PEP")
        components.render_small_text(
            "The targets themselves are in the last paper: only their number is held."
        )


def render_plain_marts(session: access.Session, pupil_id: str) -> None:
    """The categories that have no part of their own on this page, as plain tables."""
    for title, mart in read.list_plain_marts().items():
        if not session.has_category(mart.find_field("Category") or ""):
            continue
        rows = read.fetch_plain_rows(session, mart, pupil_id)
        st.header(escape(title))
        if rows.is_empty():
            st.markdown("Nothing is recorded yet.")
        else:
            components.render_table(tables.tabulate_plain_rows(rows), alt=title)


def render_access_history(session: access.Session, child: read.Member) -> None:
    """Who may see the child's page and, for the safeguarding lead, who has."""
    title = "Who can see this child, and who has looked"
    lines = sentences.describe_access(is_restricted=child["is_restricted"])
    # the log is read only while somebody wants to know
    with st.expander(title, key="who-looked", on_change="rerun") as part:
        st.markdown("\n".join(f"- :small[{line}]" for line in lines))
        if not session.is_allowed("child", "audit"):
            components.render_small_text(
                "Each look is written down. The safeguarding lead can read it."
            )
        elif part.open:
            components.render_small_text(
                f"Who opened this page in the last {_VIEW_DAYS} days. "
                "Lists and figures of several children are not counted here."
            )
            rows = tables.tabulate_views(session.find_views(child["pupil_id"], _VIEW_DAYS))
            components.render_table(rows, alt="Who has looked at this child")


def _list_events(
    session: access.Session, pupil_id: str, duties: pl.DataFrame
) -> list[charts.Event]:
    """What the role may see of the dates in a child's life at school."""
    events = [
        _build_event(
            "Suspension", row["suspension_date"], words.format_count(row["sessions"], "session")
        )
        for row in read.list_rows(PupilSuspension, read.fetch_pupil_suspensions(session, pupil_id))
    ]
    if session.has_category("plans"):
        meetings = filter_by_pupil(read.fetch_peps(session), pupil_id).filter(
            pl.col("outcome") == "held"
        )
        events += [
            _build_event("PEP", row["pep_date"], "held")
            for row in read.list_rows(PupilPep, meetings)
        ]
        plans = filter_by_pupil(read.fetch_ehcps(session), pupil_id)
        for row in read.list_rows(PupilEhcp, plans):
            steps = (
                (row["requested_date"], "assessment asked for"),
                (row["plan_date"], "plan issued"),
                (row["last_review_date"], "plan reviewed"),
            )
            events += [_build_event("EHCP", day, step) for day, step in steps if day]
    if session.has_category("health"):
        done = duties.filter(pl.col("rule").is_in(_HEALTH_RULES) & (pl.col("status") == "done"))
        events += [
            _build_event("Health", row["done_date"], row["name"].lower())
            for row in read.list_rows(Duty, done)
            if row["done_date"]
        ]
    if session.has_category("wellbeing"):
        scored = filter_by_pupil(read.fetch_sdq(session), pupil_id).filter(
            pl.col("total").is_not_null()
        )
        events += [
            _build_event(
                "SDQ", row["sdq_date"], f"{row['total']}, {score_words.describe_short_band(row)}"
            )
            for row in read.list_rows(PupilSdq, scored)
        ]
    return events


def _build_event(lane: str, day: date, text: str) -> charts.Event:
    return charts.Event(lane, day, f"{words.format_short_day(day)}, {text}")
