"""What the children are called, beside their handles: for the person who asked, for a while.

Names lie in this tab's memory only, and go after ten minutes without a click, when they are
hidden, or when the person signs out.
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

#: How long names stay without a click.
NAMES_TTL = timedelta(minutes=10)
#: Where this tab keeps the names that are open, and until when.
KEY, _UNTIL = "names", "names-until"
_ASKED = "names-asked"
_PURPOSE = "to see names"
#: Seconds between two looks at the clock while names are shown.
_TICK = 20


def render_names_switch(session: access.Session, *, is_click: bool) -> None:
    """The switch, for a role that works with the children by name; a click prolongs them."""
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
    """The sign-in that opens the names, while somebody asks for it."""
    if KEY in st.session_state or not st.session_state.get(_ASKED):
        return
    if not sign_in_form.is_last_purpose(_PURPOSE):  # the person went on to something else
        st.session_state.pop(_ASKED)
    elif sign_in_form.ensure_fresh_sign_in(session, _PURPOSE, with_key=True):
        _open(session)


def call(pupil_id: str, handle: str, *, with_class: bool = False) -> str:
    """What a child is called on every page: by name while names are open, else by code."""
    return _call(_find_card(pupil_id), handle, with_class=with_class)


def _call(card: str | None, handle: str, *, with_class: bool = False) -> str:
    if card is None:
        return words.capitalise(handle)
    return card if with_class else card.partition(",")[0]


def find_class(pupil_id: str) -> str | None:
    """The class on a child's card, while names are open; None where it has none."""
    return (_find_card(pupil_id) or "").partition(", ")[2] or None


def is_open() -> bool:
    """Whether names are shown in this tab."""
    return KEY in st.session_state


def call_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of children, each called by name while names are open: for charts and tables."""
    cards: dict[str, str] = st.session_state.get(KEY, {})
    children = rows.select("pupil_id", "handle").iter_rows()
    called = [_call(cards.get(pupil_id), handle) for pupil_id, handle in children]
    return rows.with_columns(handle=pl.Series(called, dtype=pl.String))


def share_while_hidden(
    ask: Callable[Concatenate[access.Session, _P], _T],
) -> Callable[Concatenate[access.Session, _P], _T]:
    """Let what `ask` gives be shared, as `recall.share`, but while names are open in this tab.

    What has names in it is this tab's, and stays nowhere.
    """
    shared = recall.share(ask)

    @wraps(ask)
    def asked(session: access.Session, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return (ask if is_open() else shared)(session, *args, **kwargs)

    return asked


def _find_card(pupil_id: str) -> str | None:
    cards: dict[str, str] = st.session_state.get(KEY, {})
    return cards.get(pupil_id)


def forget() -> None:
    """Names are gone from this tab, and nobody has asked for them."""
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
    """Looks at the clock by itself, which is no click."""
    if not _are_open():
        _hide()
        tab.run_by_clock()
