"""The line at the top of every page: the school, the day of the data, the person and the names."""

import os
from functools import cache

import polars as pl
import streamlit as st

from dashboard.frame import search, sign_in
from dashboard.questions.question import Question
from dashboard.text import words
from dashboard.ui import components, names, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, recall, roles

#: The session state's key of the time of the load that this tab showed last.
_LOADED = "loaded"


def render_frame(session: access.Session, *, is_click: bool) -> None:
    """Draw the line at the top, and below it the form that a click in it asks for."""
    with st.container():  # one container, so that the place of what follows stays the same
        with st.container(key="frame", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_format_header(session))
            if number := _count_behind(session):
                text = (
                    f"{words.format_count(number, 'school')} {words.pluralise(number, 'is')} behind"
                )
                components.render_page_link("schools", words.capitalise(text))
            search.render_search(session)
            if session.is_demo:
                _render_role_choice(session)
                sign_in.watch(lambda: session.is_current)
            else:
                sign_in.render_sign_in_status(session, is_click=is_click)
            names.render_names_switch(session, is_click=is_click)
        names.render_request(session)
        _render_news(session, is_click=is_click)
        _render_old_register(session)


def _render_news(session: access.Session, *, is_click: bool) -> None:
    """Say until the next click that new files came in while this page was open."""
    before = st.session_state.get(_LOADED, session.loaded_at)
    st.session_state[_LOADED] = session.loaded_at
    if before != session.loaded_at and not is_click:
        up_to = words.format_day(session.register_day)
        with st.container(key="news"):
            st.info(f"New files came in: this page shows them now. Register up to {up_to}.")


@recall.share
def _count_behind(session: access.Session) -> int:
    """Count the schools that are behind with the register, for a home of many schools.

    An adviser's count has only the schools of their own children.
    """
    if session.home_of == "school" or not session.is_allowed("schools"):
        return 0
    schools = read.fetch_school_loads(session)
    if roles.has_caseload(session.role):
        schools = read.fetch_schools(session).filter(pl.col("children") > 0)
    return schools.filter("is_behind").height


def _render_old_register(session: access.Session) -> None:
    """Warn that school days are missing, and link to the page that adds them if it is allowed."""
    if missing := session.count_missing_days():
        days = words.format_count(missing, "school day")
        up_to = words.format_day(session.register_day)
        with st.container(key="old", horizontal=True, vertical_alignment="center"):
            is_are = words.pluralise(missing, "is")
            st.warning(f"Register up to {up_to}: {days} {is_are} missing.")
            if session.is_allowed("bring_in", "load") and st.button("Bring files in"):
                st.switch_page(components.get_page("bring_in"))


def is_page_kept(session: access.Session, page: str) -> bool:
    """Return whether the school keeps any data that a page of one kind of data shows.

    A school's own home does not have the page of schools.
    """
    if page == "schools":
        return session.home_of != "school"
    kind = words.KIND_PAGES.get(page)
    return kind is None or any(map(session.has_table, _list_tables(kind)))


@cache
def _list_tables(kind: str) -> tuple[str, ...]:
    return tuple(
        read.get_plain_table(mart)
        for mart in read.list_plain_marts().values()
        if mart.category == kind
    )


def render_page_off(session: access.Session, page: str) -> None:
    """Say that the school does not keep the data of a page.

    The session raises `access.Denied` if the role does not have the page.
    """
    session.enter(page)
    st.title(words.PAGES[page], anchor=False)
    text = (
        "This school does not keep the data for this page. The safeguarding lead can switch that "
        "on: see the command lac categories."
    )
    st.markdown(words.say(text, session.home_of))


def render_question_off(session: access.Session, question: Question) -> None:
    """Say the same at the address of a question over many schools."""
    session.enter(question.page)
    session.require_category(question.category)
    render_page_off(session, "schools")


def _format_header(session: access.Session) -> str:
    parts = [
        f"**{escape(session.school_name)}**",
        f"Register up to {words.format_day(session.register_day)}",
    ]
    if session.is_replay:
        parts.append(f"Shown as at {words.format_day(session.as_at)}")
    parts.append(words.format_roles(session.role))
    day = "" if session.is_replay else f". Date: {words.format_table_day(session.as_at)}"
    demo = f" :yellow-badge[Demo: no real children{day}]" if session.is_demo else ""
    return f"{' · '.join(parts)}{demo}"


def _render_role_choice(session: access.Session) -> None:
    """Offer a choice of roles in a demo home."""
    # set in every run: a slow browser that has not drawn the field yet when the next run starts
    # would take the first role of the list, and send it
    st.session_state[tab.ROLE_KEY] = st.session_state.get(tab.ROLE_KEY, session.role)
    if session.role != os.environ.get(tab.ROLE, "none"):
        st.query_params[tab.ROLE_KEY] = session.role
    else:
        st.query_params.pop(tab.ROLE_KEY, None)
    st.selectbox(
        "View as (demo only)",
        roles.list_roles(session.home_of),
        format_func=words.ROLES.__getitem__,
        key=tab.ROLE_KEY,
        label_visibility="collapsed",
        width=190,
    )
