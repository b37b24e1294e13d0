"""Safeguarding: who is where, what is due, and whom to ring; for the safeguarding lead alone."""

import streamlit as st

from dashboard.parts import safeguarding
from dashboard.text import standing
from dashboard.ui import actions, components, tab
from queries import read

session = tab.enter("safeguarding")
found = read.fetch_protection_cases(session)
duties = read.fetch_protection_duties(session)
dates = standing.list_duty_dates(duties, session.as_at)
actions.render_dialog(session)
safeguarding.render_dialog(session)
notes = read.fetch_concerns(session)
components.render_title("safeguarding", safeguarding.format_headline(found, dates, notes))
safeguarding.render_cases(session, found, dates)
left, right = st.columns([1.42, 1], gap="large")
with left:
    if session.has_table("raw_concern"):
        safeguarding.render_notes(session, notes)
with right:
    safeguarding.render_other_dates(session, found, dates)
    safeguarding.render_nation(session, found, duties)
    if session.has_table("raw_missing"):
        safeguarding.render_missing(session)
    if session.has_table("raw_care_leaver"):
        safeguarding.render_leavers(session)
components.render_small_text(
    "Each opening of this page is written down. On a child's page the Chronology can be printed."
)
