"""Attendance, whether children are in school and what has changed."""

import polars as pl
import streamlit as st

from dashboard.charts import catalogue as charts
from dashboard.parts import attendance
from dashboard.text import sentences, words
from dashboard.ui import components, names, tab
from queries import read

session = tab.enter("attendance")
year = read.fetch_academic_year(session)
members = read.fetch_members(session)
if members.is_empty():
    st.title("Attendance", anchor=False)
    components.render_no_children()
    st.stop()

title = st.empty()
group = components.render_group_choice()
years, school = read.fetch_cohort_years(session, group), read.fetch_school_years(session)
lines = read.fetch_national_lines(session, "absence")
weeks = read.fetch_cohort_weeks(session, year, group)
now = read.get_first_row(years.filter(academic_year=year))
whole_school = read.get_first_row(school.filter(academic_year=year))
if now is None or not now["possible_sessions"]:
    title.title("Attendance", anchor=False)
    components.render_notice(
        f"No marks for {words.GROUP_CHILDREN[group]} in {year}",
        "Nobody is in this group now, or the school year has not begun in the register. "
        "Choose another group, or load the register.",
    )
    st.stop()

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
    attendance.render_children(
        session, shown, whole_school["absence_rate"] if whole_school else None
    )
    attendance.render_suspensions(session, names.call_rows(members), year)
    attendance.render_waiting(session)
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
        components.render_notice("No session was missed this year", "There are no reasons to show.")
attendance.render_years(session, group, year, is_early=counted < enough)
components.render_why_different()
