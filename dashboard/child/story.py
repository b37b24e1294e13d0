"""What has happened: the timeline, the register of a term, and the years."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.charts import Event
from dashboard.text import scores, tables, words
from dashboard.ui import components, names
from queries import read
from queries.rows import Duty, PupilEhcp, PupilPep, PupilSdq, PupilSuspension
from safeguards.access import access

#: A timeline goes back to the start of the school year before this one.
_YEARS_BACK = 1
_SEPTEMBER = 9
_HEALTH_RULES = ("IHA", "RHA_U5", "RHA_5PLUS", "DENTAL_YEARLY")


def render_timeline(
    session: access.Session, child: read.Member, duties: pl.DataFrame, year: str
) -> None:
    """Two school years of periods and dates, with the lanes that the role may see."""
    drawn = components.draw(
        charts.draw_timeline,
        read.fetch_pupil_periods(session, child["pupil_id"]),
        _list_events(session, child["pupil_id"], duties),
        handle=names.call(child["pupil_id"], child["handle"]),
        first=date(int(year[:4]) - _YEARS_BACK, _SEPTEMBER, 1),
        last=session.as_at,
    )
    if drawn:
        components.render_figure(drawn, "timeline")


def render_register(session: access.Session, child: read.Member) -> None:
    """One term of the register, and which weekdays were missed."""
    pupil_id = child["pupil_id"]
    years = read.fetch_pupil_years(session, pupil_id)
    if years.is_empty():
        components.render_notice(
            "No marks yet", "The register has no mark for this child up to this day. Load it again."
        )
        return
    places = st.container()
    with st.container(key="child-when", horizontal=True):
        all_years = years["academic_year"].to_list()
        chosen = components.render_choice("School year", all_years, "child-year")
        sessions = read.fetch_pupil_sessions(session, pupil_id, chosen)
        terms = charts.split_by_term(sessions)
        key = f"child-term-{chosen}"
        term = components.render_choice("Term", list(terms), key) if terms else None
    with places:
        if term is None:
            st.markdown("There is no session to show for this school year.")
            return
        called = names.call(pupil_id, child["handle"])
        draw = charts.draw_register_calendar
        if drawn := components.draw(draw, terms[term], handle=called, when=term):
            components.render_figure(drawn, "register")
    if strip := components.draw(charts.draw_weekday_strip, sessions, chosen):
        components.render_figure(strip, "strip")


def render_years(session: access.Session, pupil_id: str) -> None:
    """Each school year beside the child's own others."""
    years = read.fetch_pupil_years(session, pupil_id)
    if years.is_empty():
        return
    st.header("Year by year", anchor=False)
    components.render_small_text("Each child is compared only with their own past.")
    components.render_table(tables.tabulate_child_years(years), alt="Attendance by school year")


def _list_events(session: access.Session, pupil_id: str, duties: pl.DataFrame) -> list[Event]:
    """What the role may see of the dates in a child's life at school."""
    events = [
        _build_event(
            "Suspension", row["suspension_date"], words.format_count(row["sessions"], "session")
        )
        for row in read.list_rows(PupilSuspension, read.fetch_pupil_suspensions(session, pupil_id))
    ]
    if session.has_category("plans"):
        meetings = read.fetch_peps(session).filter(pupil_id=pupil_id).filter(outcome="held")
        events += [
            _build_event("PEP", row["pep_date"], "held")
            for row in read.list_rows(PupilPep, meetings)
        ]
        plans = read.fetch_ehcps(session).filter(pupil_id=pupil_id)
        for row in read.list_rows(PupilEhcp, plans):
            steps = (
                (row["requested_date"], "assessment asked for"),
                (row["plan_date"], "plan issued"),
                (row["last_review_date"], "plan reviewed"),
            )
            events += [_build_event("EHCP", day, step) for day, step in steps if day]
    if session.has_category("health"):
        done = duties.filter(pl.col("rule").is_in(_HEALTH_RULES), status="done")
        events += [
            _build_event("Health", row["done_date"], row["name"].lower())
            for row in read.list_rows(Duty, done)
            if row["done_date"]
        ]
    if session.has_category("wellbeing"):
        scored = read.fetch_sdq(session).filter(pupil_id=pupil_id).drop_nulls("total")
        events += [
            _build_event(
                "SDQ", row["sdq_date"], f"{row['total']}, {scores.describe_short_band(row)}"
            )
            for row in read.list_rows(PupilSdq, scored)
        ]
    return events


def _build_event(lane: str, day: date, text: str) -> Event:
    return Event(lane, day, f"{words.format_short_day(day)}, {text}")
