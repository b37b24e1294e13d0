"""What stands on top of every page: the school, the day of the data, who looks, the names."""

from functools import cache

import streamlit as st

from dashboard.frame import sign_in
from dashboard.text import words
from dashboard.ui import names, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, roles


def render_frame(session: access.Session, *, is_click: bool) -> None:
    """One line, and below it whatever a click in it asks for."""
    with st.container():  # one place, whatever is asked for: what follows keeps its own
        with st.container(key="frame", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_format_header(session))
            if session.is_demo:
                _render_role_choice(session)
            else:
                sign_in.render_sign_in_status(session, is_click=is_click)
            names.render_names_switch(session, is_click=is_click)
        names.render_request(session)


def is_page_kept(session: access.Session, page: str) -> bool:
    """Whether the school keeps any of what a page of one kind of data shows."""
    kind = words.KIND_PAGES.get(page)
    return kind is None or any(map(session.has_table, _list_tables(kind)))


@cache
def _list_tables(kind: str) -> tuple[str, ...]:
    return tuple(
        read.get_plain_table(mart)
        for mart in read.list_plain_marts().values()
        if mart.category == kind
    )


def render_page_off(session: access.Session, page: str) -> None:
    """What stands at the address of a page that the role lacks, or that the school does without.

    `access.Denied` if the role lacks it.
    """
    session.enter(page)
    st.title(words.PAGES[page], anchor=False)
    st.markdown(
        "This school keeps none of what this page shows. The safeguarding lead can switch it on: "
        "see the command lac categories."
    )


def _format_header(session: access.Session) -> str:
    parts = [
        f"**{escape(session.school_name)}**",
        f"Data up to {words.format_day(session.data_until)}",
    ]
    if session.as_at != session.data_until:
        parts.append(f"Shown as at {words.format_day(session.as_at)}")
    parts.append(words.ROLES[session.role])
    demo = " :yellow-badge[Demo data: no real children]" if session.is_demo else ""
    return f"{' · '.join(parts)}{demo}"


def _render_role_choice(session: access.Session) -> None:
    """In a demo home, a choice of who to be."""
    # set at each run, and not once: a slow browser that has not drawn the field yet when the next
    # run comes would take the first role of the list, and send that
    st.session_state[tab.ROLE_KEY] = st.session_state.get(tab.ROLE_KEY, session.role)
    st.selectbox(
        "View as (demo only)",
        roles.ROLES,
        format_func=words.ROLES.__getitem__,
        key=tab.ROLE_KEY,
        label_visibility="collapsed",
        width=190,
    )
