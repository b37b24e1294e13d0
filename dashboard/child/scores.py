"""A child's scores, with their scales."""

import streamlit as st

from dashboard.text import duty_tables
from dashboard.ui import components
from queries import read
from safeguards.access import access


def render_scores(session: access.Session, pupil_id: str) -> None:
    """The child's scores in words, newest first."""
    st.header("Wellbeing", anchor=False)
    found = read.fetch_sdq(session).filter(pupil_id=pupil_id)
    if found.is_empty():
        st.markdown("No SDQ yet. Ask the social worker: carers fill it in.")
        return
    components.render_small_text(
        "A higher score means more difficulties; on the prosocial scale, more strengths. "
        "Changes compare forms filled in by the same person."
    )
    components.render_table(
        duty_tables.tabulate_scores(
            found.sort("sdq_date", maintain_order=True),
            int(read.fetch_threshold(session, "sdq_chance")),
        ),
        alt="Scores of this child",
    )
