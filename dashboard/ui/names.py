"""Children's names in place of their handles, for the person who asked, for a while.

Names are in this tab's memory only. They are forgotten after ten minutes without a click, when
they are hidden, or when the person signs out.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui import sign_in_form, tab
from safeguards.access import access, name_cards, recall, roles
from safeguards.journal.access_log import get_utc_now

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: How long names are shown without a click.
NAMES_TTL = timedelta(minutes=10)
#: The session state's keys of the open names, and of the time when they are hidden.
KEY, _UNTIL = "names", "names-until"
_ASKED = "names-asked"
_PURPOSE = "to see names"
#: Seconds between checks of the time while names are shown.
_TICK = 20


def render_names_switch(session: access.Session, *, is_click: bool) -> None:
    """Draw the switch, for a role that may see names. A click shows them for longer."""
    if not roles.has_name_cards(session.role):
        forget()
        return
    if not _are_open():
        _hide()
    if KEY in st.session_state:
        if is_click:
            st.session_state[_UNTIL] = get_utc_now() + NAMES_TTL
        minutes = int(NAMES_TTL.total_seconds() // 60)
        st.button(
            "Hide names",
            help=f"Hidden again after {minutes} minutes without a click.",
            on_click=forget,
        )
        _watch()
    else:
        st.button("Show names", on_click=_ask)


def render_request(session: access.Session) -> None:
    """Draw the sign-in that opens the names, while somebody asks for it."""
    if KEY in st.session_state or not st.session_state.get(_ASKED):
        return
    if not sign_in_form.is_last_purpose(_PURPOSE):  # something else was asked for since
        st.session_state.pop(_ASKED)
    elif sign_in_form.ensure_fresh_sign_in(session, _PURPOSE, with_key=True):
        _open(session)


def call(pupil_id: str, handle: str, *, with_class: bool = False) -> str:
    """Return what pages call a child: the name while names are open, or else the code name."""
    return _call(_find_card(pupil_id), handle, with_class=with_class)


def _call(card: str | None, handle: str, *, with_class: bool = False) -> str:
    if card is None:
        return words.capitalise(handle)
    return card if with_class else card.partition(",")[0]


def find_class(pupil_id: str) -> str | None:
    """Return the class on a child's card while names are open, or None if it has none."""
    return (_find_card(pupil_id) or "").partition(", ")[2] or None


def is_open() -> bool:
    """Return whether names are shown in this tab."""
    return KEY in st.session_state


def call_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Put names into rows of children, for charts and tables, while names are open."""
    cards: dict[str, str] = st.session_state.get(KEY, {})
    children = rows.select("pupil_id", "handle").iter_rows()
    labels = [_call(cards.get(pupil_id), handle) for pupil_id, handle in children]
    return rows.with_columns(handle=pl.Series(labels, dtype=pl.String))


def share_while_hidden(
    ask: Callable[Concatenate[access.Session, _P], _T],
) -> Callable[Concatenate[access.Session, _P], _T]:
    """Share the result of `ask`, as `recall.share` does, unless names are open in this tab.

    A result with names belongs to this tab, and is stored nowhere.
    """
    shared = recall.share(ask)

    @wraps(ask)
    def wrapper(session: access.Session, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return (ask if is_open() else shared)(session, *args, **kwargs)

    return wrapper


def _find_card(pupil_id: str) -> str | None:
    cards: dict[str, str] = st.session_state.get(KEY, {})
    return cards.get(pupil_id)


def forget() -> None:
    """Remove all names from this tab, and any request for them."""
    _hide()
    st.session_state.pop(_ASKED, None)


def _hide() -> None:
    for key in (KEY, _UNTIL):
        st.session_state.pop(key, None)


def _ask() -> None:
    sign_in_form.reset_purpose()
    st.session_state[_ASKED] = True


def _open(session: access.Session) -> None:
    st.session_state.pop(_ASKED)
    with tab.say_errors():
        st.session_state[KEY] = name_cards.open_name_cards(session)
        st.session_state[_UNTIL] = get_utc_now() + NAMES_TTL
        st.rerun()


def _are_open() -> bool:
    until: datetime | None = st.session_state.get(_UNTIL)
    return until is not None and get_utc_now() < until


@st.fragment(run_every=_TICK)
def _watch() -> None:
    """Check the time, which does not count as a click."""
    if not _are_open():
        _hide()
        tab.run_by_clock()
