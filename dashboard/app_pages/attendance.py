"""Attendance, whether children are in school and what has changed."""

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import sentences, tables, words
from dashboard.ui import components, tab
from queries import read
from queries.rows import CohortAttendance, SchoolAttendance

session = tab.enter("attendance")
st.title("Attendance")
year = read.fetch_academic_year(session)
members = read.fetch_members(session)
if members.is_empty():
    components.render_no_children()
    st.stop()

group = components.render_group_choice()
years, school = read.fetch_cohort_years(session, group), read.fetch_school_years(session)
lines = read.fetch_national_lines(session, "absence")
weeks = read.fetch_cohort_weeks(session, year, group)
now = read.get_first_row(CohortAttendance, years.filter(academic_year=year))
whole_school = read.get_first_row(SchoolAttendance, school.filter(academic_year=year))
if now is None or not now["possible_sessions"]:
    components.render_notice(
        f"No marks for {words.GROUP_CHILDREN[group]} in {year}",
        "Nobody is in this group now, or the school year has not begun in the register. "
        "Choose another group, or load the register.",
    )
    st.stop()

enough = int(read.fetch_threshold(session, "weeks_before_rates"))
counted = weeks.filter(pl.col("possible_sessions") > 0).height
st.header(sentences.describe_group_year(now, too_early=counted < enough))
st.markdown(sentences.describe_whole_school(whole_school))
st.markdown(sentences.describe_national_line(group, year, lines))

if group != "all":
    members = members.filter(pl.col(components.GROUP_COLUMNS[group]))
dots = charts.draw_child_dots(
    members,
    threshold=read.fetch_threshold(session, "persistent_absence"),
    school_rate=whole_school["absence_rate"] if whole_school else None,
)
if dots:
    components.render_figure(dots, "dots")
else:
    components.render_notice(
        "Too early to show a dot for each child",
        f"A rate needs {words.format_count(enough, 'school week')}. "
        "Children lists the sessions that each child has missed so far.",
    )

lines_of_weeks = charts.draw_week_lines(weeks)
if lines_of_weeks is None or counted < enough:
    components.render_notice(
        "Too early to show the weeks as a line",
        f"{words.capitalise(words.format_count(counted, 'school week'))} so far. "
        f"The line starts after {words.format_count(enough, 'school week')}.",
    )
else:
    components.render_figure(lines_of_weeks, "weeks")

reasons = charts.draw_reason_bars(read.fetch_absence_reasons(session, year, group))
if reasons:
    components.render_figure(reasons, "reasons")
else:
    components.render_notice("No session was missed this year", "There are no reasons to show.")

st.header("Year by year")
components.render_small_text(
    "The children who are in the group now, in each year for which there are marks."
)
twelve_months = read.fetch_cohort_years(session, "looked after 12 months")
if counted < enough:
    is_over = pl.when(pl.col("academic_year") != year)
    years = years.with_columns(absence_rate=is_over.then(pl.col("absence_rate")))
    twelve_months = twelve_months.filter(pl.col("academic_year") != year)
components.render_table(
    tables.tabulate_group_years(group, years, school, twelve_months, lines),
    alt="Sessions missed by year",
)
components.render_why_different()
