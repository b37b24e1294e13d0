"""Signing in to a school's real home, staying signed in, and signing out.

On a network, the safeguarding lead sees who is signed in and where, and can sign them out.
"""

from collections.abc import Callable

import streamlit as st

from dashboard.questions.catalogue import QUESTIONS
from dashboard.server import sessions
from dashboard.server.sessions import IDLE_TIMEOUT, MAX_SIGN_IN, OpenSignIn
from dashboard.text import words
from dashboard.ui import fields, forms, lists, sign_in_form, tab
from dashboard.ui import provider as provider_parts
from dashboard.ui.markdown import escape
from queries.errors import StoreError
from safeguards.access import access, roles
from safeguards.access.people import People
from safeguards.errors import SafeguardsError
from safeguards.keys.keys import Keys

#: Seconds between a tab's own checks, so that it shows nothing for more than 10 that it may not.
_TICK = 7
#: The session state's key of the first reason why this tab's person is no longer signed in.
_REASON = "sign-in-why"


def render_sign_in_page(reason: str) -> None:
    """Draw the sign-in page at every address, while nobody is signed in.

    The browser keeps a field only at the same address. So a person returns to the page where
    they were, and to what they had begun to type. `reason` says why nobody is signed in.
    """
    session = tab.find_last_session()
    reason = st.session_state.setdefault(_REASON, reason)
    allowed = [name for name in words.PAGES if session is None or session.is_allowed(name)]
    names = ["", *allowed, *(QUESTIONS if "schools" in allowed else ())]
    pages = [
        st.Page(lambda: _render_page(reason), title=words.APP, url_path=name, default=not name)
        for name in names
    ]
    st.navigation(pages, position="hidden").run()


def _render_page(reason: str) -> None:
    # fields with begun text come third, as on their own page: see dashboard.ui.fields
    with st.container():
        st.title("Sign in", anchor=False)
        st.markdown(f"{words.APP}: pages about children. Each time you open one, that is recorded.")
        if tab.find_last_session() is not None:
            st.info(escape(_SIGNED_OUT if reason == tab.NOT_SIGNED_IN else reason))
    with st.container():
        form, note = st.container(), st.container()
    begun = st.container()
    try:
        home = tab.open_home()
        names = [entry.person for entry in People.load(home, Keys.load(home))]
        provider = provider_parts.load_provider()
        is_signed_in = provider is not None and provider_parts.complete_sign_in(provider)
    except SafeguardsError as error:
        st.error(escape(str(error)))
        return
    if is_signed_in:
        st.rerun()
    if (session := tab.find_last_session()) is not None:
        # before the form can end this run, since a field that a run does not draw is forgotten
        with begun:
            fields.render_locked_fields(note)
        forms.render_disabled_form(session)
    with form:
        if provider is None:
            sign_in_form.render_sign_in_form(names)
        else:
            provider_parts.render_sign_in(provider)
    lists.render_focus("sign in")


_SIGNED_OUT = (
    f"You were signed out: after {int(IDLE_TIMEOUT.total_seconds() // 60)} minutes without a "
    "click, "
    f"after {int(MAX_SIGN_IN.total_seconds() // 3600)} hours, or because you signed out."
)


def render_sign_in_status(session: access.Session, *, is_click: bool) -> None:
    """Show who is signed in, a way out, and a warning before the time is over."""
    if is_click:
        sessions.ACTIVE_SIGN_INS.touch(tab.read_visitor_cookie())
    tab.render_renewal()
    st.session_state.pop(_REASON, None)
    st.markdown(f"Signed in: **{escape(session.actor)}**")
    with tab.say_errors():
        if (provider := provider_parts.load_provider()) is not None:
            provider_parts.complete_sign_in(provider)
            provider_parts.render_refusal()
    _render_open_sign_ins(session)
    if st.button("Sign out"):
        _sign_out(session)
    _watch_session(session)


def _sign_out(session: access.Session) -> None:
    sessions.ACTIVE_SIGN_INS.sign_out(tab.read_visitor_cookie())
    session.log_sign_out()
    tab.forget()
    provider_parts.schedule_log_out()
    st.rerun()


def _watch_session(session: access.Session) -> None:
    """Redraw this tab when its person is no longer admitted, or a warning is due.

    Redraw it too when the figures change, because somebody brought files in or logged something.
    """
    visitor, dialogs = tab.read_visitor_cookie(), tab.list_open_dialogs()
    shown = None if dialogs else tab.render_last_minutes(tab.PAGE_WARNING)

    def is_as_drawn() -> bool:
        try:
            return (
                tab.is_still_admitted(session.home, visitor)
                and session.is_current
                and (bool(dialogs) or tab.count_last_minutes(visitor) == shown)
            )
        except (SafeguardsError, StoreError):  # the page shows the error
            return False

    watch(is_as_drawn)


@st.fragment(run_every=_TICK)
def watch(is_as_drawn: Callable[[], bool]) -> None:
    """Redraw this tab when `is_as_drawn` returns False, which a clock in the browser checks.

    So a browser checks too when it comes back after its connection was lost.
    """
    if not is_as_drawn():
        tab.run_by_clock()


def _render_open_sign_ins(session: access.Session) -> None:
    """Draw the button that opens the list, for the safeguarding lead of a shared home only."""
    is_lead = roles.is_lead(session.role) and session.admitted is not None
    if is_lead and tab.is_shared() and st.button("Who is signed in", type="tertiary"):
        _render_open_list(session)


@st.dialog("Who is signed in", width="medium")
def _render_open_list(session: access.Session) -> None:
    st.markdown("Each line is a browser. Anyone you sign out can sign in again.")
    for sign_in in sessions.ACTIVE_SIGN_INS.list_open():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_describe_sign_in(sign_in))
            st.button(
                f"Sign out *{escape(sign_in.name)}*",
                key=f"end-{sign_in.number}",
                on_click=_end,
                args=(session, sign_in),
            )


def _describe_sign_in(sign_in: OpenSignIn) -> str:
    since, last = (words.format_clock(at.astimezone()) for at in (sign_in.since, sign_in.last_seen))
    person = f"**{escape(sign_in.name)}**, {words.format_roles(sign_in.role)}"
    return f"{person}, from {sign_in.address}, since {since}, last click {last}"


def _end(session: access.Session, sign_in: OpenSignIn) -> None:
    session.log_ended_sign_in(sign_in.name)
    sessions.ACTIVE_SIGN_INS.end(sign_in.number)
