"""The one session of a browser tab: who asks, in which role, on which day.

Settings come by the environment: LAC_HOME is the home's folder, LAC_ROLE the role in a demo
home, LAC_AS_AT the day (the end of the data without it), LAC_COOKIE the cookie of the
browser's session, LAC_NAME what the school's network calls the server, if it does.  Only a
demo home may switch roles; in a real one the role is that of the person who signed in.
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

#: Where st.session_state keeps what outlives a rerun.
ROLE_KEY = "role"
_SESSION_KEY = "session"
_REPORT_KEY = "report-session"
_BY_CLOCK = "by-clock"
_WIDGET_SCOPE = "own"
#: The browser's session since somebody signed in in this tab, and the word that fetches it.
_VISITOR, _RENEWAL = "visitor", "renewal"
_DIALOGS = "dialogs"
#: The warning of a page, which a dialog has not.
PAGE_WARNING = "stay"


#: Why a browser is asked to sign in, unless there is more to say.
NOT_SIGNED_IN = "Nobody is signed in."


class NotSignedIn(SafeguardsError):
    """A school's real home, and nobody has signed in to it in this browser."""


def open_home() -> Home:
    """The home of this dashboard; HomeError if it is not there or damaged."""
    return recall.open_home(Path(os.environ[HOME]))


def say(text: str) -> str:
    """A text in the words of this kind of home, also before there is a session."""
    return words.say(text, get_home_of(Keys.load(open_home())))


def get_role() -> str:
    """The role of this tab in a demo home: the environment's until somebody switches it.

    The address keeps it, so that the tab is in it still when it is loaded again.
    """
    chosen = st.session_state.get(ROLE_KEY) or st.query_params.get(ROLE_KEY)
    role_name = chosen if chosen is not None else os.environ.get(ROLE, "none")
    return role_name if role_name in roles.ALL_ROLES else "none"


def open_session() -> access.Session:
    """Return the session of this tab, opened anew when its person, role or facts have changed.

    Raises:
        NotSignedIn: In a real home, if nobody is signed in in this browser.
        SafeguardsError: As in `access.open`.
        StoreError: As in `access.open`.

    """
    home = open_home()
    admitted = None if home.is_demo else require_sign_in()
    last = find_last_session()
    if last is not None and last.is_current and _is_same(last, admitted, get_role()):
        last.admitted = admitted  # who signed in once more did so later
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
    """Leave nothing of one person to the next in this tab; which browser it is in stays."""
    # its own `clear` stops at the first key that it cannot take away
    for key in set(st.session_state) - {_VISITOR, _RENEWAL}:
        with suppress(KeyError):
            del st.session_state[key]


def build_widget_key(field: str) -> str:
    """The key of a field that people fill in, of this name, as only this person's is.

    A browser takes fields with one key for the same, and what somebody had typed or ticked
    would stand there for whoever comes next.  Once `forget` was asked, each is another field.
    """
    return f"{st.session_state.setdefault(_WIDGET_SCOPE, secrets.token_hex(8))}-{field}"


def forget_widgets() -> None:
    """Draw every field anew, empty; what this person is stays."""
    st.session_state.pop(_WIDGET_SCOPE, None)


def find_last_session() -> access.Session | None:
    """The session that this tab had last, which may be over."""
    found: access.Session | None = st.session_state.get(_SESSION_KEY)
    return found


def sign_in(admitted: Principal, *, is_fresh: bool = True) -> None:
    """Take this browser for a person's, under a new cookie unless it is theirs already.

    is_fresh: as `ActiveSignIns.sign_in`.
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
    """The session that this browser will have, once `render_renewal` has had it fetched."""
    word, renewed = BROWSER_SESSIONS.prepare_renewal(visitor)
    st.session_state[_RENEWAL], st.session_state[_VISITOR] = word, renewed
    return renewed


def render_renewal() -> None:
    """Have the browser fetch its new cookie, which nothing but an answer to it can set."""
    word = st.session_state.get(_RENEWAL)
    if word is not None and BROWSER_SESSIONS.is_renewal_pending(word):
        st.markdown(f"![]({RENEWAL_PATH}{word})")
    else:
        st.empty()  # the same place, so that what follows keeps its own


def find_sign_in() -> Principal | None:
    """Who is signed in in this tab's browser; None for nobody.

    A tab that lay open while its own person signed in in another comes along.
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
    """Who is signed in in this browser, to a real home, and still holds the role.

    NotSignedIn for nobody.  It opens nothing and writes no line, so a clock may ask.
    """
    admitted = find_sign_in()
    if admitted is None:
        raise NotSignedIn(NOT_SIGNED_IN)
    if not _is_valid(open_home(), admitted):
        sessions.ACTIVE_SIGN_INS.sign_out(read_visitor_cookie())
        raise NotSignedIn(say("Your role was changed or taken away. Ask the safeguarding lead."))
    return admitted


def open_report_session(session: access.Session) -> access.Session:
    """The session in which this tab reads what the governor report counts, and nothing else.

    It is of the same person in the same role, and is opened anew with `held` and with the
    facts.  Errors as in `access.open`.
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
    """How many minutes the person stays signed in, from 1; None while they need no warning."""
    remaining = sessions.ACTIVE_SIGN_INS.compute_time_remaining(visitor)
    if remaining > sessions.WARNING_PERIOD:
        return None
    return -int(-remaining.total_seconds() // 60)


def render_last_minutes(key: str) -> int | None:
    """A warning before the time is over, with the way on; the minutes that it says, if any.

    Nobody is warned in a demo, or where nobody is signed in.
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
    """Count what a person does in an open dialog, of which the page's own run does not hear."""
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:
        sessions.ACTIVE_SIGN_INS.touch(read_visitor_cookie())


def list_open_dialogs() -> set[str]:
    """The dialogs that are open in this tab; the same set for as long as the tab is there.

    While there is one the page is not drawn anew for a warning, which would take the cursor out
    of a field: the dialog has its own.
    """
    found: set[str] = st.session_state.setdefault(_DIALOGS, set())
    return found


def run_by_clock() -> None:
    """Run the page again because of a clock, which is no click of anybody's."""
    st.session_state[_BY_CLOCK] = True
    st.rerun()


def is_click() -> bool:
    """Whether a person is why this run happens; asked once in each run."""
    return not st.session_state.pop(_BY_CLOCK, False)


def is_still_admitted(home: Home, visitor: str | None) -> bool:
    """Whether whoever is signed in under this cookie still holds the role; also of no tab."""
    admitted = sessions.ACTIVE_SIGN_INS.find_admitted(visitor)
    return admitted is not None and _is_valid(home, admitted)


def _is_valid(home: Home, admitted: Principal) -> bool:
    person = replace(admitted, key=None)  # a key of theirs is remembered nowhere
    return recall.ask_once(
        home, person, lambda: admission.is_still_valid(home, Keys.load(home), person)
    )


def _is_same(session: access.Session, admitted: Principal | None, role_name: str) -> bool:
    if admitted is None:
        return session.admitted is None and session.role == role_name
    return (session.actor, session.role) == (admitted.name, admitted.role)


def is_shared() -> bool:
    """Whether people of the school's network come here, each at a desk of their own."""
    return NAME in os.environ


def enter(page: str, child: str | None = None) -> access.Session:
    """The session, once it has written down that this page is about to be shown.

    `access.Denied` if the role lacks the page.
    """
    session = open_session()
    session.enter(page, child)
    return session


def read_visitor_cookie() -> str | None:
    """The browser's session: of now, or of when this tab was opened; None without a browser."""
    opened = st.context.cookies.get(os.environ.get(COOKIE, ""))
    found: str | None = st.session_state.get(_VISITOR, opened)
    return found


#: What whoever runs the server must mend.
_DAMAGE = (HomeError, LedgerError, LogError, ProofError, SealedLinesError, VaultError)


@contextmanager
def say_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Say on the page why something cannot be done: an error of safeguards, or of these kinds."""
    said: tuple[type[Exception], ...] = (SafeguardsError, *kinds)
    try:
        yield
    except said as error:
        if isinstance(error, _DAMAGE):
            logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - a trace adds nothing
        home_of = "school"
        with suppress(SafeguardsError):
            home_of = get_home_of(Keys.load(open_home()))
        st.error(escape(words.say(str(error), home_of)))


def list_checks(session: access.Session) -> list[str]:
    """The check views that the role may read, in the order of their names."""
    return sorted(
        name
        for name, view in views.load_views().items()
        if view.layer == "checks" and view.category in session.categories
    )
