"""What is new since this person last looked, in one line; for a first visit, where to begin."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard.text import changes, help_texts, words
from dashboard.today.looks import fetch_reasons
from dashboard.ui import names
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access


def render_since(
    session: access.Session,
    day: date | None,
    looks: pl.DataFrame,
    duties: pl.DataFrame,
    members: pl.DataFrame,
) -> frozenset[str]:
    """Draw the line; the children (pupil_id) who are listed now for something new.

    day: that of the data at the last visit, None for a first one.  Nothing is drawn for that,
    nor while the data have not moved on.
    """
    if day is None or day >= session.as_at:
        return frozenset()
    then = session.copy_as_at(day)
    reasons = changes.find_reason_changes(fetch_reasons(then), looks, members)
    before = session.select_visible(read.fetch_duties(then))
    past, done = changes.count_duty_changes(before, duties, day, session.as_at)
    text = changes.describe_changes(names.call_rows(reasons), past, done)
    st.markdown(escape(f"Since you last looked, at data to {words.format_short_day(day)}: {text}."))
    is_new = pl.col("change").is_in([changes.NEWLY_LISTED, changes.NEW_REASON])
    return frozenset(reasons.filter(is_new)["pupil_id"])


@st.cache_resource
def _list_done() -> set[str]:
    """Who has put the pointers away, until this server stops: from the next day the log knows."""
    return set()


def render_pointers(session: access.Session, day: date | None) -> None:
    """On a first visit (`day` is None), until they are put away, how to begin."""
    done = _list_done()
    if day is None and session.actor not in done:
        with st.container(key="pointers", horizontal=True, vertical_alignment="center"):
            st.markdown(help_texts.FIRST_VISIT)
            st.button("Got it", on_click=done.add, args=(session.actor,))
