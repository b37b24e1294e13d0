"""The one session of a browser tab: the person, the role and the day.

Settings are in the environment: LAC_HOME is the home's folder, LAC_ROLE the role in a demo
home, LAC_AS_AT the day (the end of the data without it), LAC_COOKIE the cookie of the
browser's session, LAC_NAME the server's name on the school's network, if it has one.  Only a
demo home can switch roles; in a real one the role is that of the person who signed in.
"""

import getpass
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.server import sessions
from dashboard.server.attempts import find_address
from dashboard.server.guard import RENEWAL_PATH
from dashboard.server.start_link import BROWSER_SESSIONS
from dashboard.text import words
from dashboard.ui.markdown import escape
from queries.views import views
from safeguards.access import access, admission, recall, roles
from safeguards.access.admission import Principal
from safeguards.errors import (
    HomeError,
    LedgerError,
    LogError,
    ProofError,
    SafeguardsError,
    SealedLinesError,
    VaultError,
)
from safeguards.home.home import Home
from safeguards.keys.home_of import get_home_of
from safeguards.keys.keys import Keys

HOME, ROLE, AS_AT = "LAC_HOME", "LAC_ROLE", "LAC_AS_AT"
COOKIE, NAME = "LAC_COOKIE", "LAC_NAME"

#: The keys of what the session state keeps from run to run.
ROLE_KEY = "role"
_SESSION_KEY = "session"
_REPORT_KEY = "report-session"
_BY_CLOCK = "by-clock"
_WIDGET_SCOPE = "own"
#: The browser's session since somebody signed in in this tab, and the token that fetches it.
_VISITOR, _RENEWAL = "visitor", "renewal"
_DIALOGS = "dialogs"
#: The key of a page's warning; a dialog has another.
PAGE_WARNING = "stay"


#: The default reason why a browser is asked to sign in.
NOT_SIGNED_IN = "Nobody is signed in."


class NotSignedIn(SafeguardsError):
    """The error that nobody has signed in to a school's real home in this browser."""


def open_home() -> Home:
    """Return the home of this dashboard. HomeError if it is missing or damaged."""
    return recall.open_home(Path(os.environ[HOME]))


def say(text: str) -> str:
    """Return a text in the words of this kind of home, even before there is a session."""
    return words.say(text, get_home_of(Keys.load(open_home())))


def get_role() -> str:
    """Return the role of this tab in a demo home, which the environment gives until it is switched.

    The address keeps it, so that the tab still has it when it is loaded again.
    """
    chosen = st.session_state.get(ROLE_KEY) or st.query_params.get(ROLE_KEY)
    role_name = chosen if chosen is not None else os.environ.get(ROLE, "none")
    return role_name if role_name in roles.ALL_ROLES else "none"


def open_session() -> access.Session:
    """Return the session of this tab, opened anew when its person, role or facts have changed.

    Errors are those of `require_sign_in`, in a real home, and of `access.open`.
    """
    home = open_home()
    admitted = None if home.is_demo else require_sign_in()
    last = find_last_session()
    if last is not None and last.is_current and _is_same(last, admitted, get_role()):
        last.admitted = admitted  # a new sign-in has a later time
        return last
    if last is not None and admitted is not None and last.actor != admitted.name:
        forget()
    as_at = os.environ.get(AS_AT)
    session = access.open(
        home.folder,
        admitted=admitted,
        actor=getpass.getuser(),
        role=get_role(),
        purpose=access.DASHBOARD,
        as_at=date.fromisoformat(as_at) if as_at else None,
    )
    st.session_state[_SESSION_KEY] = session
    return session


def forget() -> None:
    """Forget all of a person's data in this tab. The browser's session stays."""
    # the state's own `clear` stops at the first key that it cannot remove
    for key in set(st.session_state) - {_VISITOR, _RENEWAL}:
        with suppress(KeyError):
            del st.session_state[key]


def build_widget_key(field: str) -> str:
    """Return the key of a field that people fill in, which is unique to this person.

    A browser takes fields with the same key for the same field. It would show the next person what
    somebody had typed or ticked. After `forget`, every field has a new key.
    """
    return f"{st.session_state.setdefault(_WIDGET_SCOPE, secrets.token_hex(8))}-{field}"


def forget_widgets() -> None:
    """Draw every field anew and empty, but keep the person's session."""
    st.session_state.pop(_WIDGET_SCOPE, None)


def find_last_session() -> access.Session | None:
    """Return the last session of this tab, which may be over."""
    session: access.Session | None = st.session_state.get(_SESSION_KEY)
    return session


def sign_in(admitted: Principal, *, is_fresh: bool = True) -> None:
    """Sign a person in in this browser, under a new cookie unless it is theirs already.

    is_fresh: as in `ActiveSignIns.sign_in`.
    """
    visitor = read_visitor_cookie()
    if not visitor:
        return
    before = find_sign_in()
    is_same = before is not None and before.name == admitted.name
    renewed = visitor if is_same else _renew_cookie(visitor)
    sessions.ACTIVE_SIGN_INS.sign_in(
        renewed, admitted, is_fresh=is_fresh, former=visitor, address=find_address()
    )


def _renew_cookie(visitor: str) -> str:
    """Return the session that this browser will have when it has fetched the new cookie."""
    token, renewed = BROWSER_SESSIONS.prepare_renewal(visitor)
    st.session_state[_RENEWAL], st.session_state[_VISITOR] = token, renewed
    return renewed


def render_renewal() -> None:
    """Have the browser fetch its new cookie, which only an answer to a request can set."""
    token = st.session_state.get(_RENEWAL)
    if token is not None and BROWSER_SESSIONS.is_renewal_pending(token):
        st.markdown(f"![]({RENEWAL_PATH}{token})")
    else:
        st.empty()  # keeps the place of what follows


def find_sign_in() -> Principal | None:
    """Return the person who is signed in in this tab's browser, or None.

    A tab that was open while the same person signed in in another is signed in too.
    """
    visitor, last = read_visitor_cookie(), find_last_session()
    admitted = sessions.ACTIVE_SIGN_INS.find_admitted(visitor)
    if admitted is None and last is not None and last.admitted is not None:
        renewed = sessions.ACTIVE_SIGN_INS.find_successor(visitor, last.actor)
        if renewed is not None:
            st.session_state[_VISITOR] = renewed
            admitted = sessions.ACTIVE_SIGN_INS.find_admitted(renewed)
    return admitted


def require_sign_in() -> Principal:
    """Return the person who is signed in to a real home in this browser, and still has the role.

    NotSignedIn without such a person.  It opens nothing and logs nothing, so a clock can call it.
    """
    admitted = find_sign_in()
    if admitted is None:
        raise NotSignedIn(NOT_SIGNED_IN)
    if not _is_valid(open_home(), admitted):
        sessions.ACTIVE_SIGN_INS.sign_out(read_visitor_cookie())
        raise NotSignedIn(say("Your role was changed or taken away. Ask the safeguarding lead."))
    return admitted


def open_report_session(session: access.Session) -> access.Session:
    """Return the session in which this tab reads what the governor report counts, and no more.

    It has the same person in the same role, and is opened anew when the session or its facts
    change.  Errors as in `access.open`.
    """
    kept: tuple[access.Session, access.Session] | None = st.session_state.get(_REPORT_KEY)
    if kept is not None and kept[0] is session and kept[1].is_current:
        return kept[1]
    report_session = access.open(
        session.home.folder,
        admitted=session.admitted,
        actor=session.actor,
        role=session.role,
        purpose=access.REPORT,
        as_at=session.as_at,
    )
    st.session_state[_REPORT_KEY] = (session, report_session)
    return report_session


def count_last_minutes(visitor: str | None) -> int | None:
    """Return how many minutes the person stays signed in, from 1, or None without a warning."""
    remaining = sessions.ACTIVE_SIGN_INS.compute_time_remaining(visitor)
    if remaining > sessions.WARNING_PERIOD:
        return None
    return -int(-remaining.total_seconds() // 60)


def render_last_minutes(key: str) -> int | None:
    """Warn before the time is over, with a button to stay, and return the minutes, if any.

    Nobody is warned in a demo, or if nobody is signed in.
    """
    visitor = read_visitor_cookie()
    shown = count_last_minutes(visitor)
    if shown is not None and shown > 0:
        left = words.format_count(shown, "minute")
        st.warning(f"You will be signed out in {left} or less.")
        if st.button("Stay signed in", key=key):
            sessions.ACTIVE_SIGN_INS.touch(visitor)
            st.rerun(scope="app" if key == PAGE_WARNING else "fragment")
    return shown


def touch_by_typing() -> None:
    """Count activity in an open dialog, which does not run the page."""
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:
        sessions.ACTIVE_SIGN_INS.touch(read_visitor_cookie())


def list_open_dialogs() -> set[str]:
    """Return the dialogs that are open in this tab, always as the same set.

    While one is open, no warning redraws the page, which would take the cursor out of a field: the
    dialog has its own warning.
    """
    dialogs: set[str] = st.session_state.setdefault(_DIALOGS, set())
    return dialogs


def run_by_clock() -> None:
    """Run the page again because of a clock, which does not count as a click."""
    st.session_state[_BY_CLOCK] = True
    st.rerun()


def is_click() -> bool:
    """Return whether a person caused this run. Each run asks once."""
    return not st.session_state.pop(_BY_CLOCK, False)


def is_still_admitted(home: Home, visitor: str | None) -> bool:
    """Return whether the person under this cookie still has the role, in a tab or not."""
    admitted = sessions.ACTIVE_SIGN_INS.find_admitted(visitor)
    return admitted is not None and _is_valid(home, admitted)


def _is_valid(home: Home, admitted: Principal) -> bool:
    person = replace(admitted, key=None)  # a person's key is never cached
    return recall.ask_once(
        home, person, lambda: admission.is_still_valid(home, Keys.load(home), person)
    )


def _is_same(session: access.Session, admitted: Principal | None, role_name: str) -> bool:
    if admitted is None:
        return session.admitted is None and session.role == role_name
    return (session.actor, session.role) == (admitted.name, admitted.role)


def is_shared() -> bool:
    """Return whether people of the school's network use this server, each from their own desk."""
    return NAME in os.environ


def enter(page: str, child: str | None = None) -> access.Session:
    """Return the session, after it has logged that this page is about to be shown.

    `access.Denied` if the role lacks the page.
    """
    session = open_session()
    session.enter(page, child)
    return session


def read_visitor_cookie() -> str | None:
    """Return the browser's session of now or of when this tab was opened, if there is a browser."""
    opened = st.context.cookies.get(os.environ.get(COOKIE, ""))
    visitor: str | None = st.session_state.get(_VISITOR, opened)
    return visitor


#: Errors that the person who runs the server must fix.
_DAMAGE = (HomeError, LedgerError, LogError, ProofError, SealedLinesError, VaultError)


@contextmanager
def say_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Say on the page why something failed, for an error of safeguards or of these kinds."""
    caught: tuple[type[Exception], ...] = (SafeguardsError, *kinds)
    try:
        yield
    except caught as error:
        if isinstance(error, _DAMAGE):
            logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - a trace adds nothing
        home_of = "school"
        with suppress(SafeguardsError):
            home_of = get_home_of(Keys.load(open_home()))
        st.error(escape(words.say(str(error), home_of)))


def list_checks(session: access.Session) -> list[str]:
    """Return the check views that the role may read, by name."""
    return sorted(
        name
        for name, view in views.load_views().items()
        if view.layer == "checks" and view.category in session.categories
    )
