"""Signing in to a school's real home, staying signed in, and signing out."""

import os
from pathlib import Path

import streamlit as st

from dashboard.server import sessions
from dashboard.server.sessions import IDLE_TIMEOUT, MAX_SIGN_IN, WARNING_PERIOD
from dashboard.text import words
from dashboard.ui import fields, forms, sign_in_form, tab
from dashboard.ui import provider as provider_parts
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.access.people import People
from safeguards.errors import SafeguardsError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

#: Seconds between two looks at how long a person stays signed in.
_TICK = 20
#: Why this tab's person is no longer signed in, as it was found first.
_REASON = "sign-in-why"


def render_sign_in_page(reason: str) -> None:
    """What stands at each page's address while nobody is signed in; `why` is the reason.

    The browser takes a field for the same only at the same address: so a person comes back
    to where they were, and to what they had begun to type.
    """
    session = tab.find_last_session()
    reason = st.session_state.setdefault(_REASON, reason)
    pages = [
        st.Page(lambda: _render_page(reason), title=title, url_path=name)
        for name, title in words.PAGES.items()
        if session is None or session.is_allowed(name)
    ]
    if pages:
        st.navigation(pages, position="hidden").run()
    else:
        _render_page(reason)


def _render_page(reason: str) -> None:
    st.title("Sign in")
    st.markdown(f"{words.APP}: these pages are about children. Who looks is written down.")
    if tab.find_last_session() is not None:
        st.info(escape(_SIGNED_OUT if reason == tab.NOT_SIGNED_IN else reason))
    try:
        home = Home.open(Path(os.environ[tab.HOME]))
        names = [each.person for each in People.load(home, Keys.load(home))]
        provider = provider_parts.load_provider()
        is_signed_in = provider is not None and provider_parts.complete_sign_in(provider)
    except SafeguardsError as error:
        st.error(escape(str(error)))
        return
    if is_signed_in:
        st.rerun()
    form = st.container()
    if (session := tab.find_last_session()) is not None:
        # before the form may end this run: what no run draws is forgotten
        fields.render_locked_fields()
        forms.render_disabled_forms(session)
    with form:
        if provider is None:
            sign_in_form.render_sign_in_form(names)
        else:
            provider_parts.render_sign_in(provider)


_SIGNED_OUT = (
    f"You were signed out: after {int(IDLE_TIMEOUT.total_seconds() // 60)} minutes without a "
    "click, "
    f"after {int(MAX_SIGN_IN.total_seconds() // 3600)} hours, or by yourself."
)


def render_sign_in_status(session: access.Session, *, is_click: bool) -> None:
    """Who is signed in, with the way out and a warning before the time is over."""
    if is_click:
        sessions.ACTIVE_SIGN_INS.touch(tab.read_visitor_cookie())
    st.session_state.pop(_REASON, None)
    st.markdown(f"Signed in: **{escape(session.actor)}**")
    try:
        if (provider := provider_parts.load_provider()) is not None:
            provider_parts.complete_sign_in(provider)
            provider_parts.render_refusal()
    except SafeguardsError as error:
        st.error(escape(str(error)))
    if st.button("Sign out"):
        _sign_out(session)
    _watch()


def _sign_out(session: access.Session) -> None:
    sessions.ACTIVE_SIGN_INS.sign_out(tab.read_visitor_cookie())
    session.log_sign_out()
    tab.forget()
    provider_parts.schedule_log_out()
    st.rerun()


@st.fragment(run_every=_TICK)
def _watch() -> None:
    """Looks by itself, which is no click, whether the person still has a place here."""
    try:
        tab.require_sign_in()
    except SafeguardsError as error:
        st.session_state[_REASON] = str(error)
        tab.run_by_clock()
    remaining = sessions.ACTIVE_SIGN_INS.compute_time_remaining(tab.read_visitor_cookie())
    if remaining > WARNING_PERIOD:
        return
    minutes = -int(-remaining.total_seconds() // 60)
    st.warning(f"You will be signed out in {words.format_count(minutes, 'minute')} or less.")
    if st.button("Stay signed in"):
        sessions.ACTIVE_SIGN_INS.touch(tab.read_visitor_cookie())
        st.rerun(scope="fragment")
