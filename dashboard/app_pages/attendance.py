"""Attendance, whether children are in school and what has changed."""

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import sentences, tables, words
from dashboard.ui import components, tab
from queries import read

held = tab.enter("attendance")
st.title("Attendance")
year = read.academic_year(held)
members = read.members(held)
if members.is_empty():
    components.nobody()
    st.stop()

group = components.group_choice()
years, school = read.cohort_years(held, group), read.school_years(held)
lines = read.national_lines(held, "absence")
weeks = read.cohort_weeks(held, year, group)
now = {row["academic_year"]: row for row in years.to_dicts()}.get(year)
whole_school = {row["academic_year"]: row for row in school.to_dicts()}.get(year)
if now is None or not now["possible_sessions"]:
    components.notice(
        f"No marks for {words.GROUP_CHILDREN[group]} in {year}",
        "Nobody is in this group now, or the school year has not begun in the register. "
        "Choose another group, or load the register.",
    )
    st.stop()

enough = int(read.threshold(held, "weeks_before_rates"))
counted = weeks.filter(pl.col("possible_sessions") > 0).height
st.header(sentences.pooled(now, too_early=counted < enough))
st.markdown(sentences.beside_school(whole_school))
st.markdown(sentences.beside_nation(group, year, lines))

if group != "all":
    members = members.filter(pl.col(components.GROUP_COLUMNS[group]))
dots = charts.child_dots(
    members,
    threshold=read.threshold(held, "persistent_absence"),
    school_rate=whole_school["absence_rate"] if whole_school else None,
)
if dots:
    components.figure(dots, "dots")
else:
    components.notice(
        "Too early to show a dot for each child",
        f"A rate needs {words.count(enough, 'school week')}. "
        "Children lists the sessions that each child has missed so far.",
    )

lines_of_weeks = charts.week_lines(weeks)
if lines_of_weeks is None or counted < enough:
    components.notice(
        "Too early to show the weeks as a line",
        f"{words.sentence(words.count(counted, 'school week'))} so far. "
        f"The line starts after {words.count(enough, 'school week')}.",
    )
else:
    components.figure(lines_of_weeks, "weeks")

reasons = charts.reason_bars(read.absence_reasons(held, year, group))
if reasons:
    components.figure(reasons, "reasons")
else:
    components.notice("No session was missed this year", "There are no reasons to show.")

st.header("Year by year")
components.quiet("The children who are in the group now, in each year for which there are marks.")
twelve_months = read.cohort_years(held, "looked after 12 months")
if counted < enough:
    is_over = pl.when(pl.col("academic_year") != year)
    years = years.with_columns(absence_rate=is_over.then(pl.col("absence_rate")))
    twelve_months = twelve_months.filter(pl.col("academic_year") != year)
components.table(
    tables.group_years(group, years, school, twelve_months, lines),
    alt="Sessions missed by year",
)
components.why_different()
