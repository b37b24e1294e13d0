"""Plans and dates: what is due, for whom to do, and how good the papers are."""

import streamlit as st

from dashboard.parts import plans
from dashboard.text import standing, words
from dashboard.ui import components, tab
from queries import read

session = tab.enter("plans")
members = read.fetch_members(session)
if members.is_empty():
    st.title("Plans and dates", anchor=False)
    components.render_no_children()
    st.stop()
duties = session.select_visible(read.fetch_duties(session))
plans.render_dates(session, standing.list_duty_dates(duties, session.as_at))
left, right = st.columns(2, gap="large")
with left:
    plans.render_ehcps(session)
with right:
    plans.render_peps(session)
components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))
