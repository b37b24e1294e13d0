"""The form for a passphrase: to sign in, and again before somebody downloads a file."""

import math

import streamlit as st

from dashboard.server import attempts, sessions
from dashboard.server.downloads import Taker
from dashboard.text import words
from dashboard.ui import provider, tab
from dashboard.ui.markdown import escape
from safeguards.access import admission
from safeguards.errors import SafeguardsError

#: The session state's keys of the last attempt's error, and of the number of attempts. Each has its
#: own fields, so that this tab forgets a passphrase as soon as it was tried.
_MESSAGE, _ATTEMPT = "sign-in-said", "sign-in-round"
#: The session state's key of the purpose of the last attempt.
_PURPOSE = "sign-in-for"
#: Width in pixels. Two short fields need no more.
_WIDTH = 480


def render_sign_in_form(names: list[str]) -> None:
    """Draw the form with which one of these people signs in."""
    _render_message()
    attempt = st.session_state.setdefault(_ATTEMPT, 0)
    with st.form(f"sign-in-{attempt}", width=_WIDTH):
        name = _render_name(names, attempt)
        phrase = st.text_input("Your passphrase", type="password", key=_build_key(attempt))
        if not st.form_submit_button("Sign in", type="primary"):
            return
    _try_passphrase(name or "", phrase, "")


def _render_name(names: list[str], attempt: int) -> str | None:
    """Return the name to sign in with. On the school's network, the form lists no names."""
    session, key = tab.find_last_session(), f"sign-in-name-{attempt}"
    last = session.actor if session is not None and session.actor in names else None
    if tab.is_shared():
        typed = st.text_input("Your name", value=last or "", key=key, autocomplete="username")
        known = {name.casefold(): name for name in names}
        return known.get(" ".join(typed.split()).casefold(), typed)
    first = None if last is None else names.index(last)
    return st.selectbox("Your name", names, index=first, key=key, placeholder="Choose your name")


def ensure_fresh_sign_in(session: Taker, purpose: str, *, with_key: bool = False) -> bool:
    """Return whether the person has signed in recently, and draw the form if not.

    purpose: why it is needed, to end a sentence.  with_key: whether it must be by the passphrase,
    which opens the person's own key.  A demo home asks nobody.
    """
    if session.admitted is None or (
        sessions.ACTIVE_SIGN_INS.is_fresh(tab.read_visitor_cookie())
        and not (with_key and session.admitted.key is None)
    ):
        return True
    if not with_key and provider.render_reauthentication(purpose):
        return False
    attempt = st.session_state.setdefault(_ATTEMPT, 0)
    _render_message()
    with st.form(f"fresh-{attempt}-{purpose}", width=_WIDTH):
        phrase = st.text_input(
            f"Your passphrase again, {purpose}", type="password", key=_build_key(attempt, purpose)
        )
        if not st.form_submit_button("Go on"):
            return False
    _try_passphrase(session.actor, phrase, purpose)
    return False


def count_attempts() -> int:
    """Return how often this tab has sent a passphrase to sign in."""
    return st.session_state.get(_ATTEMPT, 0)  # type: ignore[no-any-return]


def is_last_purpose(purpose: str) -> bool:
    """Return whether no form for another purpose was sent since `reset_purpose`."""
    return bool(st.session_state.get(_PURPOSE, purpose) == purpose)


def reset_purpose() -> None:
    """Forget the purpose of earlier attempts."""
    st.session_state.pop(_PURPOSE, None)


def _build_key(attempt: int, purpose: str = "") -> str:
    """Return the key of the passphrase field in an attempt. A page can have two such fields."""
    return tab.build_widget_key(f"sign-in-passphrase-{attempt}-{purpose}")


def _render_message() -> None:
    if message := st.session_state.pop(_MESSAGE, None):
        st.error(escape(message))


def _try_passphrase(name: str, phrase: str, purpose: str) -> None:
    """Sign in if the passphrase is right, and run the page again in either case."""
    st.session_state[_ATTEMPT] = st.session_state.get(_ATTEMPT, 0) + 1
    st.session_state[_PURPOSE] = purpose
    home, address = tab.open_home(), attempts.find_address()
    if (wait := attempts.ATTEMPTS.begin(name, address)) > 0:
        seconds = words.format_count(math.ceil(wait), "second")
        st.session_state[_MESSAGE] = f"Too many attempts. Try again in {seconds}."
        st.rerun()
    try:
        with st.spinner("Trying the passphrase. This takes some seconds."):
            admitted = admission.sign_in_with_passphrase(home, name, phrase)
    except SafeguardsError as error:
        st.session_state[_MESSAGE] = str(error)
    else:
        attempts.ATTEMPTS.reset(name, address)
        tab.sign_in(admitted)
    st.rerun()
