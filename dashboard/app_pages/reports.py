"""Reports: what governors are given, in four steps."""

import streamlit as st

from dashboard import report_parts, session, words

held = session.enter("reports")
st.title(words.PAGES["reports"])
report_parts.shown(held)
