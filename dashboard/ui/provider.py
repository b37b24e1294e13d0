"""Signing in on the pages with the school's provider: the redirect to it, and the way back."""

from contextlib import suppress

import streamlit as st

from dashboard.server import oidc
from dashboard.ui import tab
from dashboard.ui.markdown import escape
from safeguards.access import admission, recall
from safeguards.access.people import People
from safeguards.access.provider import Provider
from safeguards.access.settings import Settings
from safeguards.errors import SafeguardsError, SignInDenied
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.keys import Keys

#: The session state's key of why a person was refused, and of the provider's id if that helps.
_REFUSAL = "provider-said"
#: The session state's key that marks a sign-out which the provider does not know of yet.
_LOGGING_OUT = "provider-leaving"
_NAMES = {"entra": "Microsoft", "google": "Google"}
#: Seconds between checks whether somebody signed in in another tab.
_TICK = 5


def load_provider() -> Provider | None:
    """Return the provider with which people sign in to this home, or None with passphrases.

    HomeError if the settings are damaged, ProofError if nobody has confirmed them.
    """
    home = tab.open_home()
    return recall.ask_once(home, "provider", lambda: Settings.load(home, Keys.load(home)).provider)


def complete_sign_in(provider: Provider) -> bool:
    """Sign in the person who has just come back from the provider, and return whether that worked.

    A person who was signed in already has proved it again. `render_refusal` says why somebody is
    refused. SafeguardsError if the list of people, the keys or the log cannot be used.
    """
    visitor = tab.read_visitor_cookie()
    if visitor is None or not oidc.PENDING_SIGN_INS.is_pending(visitor):
        return False
    home = tab.open_home()
    keys = Keys.load(home)
    people, signed_in = People.load(home, keys), tab.find_sign_in()
    try:
        sign_in = oidc.complete_sign_in(
            visitor,
            provider,
            people,
            AccessLog(home, keys),
            get_utc_now(),
            signed_in=None if signed_in is None else people.find_by_name(signed_in.name),
        )
    except SignInDenied as denied:
        st.session_state[_REFUSAL] = (str(denied), denied.sub)
        return False
    if sign_in is None:
        return False
    admitted = admission.admit(home, keys, sign_in.person)
    # an old session with the provider is no new proof
    tab.sign_in(admitted, is_fresh=sign_in.is_fresh)
    return True


def render_refusal() -> None:
    """Say why the last person who came back was refused."""
    reason, sub = st.session_state.get(_REFUSAL, (None, None))
    if reason is not None:
        st.error(escape(reason))
    if sub is not None:
        st.markdown("What the list of people asks for:")
        st.code(sub, language=None)


def render_sign_in(provider: Provider) -> None:
    """Draw the link to the provider, for a browser in which nobody is signed in."""
    if st.session_state.pop(_LOGGING_OUT, False):
        st.logout()  # forgets the person, and sends the tab to sign out at the provider too
    render_refusal()
    if st.button(f"Sign in with {_NAMES[provider.provider]}", type="primary"):
        _redirect(provider)
    if tab.find_last_session() is not None:
        st.link_button("Sign in in another tab, and keep what you had begun to type", "/")
        _watch()


def schedule_log_out() -> None:
    """Have the provider informed in the next run that the person has signed out."""
    with suppress(SafeguardsError):
        if load_provider() is not None:
            st.session_state[_LOGGING_OUT] = True


def render_reauthentication(purpose: str) -> bool:
    """Draw the button for a new proof by the provider, and return whether it can ask for one.

    purpose: why it is needed, to end a sentence.
    """
    provider = load_provider()
    if provider is None or not provider.has_reauthentication:
        return False
    st.markdown(f"Type your password again, {purpose}. You will come back to the first page.")
    if st.button(f"Go to {_NAMES[provider.provider]}", key=f"again-{purpose}"):
        _redirect(provider, is_again=True)
    return True


def _redirect(provider: Provider, *, is_again: bool = False) -> None:
    st.session_state.pop(_REFUSAL, None)
    if visitor := tab.read_visitor_cookie():
        oidc.redirect_to_provider(provider, visitor, is_again=is_again)


@st.fragment(run_every=_TICK)
def _watch() -> None:
    """Check whether somebody signed in in another tab of this browser."""
    if tab.find_sign_in() is not None:
        tab.run_by_clock()
