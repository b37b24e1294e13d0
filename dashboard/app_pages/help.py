"""Help: what the numbers and words mean, who can see what, and what the pages cannot do."""

import streamlit as st

from dashboard import components, help_words, session, tables, words
from dashboard.markdown import plain
from queries import read

held = session.enter("help")
st.title("Help")
st.markdown(help_words.ABOUT)

st.header("Zero, not recorded and hidden")
st.markdown(help_words.MISSING)

st.header("Words we use")
st.markdown(help_words.TERMS)

st.header("Who can see what")
st.markdown(help_words.ACCESS)
components.table(tables.access(), alt="Roles and the pages that they see")

st.header("Attendance codes")
st.markdown(help_words.CODES)
if st.toggle("Show the codes in use", key="codes"):
    codes = words.code_list(held.as_at)
    components.table(codes, alt="Attendance codes and what each counts as")

st.header("How each number is made")
for title, text in words.definitions(read.definitions()).items():
    with st.expander(title):
        st.markdown(plain(text))

st.header("Accessibility")
st.markdown(help_words.ACCESSIBILITY)

st.header("Version")
st.markdown(f"{words.APP}, lac-monitor {words.version()}.")
