"""Check a copy: whether a paper that somebody holds is as the school issued it."""

import streamlit as st

from dashboard.report.check_copy import Comparison, compare_copy
from dashboard.report.page import state
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from safeguards.access import access

#: The most differences that are listed; a letterhead alone makes one or two.
_LISTED = 12


def render_check(session: access.Session) -> None:
    """Draw a place to drop a paper, and say where it differs from the reports issued."""
    st.header("Check a copy", anchor=False)
    st.markdown(
        "Drop a Word or PDF file here that somebody has as our report. The page says which of its "
        "words and figures are ours. The file is not kept."
    )
    file = st.file_uploader("A copy of a report", ["docx", "pdf"], key="report-copy")
    if file is None:
        return
    with tab.say_errors(), st.spinner("Comparing it with the reports issued."):
        issued = {
            report.number: state.get_files(session, report)
            for report in state.open_releases(session).list_issued()
        }
        _render_result(compare_copy(file.name, file.getvalue(), issued))


def _render_result(comparison: Comparison | None) -> None:
    if comparison is None:
        st.warning("This file is like none of our reports.")
        return
    name = f"{comparison.name.replace('-', ' ')} of report {comparison.number}"
    if not comparison.differences:
        st.success(f"Every word and figure is ours: {name}.")
        return
    st.warning(f"This is like {name}, but these places differ.")
    rows = [
        (escape(place.issued) or "nothing", escape(place.copy) or "nothing")
        for place in comparison.differences[:_LISTED]
    ]
    components.render_listing(("We issued", "The copy says"), rows, "wrapped", "Differences")
    if len(comparison.differences) > _LISTED:
        more = len(comparison.differences) - _LISTED
        components.render_small_text(f"And {more} more places.")
