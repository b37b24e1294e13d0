"""Identities opened: how often, and by whom; never which child."""

from datetime import date

import streamlit as st

from dashboard.text import words
from dashboard.ui import components, tab
from safeguards.access import identify


def render() -> None:
    """Draw the page."""
    session = tab.enter("opened")
    components.render_title("opened", words.PAGES["opened"])
    st.markdown(
        "The safeguarding lead can look up who a child is, one child at a time, for a reason. "
        "This page shows how often, but not for which child."
    )
    if not identify.is_log_whole(session):
        st.warning(
            "The log has been changed, so these numbers may be wrong. "
            "Ask the safeguarding lead why."
        )
    rows = identify.count_by_month(session)
    if not rows:
        components.render_notice(
            "Nobody has looked up a child's name yet",
            "Nobody has looked up a child's name since the school's folder was created. "
            "Ask the safeguarding lead if you expected otherwise.",
        )
        return
    told = ((f"{date.fromisoformat(f'{month}-01'):%B %Y}", *rest) for month, *rest in rows)
    components.render_listing(("Month", "Person", "Times"), told, "cards")
    components.render_small_text("Ask for the reasons if a number is higher than you expect.")
