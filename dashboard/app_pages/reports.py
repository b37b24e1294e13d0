"""Reports: what governors are given, in four steps."""

import streamlit as st

from dashboard.report.page import page
from dashboard.text import words
from dashboard.ui import tab

session = tab.enter("reports")
st.title(words.PAGES["reports"])
page.render_report_page(session)
