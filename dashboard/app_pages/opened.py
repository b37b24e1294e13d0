"""Identities opened: how often names were looked up and by whom, but never of which child."""

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
        "Names are looked up in two ways. The safeguarding lead can open a child's identity, one "
        "child at a time, for a reason. Staff who work with the children can show the names of all "
        "the children whom they see. This page counts both, but does not say which child."
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
            "Since the school's folder was created nobody has opened an identity or shown names. "
            "Ask the safeguarding lead if you expected otherwise.",
        )
        return
    lines = (
        (
            f"{date.fromisoformat(f'{row.month}-01'):%B %Y}",
            row.actor,
            row.identities_opened,
            row.names_shown,
        )
        for row in rows
    )
    names = ("Month", "Person", "Identities opened", "Times names were shown")
    components.render_listing(names, lines, "cards")
    components.render_small_text("Ask why if a number is higher than you expect.")
