"""Requests: what families have asked for about a child's data, by when, and what to do.

A request of each kind is opened, followed and closed here.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.text import words
from dashboard.ui import components, sign_in_form, tab
from dashboard.ui.markdown import escape
from queries.contract import get_category
from safeguards.access import access
from safeguards.errors import SafeguardsError
from safeguards.journal.access_log import get_utc_now
from safeguards.journal.typed_entries import Entry
from safeguards.keys.keys import Keys
from stewardship.packets.draft import make_draft
from stewardship.registers.requests import (
    DECISIONS,
    REQUESTERS,
    Register,
    Request,
    close_rectified,
    find_child_of,
    get_pupil_record,
    list_correcting_facts,
)
from stewardship.rights.erase import UNTRACKED_FILES_NOTICE, erase_as_asked, plan_erasure
from stewardship.rights.restrict import set_flag_of_request

#: The key of the message that a form leaves for the next run of the page.
_DONE = "request-done"
#: The steps of an open request; `_OWN` has those of only some kinds.
_CHECK, _EXTEND, _SET, _LIFT, _CLOSE = (
    "Say how you checked who is asking",
    "Extend the time",
    "Start the restriction or objection",
    "Lift the restriction or objection",
    "Close the request",
)
_DRAFT, _RIGHT, _ERASE = "Create a draft to check", "Close with the correction", "Erase the data"
_KINDS, _ASKED = words.TEXTS["requests"], ("What", "Asked by", "Received")
_OWN = {"access": [_DRAFT], "rectify": [_RIGHT], "erase": [_ERASE]}


def render() -> None:
    """Draw the page."""
    session = tab.enter("rights")
    try:
        keys = Keys.load(session.home)
        register = Register.open(session.home, keys)
    except SafeguardsError as error:
        st.title(words.PAGES["rights"], anchor=False)
        st.error(escape(str(error)))
        return
    listed = sorted(register.list_all(), key=lambda request: (request.due_on, request.request_id))
    waiting = [request for request in listed if request.is_open]
    number = words.capitalise(words.format_count(len(waiting), "open request"))
    components.render_title("rights", number if waiting else "No request is open")
    if waiting:
        heads = ("Deadline", *_ASKED, "Who is asking", "Request")
        rows = (
            (
                words.format_table_day(request.due_on),
                *_describe(request),
                "checked" if request.identity_checked else "to be checked",
                request.request_id,
            )
            for request in waiting
        )
        alt = "Open requests, the earliest due first"
        components.render_listing(heads, rows, "wrapped", alt)
    st.markdown(
        "The statutory limit is one calendar month. The time can be extended once, with a reason. "
        "Requests are listed by number, not by name."
    )
    with st.container():  # with or without a message, so that what is open below stays open
        if message := st.session_state.pop(_DONE, None):
            st.success(escape(message))
    with st.expander("Register a new request"):
        _render_opening(session, register, keys)
    if waiting:
        with st.expander("Update or close a request"):
            _render_following(session, register, keys, waiting)
    if closed := [request for request in listed if request.done_on]:
        with st.expander("Requests that are closed"):
            _render_closed(closed)
    st.header("What to do", anchor=False)
    lines = (
        f"- **{entry['title']}** ({kind}): {words.say(entry['text'], session.home_of)}"
        for kind, entry in _KINDS.items()
    )
    st.markdown(
        "Register each request on the day it comes in, and check who is asking. Then decide, and "
        "tell the person who asked.\n\n" + "\n".join(lines)
    )


def _render_closed(closed: list[Request]) -> None:
    heads = ("Closed", *_ASKED, "Decision", "Why", "Request")
    rows = (
        (
            words.format_table_day(request.done_on),
            *_describe(request),
            request.decision,
            request.reason,
            request.request_id,
        )
        for request in closed
        if request.done_on
    )
    alt = "Closed requests, with what was decided and why"
    components.render_listing(heads, rows, "wrapped", alt)


def _describe(request: Request) -> tuple[str, str, str]:
    """Return the cells that every list has for a request, under the heads `_ASKED`."""
    day = words.format_table_day(request.received_on)
    return words.capitalise(request.kind), words.capitalise(request.requester), day


def _render_opening(session: access.Session, register: Register, keys: Keys) -> None:
    with st.form(tab.build_widget_key("request"), border=False):
        handle = st.text_input("The child's code name, two words")
        kind = st.selectbox("Request", list(_KINDS), format_func=lambda key: _KINDS[key]["title"])
        requester = st.selectbox("Who is asking", REQUESTERS, format_func=words.capitalise)
        received = st.date_input("Date it arrived", session.as_at, format="DD/MM/YYYY")
        identity = st.text_input("How you checked who is asking (optional, no names)")
        if not st.form_submit_button("Register the request"):
            return

    def add() -> str:
        pupil_id = get_pupil_record(session.home, keys, handle.strip().lower()).pupil_id
        session.enter("rights", pupil_id, "rights")
        entry = register.add(
            kind,
            pupil_id,
            received_on=received,
            requester=requester,
            actor=session.actor,
            now=get_utc_now(),
            identity=identity.strip() or None,
        )
        return f"Registered as {entry.request_id}, due on {words.format_table_day(entry.due_on)}."

    _do(add)


def _render_following(
    session: access.Session, register: Register, keys: Keys, waiting: list[Request]
) -> None:
    request = st.selectbox("Which request?", waiting, format_func=_name)
    steps = [_CHECK, _EXTEND, *_OWN.get(request.kind, (_SET, _LIFT)), _CLOSE]
    step = st.selectbox("What was done?", steps)
    if step in (_DRAFT, _ERASE) and not sign_in_form.ensure_fresh_sign_in(session, "to go on"):
        return
    child = find_child_of(session.home, keys, request)
    if step == _DRAFT and child is not None:
        _render_draft(session, child.pupil_id, child.handle)
        return
    with st.form(tab.build_widget_key(f"follow-{request.request_id}-{step}"), border=False):
        decision, text = DECISIONS[0], ""
        if step == _CLOSE:
            decision = st.selectbox("Decision", DECISIONS, format_func=words.capitalise)
        if step == _RIGHT:
            facts = {fact.entry_id: fact for fact in list_correcting_facts(session, request)}
            text = st.selectbox(
                "Which correction?", facts, format_func=lambda entry_id: _name_fact(facts[entry_id])
            )
        elif step == _ERASE and child is not None:
            session.enter("rights", child.pupil_id, "rights")
            parts = plan_erasure(session.home, keys, child).describe()
            listed = "\n".join(f"- {escape(part)}" for part in parts)
            st.markdown(f"This will be deleted and cannot be restored:\n\n{listed}")
            text = st.text_input("Type the child's code name again to erase the child's data")
        elif step not in (_SET, _LIFT):
            text = st.text_input(
                "How (no names)" if step == _CHECK else "Why, as the person is told (no names)"
            )
        if not st.form_submit_button("Save"):
            return
    now, request_id = get_utc_now(), request.request_id
    actions: dict[str, Callable[[], object]] = {
        _CHECK: partial(register.record_identity_check, request_id, text, actor=session.actor),
        _EXTEND: partial(register.extend, request_id, text, now=now),
        _SET: partial(set_flag_of_request, session, request, in_force=True, now=now),
        _LIFT: partial(set_flag_of_request, session, request, in_force=False, now=now),
        _RIGHT: partial(close_rectified, session, register, request, text or "", now),
        _CLOSE: partial(register.close, request_id, decision, reason=text, now=now),
    }

    def follow() -> str:
        session.enter("rights", request.pupil_id, "rights")
        if step == _ERASE and child is not None:
            receipt = erase_as_asked(session, register, child, text.strip().lower(), now)
            access.release_stores()
            return (
                f"Erased. The receipt is {receipt}, in the folder ledger. {UNTRACKED_FILES_NOTICE}"
            )
        actions[step]()
        return f"Saved: {step[:1].lower()}{step[1:]} ({_name(request)})."

    _do(follow)


def _render_draft(session: access.Session, pupil_id: str, handle: str) -> None:
    """Offer the zip of everything that is held about the child, to download once."""
    st.markdown("A person must check every marked row before the draft is handed over.")

    components.render_download(
        session,
        "rights",
        _DRAFT,
        lambda: lambda: make_draft(session, handle, get_utc_now()),
        name="to-check.zip",
        child=pupil_id,
    )


def _name_fact(fact: Entry) -> str:
    """Name a fact without its content, which stays sealed to those who may not see it."""
    about = get_category(fact.file).form_label
    return f"{about}, typed {words.format_table_day(fact.at.date())} by {fact.actor}"


def _name(request: Request) -> str:
    due = words.format_table_day(request.due_on)
    return f"{words.capitalise(request.kind)}, by the {request.requester}, due {due}"


def _do(action: Callable[[], str]) -> None:
    """Run an action and draw the page again, or say why it failed."""
    with tab.say_errors():
        st.session_state[_DONE] = action()
        tab.forget_widgets()
        st.rerun()
