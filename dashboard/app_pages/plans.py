"""Plans and dates: what is due, who holds it, and how good the papers are."""

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import calendar_file, duty_tables, recurring, words
from dashboard.ui import components, tab
from dashboard.ui import day_lists as parts
from queries import read

held = tab.enter("plans")
st.title("Plans and dates")
members = read.members(held)
if members.is_empty():
    components.nobody()
    st.stop()
components.quiet(words.terms("PEP", "SDQ", "EHCP"))
duties = read.duties(held)

drawn = charts.unit_shapes(recurring.of_duties(members, duties))
if drawn:
    components.figure(drawn, "shapes")
else:
    components.notice(
        "Nothing is owed by date now",
        "No child is looked after, and no child has a plan. Dates show here once one has.",
    )

st.header("Dates")
is_open = parts.grouped(
    duties.filter((pl.col("status") != "done") & (pl.col("rule") != "REGISTER_N"))
)
dated = is_open.filter(~pl.col("status").is_in(parts.UNKNOWN))
near = dated.filter(pl.col("status") != "later")
if near.is_empty():
    st.markdown("All dates are up to date.")
else:
    components.quiet("By date: those that have passed first, then those that come soon.")
    components.table(duty_tables.duties(near), alt="Dates by day", most=components.LONG_TABLE)
later = dated.height - near.height
if later and st.toggle(f"Show the {words.count(later, 'later date')}", key="later"):
    rows = duty_tables.duties(dated.filter(pl.col("status") == "later"))
    components.table(rows, alt="Later dates by day")
to_come = calendar_file.upcoming(dated, held.as_at)
components.download(
    held,
    "plans",
    "Make a calendar file of the dates ahead",
    lambda: calendar_file.written(to_come, held.as_at),
    name=calendar_file.NAME,
    mime=calendar_file.MIME,
    disabled=to_come.is_empty(),
)
components.quiet("The file holds handles and no names. Open it in your school calendar.")
parts.cannot_be_known(duties)

st.header("Education, Health and Care Plans")
plans = read.ehcps(held)
if plans.is_empty():
    components.no_rows(held, "ehcp.csv", "No child has a step of a plan", "the stage of each plan")
else:
    components.quiet("The law gives 20 weeks from the request to the final plan.")
    components.table(duty_tables.ehcps(plans), alt="Plans by child")

st.header("Personal education plans")
newest = (
    read.peps(held)
    .filter(pl.col("outcome") == "held")
    .group_by("pupil_id", maintain_order=True)
    .last()
)
if newest.is_empty():
    components.no_rows(held, "pep.csv", "No PEP is recorded yet", "each child's newest meeting")
else:
    components.quiet("The newest meeting of each child. Quality is the authority's own word.")
    components.table(duty_tables.peps(newest), alt="Newest PEP of each child")
