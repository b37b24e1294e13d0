"""Help: what the numbers and words mean, who can see what, and what the pages cannot do."""

import streamlit as st

from dashboard.text import help_texts, rules, tables, words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from queries import read

session = tab.enter("help")
st.title("Help")
st.markdown(help_texts.ABOUT)

st.header("Zero, not recorded and hidden")
st.markdown(help_texts.MISSING)

st.header("Words we use")
figures = rules.list_figures(read.fetch_thresholds(session))
st.markdown(rules.fill(help_texts.TERMS, figures))

st.header("Who can see what")
st.markdown(help_texts.ACCESS)
components.render_table(tables.tabulate_access(), alt="Roles and the pages that they see")

st.header("Attendance codes")
st.markdown(help_texts.CODES)
if st.toggle("Show the codes in use", key="codes"):
    codes = words.tabulate_codes(session.as_at)
    components.render_table(codes, alt="Attendance codes and what each counts as")

st.header("How each number is made")
for title, text in words.list_definitions(read.list_definitions(), figures).items():
    with st.expander(title):
        st.markdown(escape(text))

st.header("Accessibility")
st.markdown(help_texts.ACCESSIBILITY)

st.header("Version")
st.markdown(f"{words.APP}, lac-monitor {words.get_version()}.")
