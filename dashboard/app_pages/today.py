"""Today: who needs a look, what is due, and who missed sessions this week."""

from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard.text import sentences, tables, words
from dashboard.ui import components, day_lists, forms, tab
from queries import read

held = tab.enter("today")
st.title("Today")
week = read.this_week(held)
members = read.members(held)
waiting = read.check(held, "unexplained_n")

if members.is_empty():
    components.nobody()
    st.stop()

looks, duties = read.looks(held), read.duties(held)
near = day_lists.upcoming(duties)
st.markdown(day_lists.headline(looks.filter(~pl.col("is_closed")), near))
components.quiet(words.terms("PEP", "SDQ"))
day_lists.since_last_looked(held, looks, duties, members)
day_lists.needs_a_look(held, looks, near)
forms.shown(held, "today", members["handle"].to_list())
day_lists.due(near)
day_lists.cannot_be_known(duties)
day_lists.good_news(held, week)

monday = held.as_at - timedelta(days=held.as_at.weekday())
weeks = {
    row["week_start"]: row
    for row in read.cohort_weeks(held, read.academic_year(held)).to_dicts()
    if row["possible_sessions"]
}
now, last = weeks.get(monday), weeks.get(monday - timedelta(weeks=1))
absent = week.filter(pl.col("absent_sessions") > 0)
st.header("Attendance this week")
if now:
    st.markdown(sentences.week_headline(absent.height, week.height, waiting.height))
if now is None:
    st.markdown(
        f"No session is recorded from Monday {words.short_day(monday)} "
        f"to {words.day(held.as_at)}. "
        "School was closed, or the register has not been loaded yet."
    )
else:
    before = (last["attended_sessions"], last["possible_sessions"]) if last else None
    st.markdown(
        sentences.week_beside_last(now["attended_sessions"], now["possible_sessions"], before)
    )
    components.week_tiles(now)
    gaps = int(week["not_recorded_sessions"].sum())
    if gaps:
        st.markdown(
            f"{words.count(gaps, 'session')} of this week {words.plural(gaps, 'is')} "
            "not recorded, and count as nothing. Data check lists them."
        )

    st.subheader("Children who missed sessions this week")
    if absent.is_empty():
        st.markdown("No child missed a session this week.")
    for group, rows in components.by_year_group(absent):
        st.markdown(f"**{group}**")
        for row in rows:
            components.child_row(
                row["pupil_id"], row["handle"], words.sentence(sentences.week_of_child(row)), "week"
            )

st.header("Marks still without a reason")
if waiting.is_empty():
    st.markdown("Every N in the register is new or has its reason.")
else:
    st.markdown(sentences.waiting_marks(waiting.height))
    components.table(
        tables.check_rows(waiting),
        alt="Marks still without a reason",
        most=components.LONG_TABLE,
    )
