"""The one session of a browser tab: who asks, in which role, on which day.

Settings come by the environment: LAC_HOME is the home's folder, LAC_ROLE the role in a demo
home, LAC_AS_AT the day (the end of the data without it), LAC_PORT the server's port.  Only
a demo home may switch roles; in a real one the role is that of the person who signed in.
"""

import getpass
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.server import sessions
from dashboard.server.start_link import format_cookie_name
from queries.views import views
from safeguards.access import access, admission, roles
from safeguards.access.admission import Principal
from safeguards.errors import SafeguardsError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

HOME, ROLE, AS_AT, PORT = "LAC_HOME", "LAC_ROLE", "LAC_AS_AT", "LAC_PORT"

#: Where st.session_state keeps what outlives a rerun.
ROLE_KEY = "role"
CHILD_KEY = "child"
_SESSION_KEY = "session"
_REPORT_KEY = "report-session"
_BY_CLOCK = "by-clock"
_WIDGET_SCOPE = "own"


#: Why a browser is asked to sign in, unless there is more to say.
NOT_SIGNED_IN = "Nobody is signed in."


class NotSignedIn(SafeguardsError):
    """A school's real home, and nobody has signed in to it in this browser."""


def get_role(environ: Mapping[str, str] = os.environ) -> str:
    """The role of this tab in a demo home: the environment's until somebody switches it."""
    chosen = st.session_state.get(ROLE_KEY)
    role_name = chosen if chosen is not None else environ.get(ROLE, "none")
    return role_name if role_name in roles.ROLES else "none"


def open_session(environ: Mapping[str, str] = os.environ) -> access.Session:
    """The session of this tab, opened anew when its person, role or facts have changed.

    NotSignedIn where a real home knows nobody in this browser.  SafeguardsError and
    StoreError as in `access.open`.
    """
    home = Home.open(Path(environ[HOME]))
    admitted = None if home.is_demo else _require_sign_in(home, environ)
    last = find_last_session()
    if last is not None and _is_same(last, admitted, get_role(environ)) and last.is_current:
        last.admitted = admitted  # who signed in once more did so later
        return last
    if last is not None and admitted is not None and last.actor != admitted.name:
        forget()
    as_at = environ.get(AS_AT)
    session = access.open(
        home.folder,
        admitted=admitted,
        actor=getpass.getuser(),
        role=get_role(environ),
        purpose="dashboard",
        as_at=date.fromisoformat(as_at) if as_at else None,
    )
    st.session_state[_SESSION_KEY] = session
    return session


def forget() -> None:
    """Leave nothing of one person to the next in this tab."""
    # its own `clear` stops at the first key that it cannot take away
    for key in list(st.session_state):
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


def require_sign_in(environ: Mapping[str, str] = os.environ) -> Principal:
    """Who is signed in in this browser, to a real home; errors as in `current`.

    It opens nothing and writes no line, so a clock may ask.
    """
    return _require_sign_in(Home.open(Path(environ[HOME])), environ)


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


def run_by_clock() -> None:
    """Run the page again because of a clock, which is no click of anybody's."""
    st.session_state[_BY_CLOCK] = True
    st.rerun()


def is_click() -> bool:
    """Whether a person is why this run happens; asked once in each run."""
    return not st.session_state.pop(_BY_CLOCK, False)


def _require_sign_in(home: Home, environ: Mapping[str, str]) -> Principal:
    """Who is signed in in this browser and still holds the role."""
    admitted = sessions.ACTIVE_SIGN_INS.find_admitted(read_visitor_cookie(environ))
    if admitted is None:
        raise NotSignedIn(NOT_SIGNED_IN)
    if not admission.is_still_valid(home, Keys.load(home, environ), admitted):
        sessions.ACTIVE_SIGN_INS.sign_out(read_visitor_cookie(environ))
        raise NotSignedIn("Your role was changed or taken away. Ask the safeguarding lead.")
    return admitted


def _is_same(session: access.Session, admitted: Principal | None, role_name: str) -> bool:
    if admitted is None:
        return session.admitted is None and session.role == role_name
    return (session.actor, session.role) == (admitted.name, admitted.role)


def enter(page: str, child: str | None = None) -> access.Session:
    """The session, once it has written down that this page is about to be shown.

    `access.Denied` if the role lacks the page.
    """
    session = open_session()
    session.enter(page, child)
    return session


def read_visitor_cookie(environ: Mapping[str, str] = os.environ) -> str | None:
    """The browser's session, which `entry.Entry` gave it; None where there is no browser."""
    found: str | None = st.context.cookies.get(format_cookie_name(int(environ.get(PORT, "0"))))
    return found


def list_checks(session: access.Session) -> list[str]:
    """The check views that the role may read, in the order of their names."""
    return sorted(
        name
        for name, view in views.load_views().items()
        if view.layer == "checks" and view.find_field("Category") in session.categories
    )
