"""The quiet lines under the list: good news, the week's attendance, what is not recorded yet.

On a phone all but the first is folded, by the style sheet, until the switch is on.
"""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard.text import duties as duty_words
from dashboard.text import scores, sentences, standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import names
from dashboard.ui.markdown import escape
from queries import read
from queries.rows import CohortWeekAttendance, PupilThisWeek
from safeguards.access import access


def render_band(session: access.Session, dates: Sequence[DutyDate]) -> None:
    """A line each."""
    week = read.list_rows(PupilThisWeek, read.fetch_this_week(session))
    first, *others = _list_good_news(session, week)
    with st.container(key="band"):
        st.markdown(f"**Good news.** {escape(first)}")
        st.toggle("Show more of the week", key="fold-week")
        if others:
            st.markdown(escape(" ".join(others)))
        st.markdown(f"**Attendance this week.** {escape(_describe_week(session, week))}")
        if missing := _describe_missing(dates):
            st.markdown(f"**Not recorded yet.** {escape(missing)}")


def _list_good_news(session: access.Session, week: Sequence[PupilThisWeek]) -> list[str]:
    """A full week in school; and for roles that may see them, scores and meetings."""
    counted = [row for row in week if row["possible_sessions"]]
    whole = sum(not (row["absent_sessions"] or row["not_recorded_sessions"]) for row in counted)
    lines = [duty_words.describe_full_week(whole, len(counted))]
    first = session.as_at.replace(day=1)
    if session.has_category("plans"):
        on_time = read.fetch_peps(session).filter(
            (pl.col("pep_date") >= first) & pl.col("is_on_time")
        )
        lines.append(duty_words.describe_peps_on_time(names.call_rows(on_time)["handle"].to_list()))
    if session.has_category("wellbeing"):
        lines += scores.describe_lower_scores(
            names.call_rows(read.fetch_sdq(session).filter(pl.col("sdq_date") >= first))
        )
    return [line for line in lines if line] or ["The week has only begun."]


def _describe_week(session: access.Session, week: Sequence[PupilThisWeek]) -> str:
    monday = session.as_at - timedelta(days=session.as_at.weekday())
    weeks = {
        row["week_start"]: row
        for row in read.list_rows(
            CohortWeekAttendance,
            read.fetch_cohort_weeks(session, read.fetch_academic_year(session)),
        )
        if row["possible_sessions"]
    }
    now, last = weeks.get(monday), weeks.get(monday - timedelta(weeks=1))
    if now is None:
        return (
            f"No session is recorded from Monday {words.format_short_day(monday)} to "
            f"{words.format_day(session.as_at)}. School was closed, or the register has not been "
            "loaded yet."
        )
    before = (last["attended_sessions"], last["possible_sessions"]) if last else None
    parts = [
        sentences.describe_week(now["attended_sessions"], now["possible_sessions"], before),
        sentences.describe_week_children(
            sum(row["absent_sessions"] > 0 for row in week), len(week)
        ),
    ]
    if gaps := sum(row["not_recorded_sessions"] for row in week):
        parts.append(
            f"{words.format_count(gaps, 'session')} {words.pluralise(gaps, 'is')} not recorded."
        )
    return " ".join(parts)


def _describe_missing(dates: Sequence[DutyDate]) -> str:
    """What lacks its first date, each once, with whose."""
    missing: dict[str, list[str]] = {}
    for each in dates:
        if each.state == standing.NOT_RECORDED:
            missing.setdefault(each.name, []).append(names.call(each.pupil_id, each.handle))
    said = [f"{name} ({', '.join(whose)})" for name, whose in missing.items()]
    return f"{'; '.join(said)}." if said else ""
