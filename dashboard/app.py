"""The dashboard's entry: opens the session, builds the menu that the role has, shows a page.

Start it with `lac run`.  Nothing of weight happens here.
"""

import logging

import streamlit as st

from dashboard import components, identity_parts, session, words
from dashboard.markdown import plain
from queries.errors import StoreError
from safeguards.access import Denied, NothingLoaded
from safeguards.errors import SafeguardsError

st.set_page_config(page_title=words.APP, layout="wide")

try:
    held = session.current()
except NothingLoaded:
    st.title("Nothing has been loaded yet")
    st.markdown("Load the school's files first: `lac load`. Then open this page again.")
    st.stop()
except (SafeguardsError, StoreError) as error:
    logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - a trace adds nothing
    components.not_open()
    st.stop()

pages = [
    st.Page(
        f"app_pages/{page}.py",
        title=title,
        visibility="hidden" if page == "child" else "visible",
    )
    for page, title in words.PAGES.items()
    if held.may(page)
]
with st.sidebar:
    components.role_choice(held)
components.frame(held)
if not pages:
    components.no_pages(held.role)
    st.stop()
try:
    page = st.navigation(pages)
    if page.title != words.PAGES["child"]:
        identity_parts.forget()
    page.run()
except Denied as error:
    st.title("You cannot see this")
    st.markdown(plain(str(error)))
