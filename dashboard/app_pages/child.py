"""Child: one child's year, at an address that says nothing of who it is."""

import streamlit as st

from dashboard.parts import child as parts
from dashboard.sheets import take
from dashboard.sheets.child import build_child_sheet
from dashboard.text import standing, words
from dashboard.ui import actions, components, concerns, forms, identity, rows, tab
from queries import read

address = st.query_params.get(rows.ADDRESS)
session = tab.open_session()
may_ask = session.is_allowed("child")  # else to enter is refused, and that is logged
pupil_id = session.find_pupil_by_address(address) if address and may_ask else None
tab.enter("child", pupil_id)
child = read.fetch_pupil(session, pupil_id) if pupil_id else None
if child is None or pupil_id is None:
    st.title("You cannot see this child" if address else "No child is open", anchor=False)
    if address:
        st.markdown(
            "The child is not on these pages on this day. They may have left, or no longer be in "
            "one of the groups. Ask the safeguarding lead if that is wrong."
        )
    st.page_link("app_pages/children.py", label="Choose a child from the list")
    st.stop()

duties = session.select_visible(read.fetch_duties(session)).filter(pupil_id=pupil_id)
dates = standing.list_duty_dates(duties, session.as_at)
year = read.fetch_academic_year(session)
actions.render_dialog(session)
if kind := parts.render_title(session, child):
    sheet = build_child_sheet(session, kind, child, dates)
    take.render_sheet(session, "child", sheet, kind.lower().replace(" ", "-"), pupil_id)
    st.stop()
parts.render_description(session, child)
parts.render_strip(session, child, dates, duties)
left, right = st.columns(2, gap="large")
with left:
    parts.render_reasons(session, pupil_id)
    parts.render_log(session, pupil_id)
with right:
    parts.render_next_dates(session, pupil_id, dates)
left, right = st.columns(2, gap="large")
with left:
    parts.render_timeline(session, child, duties, year)
with right:
    parts.render_register(session, child)
if session.has_category("wellbeing"):
    parts.render_scores(session, pupil_id)
concerns.render_own_notes(session, pupil_id)
parts.render_years(session, pupil_id)
parts.render_plain_marts(session, pupil_id)
forms.render_fact_form(session, "child", child["handle"])
identity.render_identity(session, pupil_id, child["handle"])
parts.render_access_history(session, child)
components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))
