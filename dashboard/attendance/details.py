"""Beside the children: suspensions, marks without a reason, and the years."""

import polars as pl
import streamlit as st

from dashboard.text import duty_tables, sentences, tables
from dashboard.ui import components, names
from queries import read
from safeguards.access import access


def render_suspensions(session: access.Session, members: pl.DataFrame, year: str) -> None:
    """The suspensions of the year, of the children on these pages."""
    found = read.fetch_suspensions(session).filter(academic_year=year)
    st.header("Suspensions this year", anchor=False)
    if found.is_empty():
        st.markdown("No suspension is recorded.")
        return
    called = found.drop("handle").join(members.select("pupil_id", "handle"), on="pupil_id")
    components.render_table(
        duty_tables.tabulate_suspensions(called, with_child=True), alt="Suspensions this year"
    )


def render_waiting(session: access.Session) -> None:
    """Marks that have waited too long for their reason."""
    waiting = names.call_rows(read.fetch_check(session, "unexplained_n"))
    st.header("Marks without a reason", anchor=False)
    if waiting.is_empty():
        st.markdown("No absence is waiting for a reason.")
        return
    days = int(read.fetch_threshold(session, "days_to_explain_n"))
    st.markdown(sentences.describe_waiting_marks(waiting.height, days))
    components.render_table(
        tables.tabulate_check(waiting),
        alt="Marks without a reason",
        max_rows=components.MAX_TABLE_ROWS,
    )


def render_years(session: access.Session, group: str, year: str, *, is_early: bool) -> None:
    """The group's years beside the whole school's and England's."""
    years, school = read.fetch_cohort_years(session, group), read.fetch_school_years(session)
    lines = read.fetch_national_lines(session, "absence")
    twelve_months = read.fetch_cohort_years(session, "looked after 12 months")
    if is_early:
        is_over = pl.when(pl.col("academic_year") != year)
        years = years.with_columns(absence_rate=is_over.then(pl.col("absence_rate")))
        twelve_months = twelve_months.filter(pl.col("academic_year") != year)
    st.header("Year by year", anchor=False)
    components.render_small_text(
        "The children who are in the group now, in each year for which there are marks."
    )
    components.render_table(
        tables.tabulate_group_years(group, years, school, twelve_months, lines),
        alt="Sessions missed by year",
    )
