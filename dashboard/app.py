"""The dashboard's entry: opens the session, builds the menu that the role has, shows a page.

Start it with `lac run`.  Nothing of weight happens here.
"""

import logging

import streamlit as st

from dashboard import (
    components,
    identity_parts,
    name_parts,
    report_fields,
    session,
    sign_in_parts,
    words,
)
from dashboard.markdown import plain
from queries.errors import StoreError
from safeguards import access
from safeguards.access import Denied, NothingLoaded
from safeguards.errors import SafeguardsError


def main() -> None:
    """Open the session, and show the page that was asked for, or why there is none.

    It comes to its end in every case: what a run that is stopped has drawn is not
    forgotten, and a passphrase must be.
    """
    try:
        held = session.current()
    except NothingLoaded:
        st.title("Nothing has been loaded yet")
        st.markdown("Load the school's files first: `lac load`. Then open this page again.")
    except session.NotSignedIn as error:
        identity_parts.forget()
        name_parts.forget()
        sign_in_parts.instead(str(error))
    except (SafeguardsError, StoreError) as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - a trace adds nothing
        components.not_open()
    else:
        shown(held)


def shown(held: access.Session) -> None:
    """The frame and the page, of those that the role has."""
    pages = [
        st.Page(
            f"app_pages/{page}.py",
            title=title,
            visibility="hidden" if page == "child" else "visible",
        )
        for page, title in words.PAGES.items()
        if held.may(page)
    ]
    is_click = session.is_click()
    with st.sidebar:
        if held.is_demo:
            components.role_choice(held)
        else:
            sign_in_parts.side(held, is_click=is_click)
        name_parts.side(held, is_click=is_click)
    components.frame(held)
    if not pages:
        components.no_pages(held.role)
        return
    try:
        page = st.navigation(pages)
        if page.title != words.PAGES["child"]:
            identity_parts.forget()
        if page.title != words.PAGES["reports"]:
            report_fields.gone()
        page.run()
    except Denied as error:
        st.title("You cannot see this")
        st.markdown(plain(str(error)))


st.set_page_config(page_title=words.APP, layout="wide")
main()
