"""Signing in to a school's real home, staying signed in, and signing out.

On the network the safeguarding lead sees who is signed in, at which desk, and ends it.
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

#: Seconds between two looks of a tab by itself: none shows longer than 10 what it must not.
_TICK = 7
#: Why this tab's person is no longer signed in, as it was found first.
_REASON = "sign-in-why"


def render_sign_in_page(reason: str) -> None:
    """What stands at each page's address while nobody is signed in; `why` is the reason.

    The browser takes a field for the same only at the same address: so a person comes back
    to where they were, and to what they had begun to type.
    """
    session = tab.find_last_session()
    reason = st.session_state.setdefault(_REASON, reason)
    own = [name for name in words.PAGES if session is None or session.is_allowed(name)]
    names = ["", *own, *(QUESTIONS if "schools" in own else ())]
    pages = [
        st.Page(lambda: _render_page(reason), title=words.APP, url_path=name, default=not name)
        for name in names
    ]
    st.navigation(pages, position="hidden").run()


def _render_page(reason: str) -> None:
    # what had been begun comes third, as on its own page: see dashboard.ui.fields
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
        names = [each.person for each in People.load(home, Keys.load(home))]
        provider = provider_parts.load_provider()
        is_signed_in = provider is not None and provider_parts.complete_sign_in(provider)
    except SafeguardsError as error:
        st.error(escape(str(error)))
        return
    if is_signed_in:
        st.rerun()
    if (session := tab.find_last_session()) is not None:
        # before the form may end this run: what no run draws is forgotten
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
    """Who is signed in, with the way out and a warning before the time is over."""
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
    """Have this tab drawn anew as soon as its person has no place here any more, or a warning.

    And when there are other figures: somebody brought files in, or logged something.
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
        except (SafeguardsError, StoreError):  # the page says which
            return False

    watch(is_as_drawn)


@st.fragment(run_every=_TICK)
def watch(is_as_drawn: Callable[[], bool]) -> None:
    """Draw this tab anew when `is_as_drawn` says no, which a clock of the browser's asks.

    So a browser that comes back after its line was cut asks as well.
    """
    if not is_as_drawn():
        tab.run_by_clock()


def _render_open_sign_ins(session: access.Session) -> None:
    """A button that opens the list; nothing for other roles, or on one computer alone."""
    is_lead = roles.is_lead(session.role) and session.admitted is not None
    if is_lead and tab.is_shared() and st.button("Who is signed in", type="tertiary"):
        _render_open_list(session)


@st.dialog("Who is signed in", width="medium")
def _render_open_list(session: access.Session) -> None:
    st.markdown("Each line is a browser. Anyone you sign out can sign in again.")
    for each in sessions.ACTIVE_SIGN_INS.list_open():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_describe_sign_in(each))
            st.button(
                f"Sign out *{escape(each.name)}*",
                key=f"end-{each.number}",
                on_click=_end,
                args=(session, each),
            )


def _describe_sign_in(each: OpenSignIn) -> str:
    since, last = (words.format_clock(at.astimezone()) for at in (each.since, each.last_seen))
    who = f"**{escape(each.name)}**, {words.format_roles(each.role)}"
    return f"{who}, from {each.address}, since {since}, last click {last}"


def _end(session: access.Session, each: OpenSignIn) -> None:
    session.log_ended_sign_in(each.name)
    sessions.ACTIVE_SIGN_INS.end(each.number)
