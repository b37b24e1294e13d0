"""The form that asks who somebody is: to sign in, and once more before a file is taken."""

import os
from pathlib import Path

import streamlit as st

from dashboard.server import sessions
from dashboard.ui import provider, tab
from dashboard.ui.markdown import plain
from safeguards.access import access, admission
from safeguards.errors import SafeguardsError
from safeguards.home.home import Home

#: Why the last attempt let nobody in, and how many there were: each has fields of its own,
#: so that this tab forgets a passphrase as soon as it was tried.
_SAID, _ROUND = "sign-in-said", "sign-in-round"
#: What the last attempt was for.
_FOR = "sign-in-for"
#: Pixels: two short fields need no more.
_WIDTH = 480


def shown(names: list[str]) -> None:
    """The form that lets one of these people in."""
    _say()
    turn = st.session_state.setdefault(_ROUND, 0)
    held = tab.last_held()
    first = names.index(held.actor) if held is not None and held.actor in names else None
    with st.form(f"sign-in-{turn}", width=_WIDTH):
        name = st.selectbox(
            "Your name",
            names,
            index=first,
            key=f"sign-in-name-{turn}",
            placeholder="Choose your name",
        )
        phrase = st.text_input("Your passphrase", type="password", key=phrase_key(turn))
        if not st.form_submit_button("Sign in", type="primary"):
            return
    _try(name or "", phrase, "")


def fresh(held: access.Session, what: str, *, with_key: bool = False) -> bool:
    """Whether the person showed who they are a short while ago; asks for it if not.

    what: what it is needed for, to end a sentence.  with_key: by the passphrase, which
    opens the person's own key.  In a demo home nobody is asked.
    """
    if held.admitted is None or (
        sessions.PRESENCES.is_fresh(tab.visitor()) and not (with_key and held.admitted.key is None)
    ):
        return True
    if not with_key and provider.is_asked(what):
        return False
    turn = st.session_state.setdefault(_ROUND, 0)
    _say()
    with st.form(f"fresh-{turn}-{what}", width=_WIDTH):
        phrase = st.text_input(
            f"Your passphrase once more, {what}", type="password", key=phrase_key(turn, what)
        )
        if not st.form_submit_button("Go on"):
            return False
    _try(held.actor, phrase, what)
    return False


def was_for(what: str) -> bool:
    """Whether no form for something else was sent since `ask_anew`."""
    return bool(st.session_state.get(_FOR, what) == what)


def ask_anew() -> None:
    """What was sent before counts for nothing that is asked from now on."""
    st.session_state.pop(_FOR, None)


def phrase_key(turn: int, what: str = "") -> str:
    """The key of the field for the passphrase in one attempt; a page may have two for it."""
    return tab.own(f"sign-in-passphrase-{turn}-{what}")


def _say() -> None:
    if said := st.session_state.pop(_SAID, None):
        st.error(plain(said))


def _try(name: str, phrase: str, what: str) -> None:
    """Sign in if the passphrase is right, and run the page again in either case."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_FOR] = what
    home = Home.open(Path(os.environ[tab.HOME]))
    try:
        with st.spinner("Trying the passphrase. This takes some seconds."):
            admitted = admission.by_passphrase(home, name, phrase)
    except SafeguardsError as error:
        st.session_state[_SAID] = str(error)
    else:
        if visitor := tab.visitor():
            sessions.PRESENCES.sign_in(visitor, admitted)
    st.rerun()
