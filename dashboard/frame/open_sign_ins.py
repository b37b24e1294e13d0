"""Who is signed in, at which desk: the safeguarding lead sees it on the network, and ends it."""

import streamlit as st

from dashboard.server import sessions
from dashboard.server.sessions import OpenSignIn
from dashboard.text import words
from dashboard.ui import tab
from dashboard.ui.markdown import escape
from safeguards.access import access, roles


def render_switch(session: access.Session) -> None:
    """A button that opens the list; nothing for other roles, or on one computer alone."""
    is_lead = roles.is_lead(session.role) and session.admitted is not None
    if is_lead and tab.is_shared() and st.button("Who is signed in", type="tertiary"):
        _render_list(session)


@st.dialog("Who is signed in", width="medium")
def _render_list(session: access.Session) -> None:
    st.markdown("Each line is a browser. Anyone you sign out can sign in again.")
    for each in sessions.ACTIVE_SIGN_INS.list_open():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_describe(each))
            st.button(
                f"Sign out *{escape(each.name)}*",
                key=f"end-{each.number}",
                on_click=_end,
                args=(session, each),
            )


def _describe(each: OpenSignIn) -> str:
    since, last = (words.format_clock(at.astimezone()) for at in (each.since, each.last_seen))
    who = f"**{escape(each.name)}**, {words.ROLES[each.role]}"
    return f"{who}, from {each.address}, since {since}, last click {last}"


def _end(session: access.Session, each: OpenSignIn) -> None:
    session.log_ended_sign_in(each.name)
    sessions.ACTIVE_SIGN_INS.end(each.number)
