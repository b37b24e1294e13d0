"""Wellbeing: whether life is getting easier, and who has a score and a health check."""

import streamlit as st

from dashboard.parts import wellbeing
from dashboard.text import scores, words
from dashboard.ui import components, names, tab
from queries import read

session = tab.enter("wellbeing")
members = names.call_rows(read.fetch_members(session))
if members.is_empty():
    st.title("Wellbeing", anchor=False)
    components.render_no_children()
    st.stop()
found, coverage = names.call_rows(read.fetch_sdq(session)), read.fetch_sdq_coverage(session)
components.render_title("wellbeing", scores.format_headline(coverage))
st.markdown(scores.describe_coverage(coverage))

left, right = st.columns(2, gap="large")
with left:
    wellbeing.render_changes(session, found)
with right:
    wellbeing.render_newest(members, found)
wellbeing.render_checks(session)
components.render_small_text(words.spell_out_terms("SDQ"))
