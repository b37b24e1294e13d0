"""Signing in with the school's provider on the pages: the way out, and whoever comes back."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import streamlit as st

from dashboard.server import oidc, sessions
from dashboard.ui import tab
from dashboard.ui.markdown import plain
from safeguards.access import admission
from safeguards.access.people import People
from safeguards.access.provider import Provider
from safeguards.access.settings import Settings
from safeguards.errors import SafeguardsError, SignInDenied
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, utc_now
from safeguards.keys.keys import Keys

#: Why whoever came back was not let in, and what the provider calls them where that helps.
_SAID = "provider-said"
#: That this tab has signed somebody out, of which the provider is still to be told.
_LEAVING = "provider-leaving"
_NAMES = {"entra": "Microsoft", "google": "Google"}
#: Seconds between two looks at whether somebody signed in in another tab.
_TICK = 5


def of_home(environ: Mapping[str, str] = os.environ) -> Provider | None:
    """The provider with which people sign in to this home; None where it is by passphrase.

    HomeError if the settings are damaged.
    """
    return Settings.of(Home.open(Path(environ[tab.HOME]))).provider


def has_come_back(provider: Provider) -> bool:
    """Whether somebody has just come back from the provider, and is signed in by that.

    Who was signed in already has proved it again.  Why somebody is not let in is said by
    `say`.  SafeguardsError if the list of people, the keys or the log cannot be used.
    """
    visitor = tab.visitor()
    if visitor is None or not oidc.TRIPS.is_out(visitor):
        return False
    home = Home.open(Path(os.environ[tab.HOME]))
    keys = Keys.of(home)
    people, present = People.of(home, keys), sessions.PRESENCES.of(visitor)
    try:
        arrival = oidc.arrived(
            visitor,
            provider,
            people,
            AccessLog(home, keys),
            utc_now(),
            signed_in=None if present is None else people.named(present.name),
        )
    except SignInDenied as denied:
        st.session_state[_SAID] = (str(denied), denied.sub)
        return False
    if arrival is None:
        return False
    admitted = admission.admit(home, keys, arrival.person)
    # a session with the provider that goes on proves nothing anew
    sessions.PRESENCES.sign_in(visitor, admitted, is_fresh=arrival.is_fresh)
    return True


def say() -> None:
    """Why the last who came back was not let in."""
    why, sub = st.session_state.get(_SAID, (None, None))
    if why is not None:
        st.error(plain(why))
    if sub is not None:
        st.markdown("What the list of people asks for:")
        st.code(sub, language=None)


def shown(provider: Provider) -> None:
    """The way out to the provider, for a browser in which nobody is signed in."""
    if st.session_state.pop(_LEAVING, False):
        oidc.leave()
    say()
    if st.button(f"Sign in with {_NAMES[provider.provider]}", type="primary"):
        _go(provider)
    if tab.last_held() is not None:
        st.link_button("Sign in in another tab, and keep what you had begun to type", "/")
        _watch()


def leave() -> None:
    """Have the provider told, when this tab runs again, that whoever was here has gone."""
    with suppress(SafeguardsError):
        if of_home() is not None:
            st.session_state[_LEAVING] = True


def is_asked(what: str) -> bool:
    """Whether it is the provider that asks for a password once more, with a button for that.

    what: what it is needed for, to end a sentence.
    """
    provider = of_home()
    if provider is None or not provider.proves_again:
        return False
    st.markdown(f"Type your password once more, {what}. You come back to the first page.")
    if st.button(f"Go to {_NAMES[provider.provider]}"):
        _go(provider, is_again=True)
    return True


def _go(provider: Provider, *, is_again: bool = False) -> None:
    st.session_state.pop(_SAID, None)
    if visitor := tab.visitor():
        oidc.go(provider, visitor, is_again=is_again)


@st.fragment(run_every=_TICK)
def _watch() -> None:
    """Looks by itself whether somebody signed in in another tab of this browser."""
    if sessions.PRESENCES.of(tab.visitor()) is not None:
        tab.run_by_clock()
