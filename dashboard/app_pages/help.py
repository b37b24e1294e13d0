"""Help: what the numbers and words mean, who can see what, and what the pages cannot do."""

import streamlit as st

from dashboard.text import help_texts, tables, words
from dashboard.ui import components, tab
from dashboard.ui.markdown import plain
from queries import read

held = tab.enter("help")
st.title("Help")
st.markdown(help_texts.ABOUT)

st.header("Zero, not recorded and hidden")
st.markdown(help_texts.MISSING)

st.header("Words we use")
st.markdown(help_texts.TERMS)

st.header("Who can see what")
st.markdown(help_texts.ACCESS)
components.table(tables.access(), alt="Roles and the pages that they see")

st.header("Attendance codes")
st.markdown(help_texts.CODES)
if st.toggle("Show the codes in use", key="codes"):
    codes = words.code_list(held.as_at)
    components.table(codes, alt="Attendance codes and what each counts as")

st.header("How each number is made")
for title, text in words.definitions(read.definitions()).items():
    with st.expander(title):
        st.markdown(plain(text))

st.header("Accessibility")
st.markdown(help_texts.ACCESSIBILITY)

st.header("Version")
st.markdown(f"{words.APP}, lac-monitor {words.version()}.")
