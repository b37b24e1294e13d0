"""The one session of a browser tab: who asks, in which role, on which day.

Settings come by the environment: LAC_HOME is the home's folder, LAC_ROLE the role,
LAC_AS_AT the day (the end of the data without it), LAC_PORT the server's port.  Only a
demo home may switch roles.
"""

import getpass
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.entry import cookie_name
from queries import views
from safeguards import access, roles

HOME, ROLE, AS_AT, PORT = "LAC_HOME", "LAC_ROLE", "LAC_AS_AT", "LAC_PORT"

#: Where st.session_state keeps what outlives a rerun.
ROLE_KEY = "role"
CHILD_KEY = "child"
_SESSION_KEY = "session"


def role(environ: Mapping[str, str] = os.environ) -> str:
    """The role of this tab: the environment's until a demo switches it."""
    chosen = st.session_state.get(ROLE_KEY)
    wanted = chosen if chosen is not None else environ.get(ROLE, "none")
    return wanted if wanted in roles.ROLES else "none"


def current(environ: Mapping[str, str] = os.environ) -> access.Session:
    """The session of this tab, opened anew when its role or the facts have changed.

    SafeguardsError and StoreError as in `access.open`.
    """
    held: access.Session | None = st.session_state.get(_SESSION_KEY)
    wanted = role(environ)
    # a real home's role is given from outside and does not change in a tab
    keeps_role = held is not None and (held.role == wanted or not held.is_demo)
    if held is not None and keeps_role and held.is_current:
        return held
    as_at = environ.get(AS_AT)
    opened = access.open(
        Path(environ[HOME]),
        actor=getpass.getuser(),
        role=held.role if held is not None and keeps_role else wanted,
        purpose="dashboard",
        as_at=date.fromisoformat(as_at) if as_at else None,
    )
    st.session_state[_SESSION_KEY] = opened
    return opened


def enter(page: str, child: str | None = None) -> access.Session:
    """The session, once it has written down that this page is about to be shown.

    `access.Denied` if the role lacks the page.
    """
    session = current()
    session.enter(page, child)
    return session


def visitor(environ: Mapping[str, str] = os.environ) -> str | None:
    """The browser's session, which `entry.Entry` gave it; None where there is no browser."""
    found: str | None = st.context.cookies.get(cookie_name(int(environ.get(PORT, "0"))))
    return found


def sees(session: access.Session, category: str) -> bool:
    """Whether the role may see this kind of data; a page then asks for it."""
    return category in session.categories


def checks(session: access.Session) -> list[str]:
    """The check views that the role may read, in the order of their names."""
    return sorted(
        name
        for name, view in views.all_views().items()
        if view.layer == "checks" and view.field("Category") in session.categories
    )
