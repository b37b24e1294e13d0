"""The dashboard's entry: opens the session, builds the menu that the role has, shows a page.

Start it with `lac run`.  Nothing of weight happens here.
"""

import logging

import streamlit as st

from dashboard.bring_in import desk
from dashboard.bring_in import page as bring_in
from dashboard.text import words
from dashboard.ui import components, fields, identity, names, sign_in, tab
from dashboard.ui.markdown import escape
from queries.errors import StoreError
from safeguards.access import access
from safeguards.access.access import Denied, NothingLoaded
from safeguards.errors import SafeguardsError


def main() -> None:
    """Open the session, and show the page that was asked for, or why there is none.

    It comes to its end in every case: what a run that is stopped has drawn is not
    forgotten, and a passphrase must be.
    """
    try:
        session = tab.open_session()
    except NothingLoaded:
        render_first_load()
    except tab.NotSignedIn as error:
        identity.forget()
        names.forget()
        sign_in.render_sign_in_page(str(error))
    except (SafeguardsError, StoreError) as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - a trace adds nothing
        components.render_data_unavailable()
    else:
        render_app(session)


def render_first_load() -> None:
    """A home into which nothing was loaded: for who may, the page that brings files in."""
    home = desk.get_home()
    admitted = None if home.is_demo else tab.require_sign_in()
    here = desk.open_first_desk(home, admitted, tab.get_role())
    if here.is_allowed(desk.PAGE, "load"):
        bring_in.render(here)
    else:
        st.title("Nothing has been loaded yet")
        st.markdown("The safeguarding lead or the business manager brings the first files in.")


def render_app(session: access.Session) -> None:
    """The frame and the page, of those that the role has."""
    pages = [
        st.Page(
            f"app_pages/{page}.py",
            title=title,
            visibility="hidden" if page == "child" else "visible",
        )
        for page, title in words.PAGES.items()
        if session.is_allowed(page)
    ]
    is_click = tab.is_click()
    with st.sidebar:
        if session.is_demo:
            components.render_role_choice(session)
        else:
            sign_in.render_sign_in_status(session, is_click=is_click)
        names.render_names_switch(session, is_click=is_click)
    components.render_header(session)
    if not pages:
        components.render_no_pages(session.role)
        return
    try:
        page = st.navigation(pages)
        if page.title != words.PAGES["child"]:
            identity.forget()
        if page.title != words.PAGES["reports"]:
            fields.forget_sections()
        page.run()
    except Denied as error:
        st.title("You cannot see this")
        st.markdown(escape(str(error)))


st.set_page_config(page_title=words.APP, layout="wide")
main()
