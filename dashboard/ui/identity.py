"""Who a child is, on the child's page: a form for the safeguarding lead, and what it opens.

What is opened lies in this tab's memory only, for ten minutes or until it is hidden.  It
is drawn as plain text, which is no markup and no table, so nothing offers it as a file.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import streamlit as st

from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import plain
from safeguards.access import access
from safeguards.access.identify import AN_HOUR, LASTS, Identity, identify
from safeguards.errors import SafeguardsError
from safeguards.journal.access_log import utc_now
from safeguards.keys.passphrase import DEMO

#: Where this tab keeps an identity that is open.
KEY = "identity"
#: Why the last attempt opened nothing, and how many there were: each has fields of its own,
#: so that this tab forgets a passphrase as soon as it was tried.
_SAID, _ROUND = "identify-said", "identify-round"
_MINUTES = int(LASTS.total_seconds() // 60)
#: Seconds between two looks at the clock while an identity is shown.
_TICK = 5

_LABELS = {
    "upn": "UPN",
    "surname": "Surname",
    "forename": "First name",
    "preferred_forename": "Called",
    "date_of_birth": "Date of birth",
    "class": "Class",
    "address": "Address",
    "postcode": "Postcode",
}
_CONTACT_LABELS = {
    "phone": "Telephone",
    "email": "Email",
    "address": "Address",
    "may_collect": "May collect the child",
}


def shown(
    held: access.Session, pupil_id: str, handle: str, clock: Callable[[], datetime] = utc_now
) -> None:
    """The open identity of this child, or the form that opens it; nothing for other roles."""
    found: Identity | None = st.session_state.get(KEY)
    if not held.may("child", "identify"):
        st.session_state.pop(KEY, None)
        return
    if found is not None and (found.pupil_id != pupil_id or clock() >= found.until):
        st.session_state.pop(KEY)
        found = None
    if found is not None:
        with st.container(border=True):
            _open(found, clock)
        return
    with st.expander("Who is this child?", expanded=_SAID in st.session_state):
        _form(held, handle)


def forget() -> None:
    """What is open is forgotten as soon as another page is shown."""
    st.session_state.pop(KEY, None)


@st.fragment(run_every=_TICK)
def _open(found: Identity, clock: Callable[[], datetime]) -> None:
    """The identity until its time is over, which this looks at by itself."""
    left = found.until - clock()
    is_over = left.total_seconds() <= 0
    if is_over or KEY not in st.session_state:
        st.session_state.pop(KEY, None)
        tab.run_by_clock()
    st.subheader("Who this child is")
    minutes = -int(-left.total_seconds() // 60)
    components.quiet(
        f"Hidden again in {words.count(minutes, 'minute')}, or when you leave this page."
    )
    born = found.values.get("date_of_birth")
    told = {**found.values, "date_of_birth": born and words.short_day(date.fromisoformat(born))}
    st.text(_lines(told, _LABELS))
    if not found.contacts:
        st.markdown("No contacts have been loaded.")
    for person in found.contacts:
        who = f"Contact {person['priority']}: {person['contact_name']}, {person['relation']}"
        st.text(f"{who}\n{_lines(person, _CONTACT_LABELS)}")
    if st.button("Hide"):
        st.session_state.pop(KEY, None)
        st.rerun()


def _lines(values: Mapping[str, str | None], labels: Mapping[str, str]) -> str:
    """A line for each value that is there."""
    return "\n".join(
        f"{label}: {values[name]}" for name, label in labels.items() if values.get(name)
    )


def _form(held: access.Session, handle: str) -> None:
    components.quiet(
        f"This opens the child's name, date of birth, address and contacts for {_MINUTES} minutes. "
        f"It is written down before, with your reason. The Headteacher sees how often, "
        f"not which child. The most is {AN_HOUR} in an hour."
    )
    if held.is_demo:
        components.quiet(f"Passphrase of the made-up school: {DEMO}")
    if said := st.session_state.pop(_SAID, None):
        st.error(plain(said))
    turn = st.session_state.setdefault(_ROUND, 0)
    with st.form(f"identify-{turn}", border=False):
        reason = st.text_input(
            "Reason, without names", max_chars=200, key=tab.own(f"reason-{turn}")
        )
        passphrase = st.text_input("Your passphrase", type="password", key=phrase_key(turn))
        if not st.form_submit_button("Open the identity"):
            return
    st.session_state[_ROUND] = turn + 1
    try:
        with st.spinner("Trying the passphrase. This takes some seconds."):
            found = identify(held, handle, reason=reason, passphrase=passphrase)
    except SafeguardsError as error:
        st.session_state[_SAID] = str(error)
    else:
        st.session_state[KEY] = found
    st.rerun()


def phrase_key(turn: int) -> str:
    """The key of the field for the passphrase in one attempt."""
    return tab.own(f"passphrase-{turn}")
