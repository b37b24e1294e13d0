"""Plans and dates: what is due, who holds it, and how good the papers are."""

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import calendar_file, duty_tables, recurring, rules, words
from dashboard.text import duties as plan_words
from dashboard.ui import components, tab
from dashboard.ui import day_lists as parts
from queries import read

session = tab.enter("plans")
st.title("Plans and dates")
members = read.fetch_members(session)
if members.is_empty():
    components.render_no_children()
    st.stop()
components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))
duties = read.fetch_duties(session)

drawn = charts.draw_unit_shapes(recurring.tabulate_duty_states(members, duties))
if drawn:
    components.render_figure(drawn, "shapes")
else:
    components.render_notice(
        "Nothing is owed by date now",
        "No child is looked after, and no child has a plan. Dates show here once one has.",
    )

st.header("Dates")
is_open = parts.group_duties(
    duties.filter(
        ~pl.col("status").is_in(plan_words.ENDED_STATUSES) & (pl.col("rule") != "REGISTER_N")
    )
)
dated = is_open.filter(~pl.col("status").is_in(parts.UNKNOWN_STATUSES))
near = dated.filter(pl.col("status") != "later")
if near.is_empty():
    st.markdown("All dates are up to date.")
else:
    components.render_small_text(
        "By date: those that have passed first, then those that come soon."
    )
    components.render_table(
        duty_tables.tabulate_duties(near), alt="Dates by day", max_rows=components.MAX_TABLE_ROWS
    )
later = dated.height - near.height
if later and st.toggle(f"Show the {words.format_count(later, 'later date')}", key="later"):
    rows = duty_tables.tabulate_duties(dated.filter(pl.col("status") == "later"))
    components.render_table(rows, alt="Later dates by day")
to_come = calendar_file.select_upcoming(dated, session.as_at)
components.render_download(
    session,
    "plans",
    "Make a calendar file of the dates ahead",
    lambda: calendar_file.serialise_calendar(to_come, session.as_at),
    name=calendar_file.NAME,
    mime=calendar_file.MIME,
    disabled=to_come.is_empty(),
)
components.render_small_text(
    "The file holds handles and no names. Open it in your school calendar."
)
parts.render_unknown(duties)

st.header("Education, Health and Care Plans")
plans = read.fetch_ehcps(session)
if plans.is_empty():
    components.render_no_rows(
        session, "ehcp.csv", "No child has a step of a plan", "the stage of each plan"
    )
else:
    components.render_small_text(
        f"The law gives {rules.format_deadline('EHC_FINAL')} from the request to the final plan."
    )
    components.render_table(duty_tables.tabulate_ehcps(plans), alt="Plans by child")

st.header("Personal education plans")
newest = (
    read.fetch_peps(session)
    .filter(pl.col("outcome") == "held")
    .group_by("pupil_id", maintain_order=True)
    .last()
)
if newest.is_empty():
    components.render_no_rows(
        session, "pep.csv", "No PEP is recorded yet", "each child's newest meeting"
    )
else:
    components.render_small_text(
        "The newest meeting of each child. Quality is the authority's own word."
    )
    components.render_table(duty_tables.tabulate_peps(newest), alt="Newest PEP of each child")
