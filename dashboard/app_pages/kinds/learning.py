"""Learning: how far each child has come, and what is done so that they learn."""

import streamlit as st

from dashboard.learning import steps, support
from dashboard.text import words
from dashboard.ui import components, names, tab
from queries import read

session = tab.enter("learning")
members = read.fetch_members(session)
if members.is_empty():
    st.title("Learning")
    components.render_no_children()
    st.stop()
progress = read.fetch_progress(session)
components.render_title("learning", steps.format_headline(progress, members))
if session.has_table("raw_assessment"):
    steps.render_steps(session, members, progress)
left, right = st.columns(2, gap="large")
with left:
    if session.has_table("raw_intervention"):
        support.render_help(session, read.fetch_interventions(session))
    if session.has_table("raw_premium"):
        support.render_premium(read.fetch_premium_terms(session))
with right:
    if session.has_table("raw_test"):
        steps.render_tests(names.call_rows(read.fetch_tests(session)))
components.render_small_text(steps.describe_standard(steps.fetch_standard(session)))
components.render_small_text(words.spell_out_terms("PEP"))
