"""Signing in to a school's real home, staying signed in, and signing out."""

import os
from pathlib import Path

import streamlit as st

from dashboard.server import sessions
from dashboard.server.sessions import IDLE, LONGEST, WARNED
from dashboard.text import words
from dashboard.ui import fields, forms, sign_in_form, tab
from dashboard.ui import provider as provider_parts
from dashboard.ui.markdown import plain
from safeguards.access import access
from safeguards.access.people import People
from safeguards.errors import SafeguardsError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

#: Seconds between two looks at how long a person stays signed in.
_TICK = 20
#: Why this tab's person is no longer signed in, as it was found first.
_WHY = "sign-in-why"


def instead(why: str) -> None:
    """What stands at each page's address while nobody is signed in; `why` is the reason.

    The browser takes a field for the same only at the same address: so a person comes back
    to where they were, and to what they had begun to type.
    """
    held = tab.last_held()
    why = st.session_state.setdefault(_WHY, why)
    pages = [
        st.Page(lambda: _page(why), title=title, url_path=name)
        for name, title in words.PAGES.items()
        if held is None or held.may(name)
    ]
    if pages:
        st.navigation(pages, position="hidden").run()
    else:
        _page(why)


def _page(why: str) -> None:
    st.title("Sign in")
    st.markdown(f"{words.APP}: these pages are about children. Who looks is written down.")
    if tab.last_held() is not None:
        st.info(plain(_OVER if why == tab.NOBODY else why))
    try:
        home = Home.open(Path(os.environ[tab.HOME]))
        names = [each.person for each in People.of(home, Keys.of(home))]
        provider = provider_parts.of_home()
        has_come = provider is not None and provider_parts.has_come_back(provider)
    except SafeguardsError as error:
        st.error(plain(str(error)))
        return
    if has_come:
        st.rerun()
    form = st.container()
    if (held := tab.last_held()) is not None:
        # before the form may end this run: what no run draws is forgotten
        fields.kept()
        forms.kept(held)
    with form:
        if provider is None:
            sign_in_form.shown(names)
        else:
            provider_parts.shown(provider)


_OVER = (
    f"You were signed out: after {int(IDLE.total_seconds() // 60)} minutes without a click, "
    f"after {int(LONGEST.total_seconds() // 3600)} hours, or by yourself."
)


def side(held: access.Session, *, is_click: bool) -> None:
    """Who is signed in, with the way out and a warning before the time is over."""
    if is_click:
        sessions.PRESENCES.touch(tab.visitor())
    st.session_state.pop(_WHY, None)
    st.markdown(f"Signed in: **{plain(held.actor)}**")
    try:
        if (provider := provider_parts.of_home()) is not None:
            provider_parts.has_come_back(provider)
            provider_parts.say()
    except SafeguardsError as error:
        st.error(plain(str(error)))
    if st.button("Sign out"):
        _sign_out(held)
    _watch()


def _sign_out(held: access.Session) -> None:
    sessions.PRESENCES.sign_out(tab.visitor())
    held.leave()
    tab.forget()
    provider_parts.leave()
    st.rerun()


@st.fragment(run_every=_TICK)
def _watch() -> None:
    """Looks by itself, which is no click, whether the person still has a place here."""
    try:
        tab.signed_in()
    except SafeguardsError as error:
        st.session_state[_WHY] = str(error)
        tab.run_by_clock()
    left = sessions.PRESENCES.left(tab.visitor())
    if left > WARNED:
        return
    minutes = -int(-left.total_seconds() // 60)
    st.warning(f"You will be signed out in {words.count(minutes, 'minute')} or less.")
    if st.button("Stay signed in"):
        sessions.PRESENCES.touch(tab.visitor())
        st.rerun(scope="fragment")
