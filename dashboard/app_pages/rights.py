"""Requests: what families asked for about a child's data, by when, and what to do."""

import polars as pl
import streamlit as st

from dashboard.parts import requests
from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from safeguards.errors import SafeguardsError
from safeguards.keys.keys import Keys
from stewardship.registers.requests import Register

session = tab.enter("rights")
try:
    keys = Keys.load(session.home)
    register = Register.open(session.home, keys)
except SafeguardsError as error:
    st.title(words.PAGES["rights"], anchor=False)
    st.error(escape(str(error)))
    st.stop()
waiting = sorted(
    (each for each in register.list_all() if each.is_open),
    key=lambda each: (each.due_on, each.request_id),
)
components.render_title(
    "rights",
    f"{words.capitalise(words.format_count(len(waiting), 'open request'))}"
    if waiting
    else "No request is open",
)
if waiting:
    table = pl.DataFrame(
        {
            "Last day": [words.format_table_day(each.due_on) for each in waiting],
            "What": [words.capitalise(each.kind) for each in waiting],
            "Asked by": [words.capitalise(each.requester) for each in waiting],
            "Received": [words.format_table_day(each.received_on) for each in waiting],
            "Who asks": [
                "checked" if each.identity_checked else "to be checked" for each in waiting
            ],
            "Request": [each.request_id for each in waiting],
        }
    )
    components.render_table(table, alt="Open requests, the one that is due first on top")
st.markdown(
    "The law gives one calendar month. It can be put off once, with a reason. "
    "No name stands here: the commands ask for the number of the request."
)
st.header("What to do", anchor=False)
st.markdown(
    "These are commands for the terminal of the computer that runs these pages. Write the "
    "child's own code in place of copper lantern."
)
st.markdown("**When a request comes in:** register it the same day, and check who asks.")
st.code("\n".join(requests.FIRST), language=None)
for kind, (title, text, lines) in requests.KINDS.items():
    with st.expander(f"{title} ({kind})", expanded=any(each.kind == kind for each in waiting)):
        st.markdown(text)
        st.code("\n".join(lines), language=None)
st.markdown("**At the end:** decide, and tell the person who asked.")
st.code("\n".join(requests.LAST), language=None)
