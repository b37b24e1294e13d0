"""A page that signs people in with the school's provider, and says who they are.

It stands where the dashboard's app.py stands, for the tests of the way out and back.
"""

import os
from pathlib import Path

import streamlit as st

from dashboard.server import oidc
from dashboard.ui import tab
from safeguards.access.people import People, Person
from safeguards.access.settings import Settings
from safeguards.errors import SignInDenied
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.keys import Keys


@st.cache_resource
def signed_in() -> dict[str, Person]:
    """Who is signed in, by the browser: in the memory of the server."""
    return {}


home = Home.open(Path(os.environ["LAC_HOME"]))
provider = Settings.load(home, Keys.load(home)).provider
visitor = tab.read_visitor_cookie()
if provider is not None and visitor is not None:
    keys = Keys.load(home)
    held = signed_in().get(visitor)
    try:
        arrival = oidc.complete_sign_in(
            visitor,
            provider,
            People.load(home, keys),
            AccessLog(home, keys),
            get_utc_now(),
            signed_in=held,
        )
        if arrival is not None:
            held = signed_in()[visitor] = arrival.person
    except SignInDenied as denied:
        st.session_state["denied"] = f"{denied} {denied.sub or ''}"
    if (why := st.session_state.get("denied")) is not None:
        st.markdown(f"Denied: {why}")
    if held is None:
        st.markdown("Nobody is signed in.")
        if st.button("Sign in"):
            oidc.redirect_to_provider(provider, visitor)
    else:
        st.markdown(f"Signed in: {held.person}, {held.role}.")
        if st.button("Stay too long"):  # a limit of the server's, which no cookie knows of
            del signed_in()[visitor]
            st.rerun()
