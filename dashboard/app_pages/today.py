"""Today: who needs a look, what is due, and who missed sessions this week."""

from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard.text import sentences, tables, words
from dashboard.ui import components, day_lists, forms, tab
from queries import read
from queries.rows import CohortWeekAttendance

session = tab.enter("today")
st.title("Today")
week = read.fetch_this_week(session)
members = read.fetch_members(session)
waiting = read.fetch_check(session, "unexplained_n")

if members.is_empty():
    components.render_no_children()
    st.stop()

looks, duties = day_lists.fetch_reasons(session), read.fetch_duties(session)
near = day_lists.select_near_duties(duties)
st.markdown(day_lists.format_headline(looks.filter(~pl.col("is_closed")), near))
components.render_small_text(words.spell_out_terms("PEP", "SDQ"))
day_lists.render_changes(session, looks, duties, members)
day_lists.render_needs_a_look(session, looks, near)
forms.render_forms(session, "today", members["handle"].to_list())
day_lists.render_due(near)
day_lists.render_unknown(duties)
day_lists.render_good_news(session, week)

monday = session.as_at - timedelta(days=session.as_at.weekday())
weeks = {
    row["week_start"]: row
    for row in read.list_rows(
        CohortWeekAttendance, read.fetch_cohort_weeks(session, read.fetch_academic_year(session))
    )
    if row["possible_sessions"]
}
now, last = weeks.get(monday), weeks.get(monday - timedelta(weeks=1))
absent = week.filter(pl.col("absent_sessions") > 0)
st.header("Attendance this week")
if now:
    st.markdown(sentences.format_week_headline(absent.height, week.height, waiting.height))
if now is None:
    st.markdown(
        f"No session is recorded from Monday {words.format_short_day(monday)} "
        f"to {words.format_day(session.as_at)}. "
        "School was closed, or the register has not been loaded yet."
    )
else:
    before = (last["attended_sessions"], last["possible_sessions"]) if last else None
    st.markdown(
        sentences.describe_week_change(now["attended_sessions"], now["possible_sessions"], before)
    )
    components.render_week_tiles(now)
    gaps = int(week["not_recorded_sessions"].sum())
    if gaps:
        st.markdown(
            f"{words.format_count(gaps, 'session')} of this week {words.pluralise(gaps, 'is')} "
            "not recorded, and count as nothing. Data check lists them."
        )

    st.subheader("Children who missed sessions this week")
    if absent.is_empty():
        st.markdown("No child missed a session this week.")
    for group, rows in components.group_by_year_group(read.MemberWeek, absent):
        st.markdown(f"**{group}**")
        for row in rows:
            components.render_child_row(
                row["pupil_id"],
                row["handle"],
                words.capitalise(sentences.describe_child_week(row)),
                "week",
            )

st.header("Marks still without a reason")
if waiting.is_empty():
    st.markdown("Every N in the register is new or has its reason.")
else:
    days = int(read.fetch_threshold(session, "days_to_explain_n"))
    st.markdown(sentences.describe_waiting_marks(waiting.height, days))
    components.render_table(
        tables.tabulate_check(waiting),
        alt="Marks still without a reason",
        max_rows=components.MAX_TABLE_ROWS,
    )
