"""A child's identity on their page: a form for the safeguarding lead, and what it opens.

An open identity is in this tab's memory only, for ten minutes or until it is hidden. It is
drawn as plain text, without markup or a table, so nothing offers it as a file.
"""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.access.identify import IDENTITY_TTL, MAX_PER_HOUR, Identity, identify
from safeguards.errors import SafeguardsError
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.passphrase import DEMO_PASSPHRASE

#: The session state's key of an open identity.
KEY = "identity"
#: The session state's keys of the last attempt's error, and of the number of attempts. Each has its
#: own fields, so that this tab forgets a passphrase as soon as it was tried.
_MESSAGE, _ATTEMPT = "identify-said", "identify-round"
_MINUTES = int(IDENTITY_TTL.total_seconds() // 60)
#: Seconds between checks of the time while an identity is shown.
_TICK = 5


def render_identity(session: access.Session, pupil_id: str, handle: str) -> None:
    """Draw the open identity of this child, or the form that opens it, if the role may."""
    opened: Identity | None = st.session_state.get(KEY)
    if not session.is_allowed("child", "identify"):
        st.session_state.pop(KEY, None)
        return
    if opened is not None and (opened.pupil_id != pupil_id or get_utc_now() >= opened.until):
        st.session_state.pop(KEY)
        opened = None
    if opened is not None:
        with st.container(border=True):
            _render_open_identity(opened)
        return
    with st.expander("Who is this child?", expanded=_MESSAGE in st.session_state):
        _render_form(session, handle)


def count_attempts() -> int:
    """Return how often this tab has sent a passphrase to open an identity."""
    return st.session_state.get(_ATTEMPT, 0)  # type: ignore[no-any-return]


def forget() -> None:
    """Forget the open identity, when another page is shown."""
    st.session_state.pop(KEY, None)


@st.fragment(run_every=_TICK)
def _render_open_identity(opened: Identity) -> None:
    """Draw the identity until its time is over, which it checks by itself."""
    remaining = opened.until - get_utc_now()
    is_over = remaining.total_seconds() <= 0
    if is_over or KEY not in st.session_state:
        st.session_state.pop(KEY, None)
        tab.run_by_clock()
    st.subheader("Who this child is", anchor=False)
    minutes = -int(-remaining.total_seconds() // 60)
    components.render_small_text(
        f"Hidden again in {words.format_count(minutes, 'minute')}, or when you leave this page."
    )
    born = opened.values.get("date_of_birth")
    values = {
        **opened.values,
        "date_of_birth": born and words.format_short_day(date.fromisoformat(born)),
    }
    st.text(_format_lines(values, words.TEXTS["identity"]))
    if not opened.contacts:
        st.markdown("No contacts have been loaded.")
    for person in opened.contacts:
        head = f"Contact {person['priority']}: {person['contact_name']}, {person['relation']}"
        st.text(f"{head}\n{_format_lines(person, words.TEXTS['contact'])}")
    if st.button("Hide"):
        st.session_state.pop(KEY, None)
        st.rerun()


def _format_lines(values: Mapping[str, str | None], labels: Mapping[str, str]) -> str:
    """Return a line for each value that is not missing."""
    return "\n".join(
        f"{label}: {values[name]}" for name, label in labels.items() if values.get(name)
    )


def _render_form(session: access.Session, handle: str) -> None:
    text = (
        f"This shows the child's name, date of birth, address and contacts for {_MINUTES} minutes. "
        "The look-up is recorded first, with your reason. The Headteacher sees how often "
        f"identities are opened, but not whose. No more than {MAX_PER_HOUR} can be opened in an "
        "hour."
    )
    if session.is_demo:
        text += f"\n\nThe passphrase of the made-up school is: {DEMO_PASSPHRASE}"
    components.render_small_text(words.say(text, session.home_of))
    if message := st.session_state.pop(_MESSAGE, None):
        st.error(escape(message))
    attempt = st.session_state.setdefault(_ATTEMPT, 0)
    with st.form(f"identify-{attempt}", border=False):
        reason = st.text_input(
            "Your reason (no names)", max_chars=200, key=tab.build_widget_key(f"reason-{attempt}")
        )
        passphrase = st.text_input(
            "Your passphrase", type="password", key=tab.build_widget_key(f"passphrase-{attempt}")
        )
        if not st.form_submit_button("Open the identity"):
            return
    st.session_state[_ATTEMPT] = attempt + 1
    try:
        with st.spinner("Trying the passphrase. This takes some seconds."):
            opened = identify(session, handle, reason=reason, passphrase=passphrase)
    except SafeguardsError as error:
        st.session_state[_MESSAGE] = str(error)
    else:
        st.session_state[KEY] = opened
    st.rerun()
