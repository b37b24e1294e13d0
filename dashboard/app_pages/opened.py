"""Identities opened: how often, and by whom; never which child."""

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui import components, tab
from safeguards.access import identify

held = tab.enter("opened")
st.title(words.PAGES["opened"])
st.markdown(
    "The safeguarding lead can open who a child is, one child at a time, for a reason. "
    "Here is how often that was done. Which child it was is not shown on this page."
)
if not identify.log_is_whole(held):
    st.warning(
        "The log has been changed, so these numbers may be wrong. Ask the safeguarding lead why."
    )
rows = identify.by_month(held)
if not rows:
    components.notice(
        "No identity has been opened",
        "Nobody has opened one since this home was made. "
        "If that surprises you, ask the safeguarding lead.",
    )
    st.stop()
table = pl.DataFrame(
    {
        "Month": [words.month(month) for month, _, _ in rows],
        "Person": [person for _, person, _ in rows],
        "Times": [times for *_, times in rows],
    }
)
components.table(table, alt="Identities opened by month and person", most=components.LONG_TABLE)
components.quiet("Ask for the reasons where a number is higher than you expect.")
