"""The dashboard's entry point: open the session, build the menu of the role, and show a page.

Start it with `lac run`.  Nothing slow happens here.
"""

import logging
from collections.abc import Sequence
from functools import partial
from importlib import import_module

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import bring_in
from dashboard.frame import frame, sign_in
from dashboard.questions.catalogue import SECTIONS, list_questions
from dashboard.questions.question import Question
from dashboard.text import words
from dashboard.ui import actions, components, fields, identity, lists, names, tab
from dashboard.ui.markdown import escape
from queries.errors import StoreError
from safeguards.access import access
from safeguards.access.access import Denied, NothingLoaded
from safeguards.errors import SafeguardsError


def main() -> None:
    """Open the session, and show the page that was asked for, or why there is none.

    It always returns normally. Streamlit keeps what a stopped run has drawn, and a passphrase
    must not be kept.
    """
    try:
        is_click = tab.is_click()
        session = tab.open_session()
    except NothingLoaded:
        render_first_load()
    except tab.NotSignedIn as error:
        identity.forget()
        names.forget()
        sign_in.render_sign_in_page(str(error))
    except (SafeguardsError, StoreError) as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - a trace adds nothing
        components.render_calm("unavailable")
    else:
        render_app(session, is_click=is_click)


def render_first_load() -> None:
    """Show the page that brings files in, if nothing was loaded yet and the person may use it."""
    # these import all that reads and loads files, which a home needs here once
    from dashboard.app_pages import bring_in as page  # noqa: PLC0415
    from dashboard.bring_in import desk  # noqa: PLC0415

    home = tab.open_home()
    admitted = None if home.is_demo else tab.require_sign_in()
    tab.render_renewal()
    here = desk.open_first_desk(home, admitted, tab.get_role())
    if here.is_allowed(desk.PAGE, "load"):
        page.render(here)
    else:
        st.title("Nothing has been loaded yet", anchor=False)
        text = "The safeguarding lead or the business manager can bring in the first files."
        st.markdown(tab.say(text))


def render_app(session: access.Session, *, is_click: bool) -> None:
    """Draw the frame, and the page if the role has it."""
    kept = [
        page
        for page in words.PAGES
        if session.is_allowed(page) and frame.is_page_kept(session, page)
    ]
    pages, others = _build_pages(session, kept)
    # the first page has an empty address, and its own address leads to it too
    firsts = [
        st.Page(partial(_go_to_first, pages[0]), title=page, url_path=page, visibility="hidden")
        for page in kept[:1]
    ]
    page = st.navigation(_arrange(session, pages, [*others, *firsts]), position="top")
    if bring_in.MESSAGE in st.session_state and page not in others:
        # a first load ends here: its message stands on the page that brings files in
        for other in pages:
            if other.title == words.PAGES["bring_in"] and other is not page:
                st.switch_page(other)
    _forget_left_dialogs(page)
    frame.render_frame(session, is_click=is_click)
    if not pages:
        components.render_no_pages(session.role)
        return
    if page.title != words.PAGES["child"]:
        identity.forget()
    if page.title != words.PAGES["reports"]:
        fields.forget_sections()
    st.set_page_config(page_title=f"{page.title} - {words.APP}")
    _run_page(session, page, is_own=page not in others)


def _build_pages(
    session: access.Session, kept: Sequence[str]
) -> tuple[list[StreamlitPage], list[StreamlitPage]]:
    """Return the pages that the role has, and those whose address answers that it has not."""
    pages = [
        st.Page(
            partial(_draw, page),
            title=words.PAGES[page],
            url_path=page if page != kept[0] else "",
            default=page == kept[0],
            visibility="hidden" if page == "child" else "visible",
        )
        for page in kept
    ]
    # our own words answer at the address of a page that the role lacks; that page refuses as well
    others = [
        st.Page(
            partial(frame.render_page_off, session, page),
            title=title,
            url_path=page,
            visibility="hidden",
        )
        for page, title in words.PAGES.items()
        if page not in kept
    ]
    return pages, others


def _run_page(session: access.Session, page: StreamlitPage, *, is_own: bool) -> None:
    """Draw the page, or say calmly why it cannot be drawn."""
    try:
        page.run()
        role, day = words.format_roles(session.role), words.format_day(session.as_at)
        head = f"{session.school_name} · {day} · {role} · {page.title}"
        lists.render_focus(_identify(page), *actions.find_focus(session), head)
    except Denied as error:
        if not is_own:
            components.render_not_for_role(session.role, page.title)
        else:
            st.title("You cannot see this", anchor=False)
            st.markdown(escape(words.say(str(error), session.home_of)))
    except Exception:  # else Streamlit would show its own words
        logging.getLogger(__name__).exception("%s could not be drawn", page.title)
        components.render_calm("unforeseen")


def _arrange(
    session: access.Session, pages: Sequence[StreamlitPage], hidden: Sequence[StreamlitPage]
) -> list[StreamlitPage] | dict[str, list[StreamlitPage]]:
    """Return a school's pages side by side, or in sections with questions for many schools.

    Our own words answer at the address of a question that the home or the role does not have.
    """
    menu: dict[str, list[StreamlitPage]] = {
        section: [page for page in pages if page.title in {words.PAGES[name] for name in listed}]
        for section, listed in words.TEXTS["menu"].items()
    }
    asked, unasked = list_questions(session), []
    for section, questions in SECTIONS.items():
        for question in questions:
            page = partial(st.Page, title=question.title, url_path=question.address)
            if question in asked:
                menu[section].append(page(partial(_draw, "schools", question)))
            else:
                off = partial(frame.render_question_off, session, question)
                unasked.append(page(off, visibility="hidden"))
    if session.home_of == "school":
        return [*pages, *hidden, *unasked]
    menu[""] += [*(page for page in pages if page.visibility == "hidden"), *hidden, *unasked]
    return {section: entries for section, entries in menu.items() if entries}


def _identify(page: StreamlitPage) -> str:
    """Return the address of the page with the open child and sheet, which have their own titles."""
    parts = (lists.ADDRESS, "sheet", "list") if page.url_path in ("", "child") else ()
    return "&".join((page.url_path, *(st.query_params.get(part, "") for part in parts)))


def _forget_left_dialogs(page: StreamlitPage) -> None:
    """Forget dialogs that were left open by going on with the browser's own buttons."""
    if page.title not in {words.PAGES[name] for name in ("today", "children", "child")}:
        tab.list_open_dialogs().clear()


def _draw(page: str, *questions: Question) -> None:
    """Draw a page, and import its module if nobody has come to it yet."""
    kind = "kinds." if page in words.KIND_PAGES else ""
    import_module(f"dashboard.app_pages.{kind}{page}").render(*questions)


def _go_to_first(page: StreamlitPage) -> None:
    st.switch_page(page, query_params=st.query_params.to_dict())


st.set_page_config(page_title=words.APP, layout="wide")
components.render_style()
main()
