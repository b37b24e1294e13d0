"""What the children are called, beside their handles: for the person who asked, for a while.

Names lie in this tab's memory only, and go after ten minutes without a click, when they are
hidden, or when the person signs out.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import streamlit as st

from dashboard import sign_in_form
from dashboard.markdown import plain
from safeguards import access, cards
from safeguards.errors import SafeguardsError
from safeguards.log import utc_now

#: How long names stay without a click.
LASTS = timedelta(minutes=10)
#: Where this tab keeps the names that are open, and until when.
KEY, _UNTIL = "names", "names-until"
_ASKED = "names-asked"
#: Seconds between two looks at the clock while names are shown.
_TICK = 20


def side(held: access.Session, clock: Callable[[], datetime] = utc_now) -> None:
    """The switch, for a role that works with the children by name; each run is a click."""
    if not cards.are_for(held.role) or not _are_open(clock):
        forget()
    if not cards.are_for(held.role):
        return
    if KEY in st.session_state:
        st.session_state[_UNTIL] = clock() + LASTS
        st.button("Hide names", on_click=forget)
        st.markdown(f":small[They go after {int(LASTS.total_seconds() // 60)} idle minutes.]")
        _watch(clock)
        return
    st.button("Show names", on_click=_ask)
    if st.session_state.get(_ASKED) and sign_in_form.fresh(held, "to see names", with_key=True):
        _open(held, clock)


def beside(pupil_id: str) -> str | None:
    """What a child is called, while names are open in this tab."""
    found: dict[str, str] = st.session_state.get(KEY, {})
    return found.get(pupil_id)


def forget() -> None:
    """Names are gone from this tab."""
    for key in (KEY, _UNTIL):
        st.session_state.pop(key, None)


def _ask() -> None:
    st.session_state[_ASKED] = True


def _open(held: access.Session, clock: Callable[[], datetime]) -> None:
    st.session_state.pop(_ASKED)
    try:
        st.session_state[KEY] = cards.opened(held)
    except SafeguardsError as error:
        st.error(plain(str(error)))
        return
    st.session_state[_UNTIL] = clock() + LASTS
    st.rerun()


def _are_open(clock: Callable[[], datetime]) -> bool:
    until: datetime | None = st.session_state.get(_UNTIL)
    return until is not None and clock() < until


@st.fragment(run_every=_TICK)
def _watch(clock: Callable[[], datetime]) -> None:
    """Looks at the clock by itself, which is no click."""
    if not _are_open(clock):
        forget()
        st.rerun()
