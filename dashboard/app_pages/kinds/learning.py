"""Learning: how far each child has come, and what is done so that they learn."""

import streamlit as st

from dashboard.parts import learning
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
components.render_title("learning", learning.format_headline(progress, members))
if session.has_table("raw_assessment"):
    learning.render_steps(session, members, progress)
left, right = st.columns(2, gap="large")
with left:
    if session.has_table("raw_intervention"):
        learning.render_help(session, read.fetch_interventions(session))
    if session.has_table("raw_premium"):
        learning.render_premium(read.fetch_premium_terms(session))
with right:
    if session.has_table("raw_test"):
        learning.render_tests(names.call_rows(read.fetch_tests(session)))
components.render_small_text(learning.describe_standard(learning.fetch_standard(session)))
components.render_small_text(words.spell_out_terms("PEP"))
