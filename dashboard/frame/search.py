"""A search field on every page, for a child's shown name or code name."""

from dataclasses import dataclass

import streamlit as st

from dashboard.text import sentences
from dashboard.ui import components, lists, names
from queries import read
from safeguards.access import access, recall

#: The number of children opened in this tab. It makes each search a new field, which is empty.
_COUNT = "children-found"
#: A field with more children would be slow. The page of the children has a search too.
_MOST = 1_000


@dataclass(frozen=True)
class _Child:
    pupil_id: str
    handle: str
    note: str


def render_search(session: access.Session) -> None:
    """Draw a field with every child whom the role may open, and open the chosen child."""
    if not session.is_allowed("child"):
        return
    children = {child.pupil_id: child for child in _list_children(session)}
    if not 0 < len(children) <= _MOST:
        return
    count = st.session_state.setdefault(_COUNT, 0)
    chosen = st.selectbox(
        "Find a child",
        list(children),
        index=None,
        format_func=lambda pupil_id: _describe(children[pupil_id]),
        placeholder="Find a child",
        label_visibility="collapsed",
        key=f"find-child-{count}",
        width=170,
    )
    if chosen is not None:
        st.session_state[_COUNT] = count + 1
        query = {lists.ADDRESS: session.get_address(chosen)}
        st.switch_page(components.get_page("child"), query_params=query)


@recall.share
def _list_children(session: access.Session) -> list[_Child]:
    """Return the children on the pages, followed by those who left, with their last day."""
    members = read.fetch_members(session).select("pupil_id", "handle").iter_rows()
    children = [_Child(pupil_id, handle, "") for pupil_id, handle in members]
    if session.has_category("plans"):
        formers = read.fetch_former_members(session).to_dicts()
        children += [
            _Child(row["pupil_id"], row["handle"], sentences.describe_end(row)) for row in formers
        ]
    return children


def _describe(child: _Child) -> str:
    """Return the child's name while names are shown, or else their code name."""
    name = names.call(child.pupil_id, child.handle)
    return f"{name}: {child.note}" if child.note else name
