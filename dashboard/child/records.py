"""What has no part of its own on a child's page: plain tables, and who may look."""

import streamlit as st

from dashboard.text import sentences, tables
from dashboard.ui import components
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access

#: For so many days the page says who has looked.
_VIEW_DAYS = 28


def render_plain_marts(session: access.Session, pupil_id: str) -> None:
    """The categories that have no part of their own on this page, as plain tables.

    Those of which nothing is recorded stand in one line at the end.
    """
    empty = []
    for title, mart in read.list_plain_marts().items():
        is_kept = session.has_table(read.get_plain_table(mart))
        if not (is_kept and session.has_category(mart.find_field("Category") or "")):
            continue
        rows = read.fetch_plain_rows(session, mart, pupil_id)
        if rows.is_empty():
            empty.append(title)
            continue
        st.header(escape(title), anchor=False)
        components.render_table(tables.tabulate_plain_rows(rows), alt=title)
    if empty:
        st.header("Nothing is recorded yet", anchor=False)
        st.markdown("\n".join(f"- {escape(title)}" for title in empty))


def render_access_history(session: access.Session, child: read.Member) -> None:
    """Who may see the child's page and, for the safeguarding lead, who has."""
    title = "Who can see this child, and who has looked"
    lines = sentences.describe_access(is_restricted=child["is_restricted"])
    # the log is read only while somebody wants to know
    with st.expander(title, key="who-looked", on_change="rerun") as part:
        st.markdown("\n".join(f"- :small[{line}]" for line in lines))
        if not session.is_allowed("child", "audit"):
            components.render_small_text(
                "Each look is written down. The safeguarding lead can read it."
            )
        elif part.open:
            components.render_small_text(
                f"Who opened this page in the last {_VIEW_DAYS} days. "
                "Lists and figures of several children are not counted here."
            )
            rows = tables.tabulate_views(session.find_views(child["pupil_id"], _VIEW_DAYS))
            components.render_table(rows, alt="Who has looked at this child")
