"""Requests: what families asked for about a child's data, by when, and what to do.

A request is opened, followed and closed here.  What makes or erases a file is a command.
"""

from collections.abc import Callable
from functools import partial

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.errors import SafeguardsError
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.keys import Keys
from stewardship.registers.requests import (
    DECISIONS,
    REQUESTERS,
    Register,
    Request,
    get_pupil_record,
)
from stewardship.rights.restrict import FLAGS, set_flag_of_request

#: What a form has done, once the page has run again.
_DONE = "request-done"
#: What can be done about an open request, and of what kind of request.
_CHECK, _EXTEND, _SET, _LIFT, _CLOSE = (
    "Say how it was checked who asks",
    "Extend its time",
    "Put it into force",
    "Lift it again",
    "Close it",
)

_FACT = (
    'lac fact --handle "copper lantern" --file <file> --set <column>=<value> '
    "--source <where> --corrects <entry>"
)

#: Each kind of request in words, and its commands in their order.
KINDS = {
    "access": (
        "Somebody asks to see a child's data",
        "Make a draft, look at what is marked in it, then hand it over.",
        ('lac rights access "copper lantern" --out to-check.zip',),
    ),
    "rectify": (
        "Somebody asks to put something right",
        "Type the right fact in place of the old one, then close the request with it.",
        (_FACT, "lac rights rectify <request> --entry <entry>"),
    ),
    "erase": (
        "Somebody asks to erase a child's data",
        "See what would go. Nothing is erased before you say so with --erase.",
        ('lac rights erase "copper lantern"', 'lac rights erase "copper lantern" --erase'),
    ),
    "restrict": (
        "Somebody asks to keep a child's data but not use them",
        "The child leaves every page but the safeguarding lead's, until the restriction is lifted.",
        ('lac rights restrict "copper lantern"', 'lac rights release "copper lantern"'),
    ),
    "object": (
        "Somebody objects to a use of a child's data",
        "The child leaves reports and figures about groups. Pages for their own support stay.",
        ('lac rights object "copper lantern"', 'lac rights object "copper lantern" --lift'),
    ),
}

#: What comes first, and what comes last, whatever the kind.
FIRST = (
    'lac rights open "copper lantern" --kind <kind> --from <who> --received <day>',
    "lac rights identify <request> --identity <how>",
)
LAST = (
    "lac rights extend <request> --because <why>",
    "lac rights close <request> --decision <decision>",
)


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
    waiting = sorted(
        (each for each in register.list_all() if each.is_open),
        key=lambda each: (each.due_on, each.request_id),
    )
    components.render_title(
        "rights",
        f"{words.capitalise(words.format_count(len(waiting), 'open request'))}"
        if waiting
        else "No request is open",
    )
    if waiting:
        table = pl.DataFrame(
            {
                "Last day": [words.format_table_day(each.due_on) for each in waiting],
                "What": [words.capitalise(each.kind) for each in waiting],
                "Asked by": [words.capitalise(each.requester) for each in waiting],
                "Received": [words.format_table_day(each.received_on) for each in waiting],
                "Who asks": [
                    "checked" if each.identity_checked else "to be checked" for each in waiting
                ],
                "Request": [each.request_id for each in waiting],
            }
        )
        components.render_table(table, alt="Open requests, the one that is due first on top")
    st.markdown(
        "The law gives one calendar month. It can be put off once, with a reason. "
        "No name stands here: a request has a number."
    )
    if message := st.session_state.pop(_DONE, None):
        st.success(escape(message))
    with st.expander("Register a request that has come in"):
        _render_opening(session, register, keys)
    if waiting:
        with st.expander("Follow a request, or close it"):
            _render_following(session, register, waiting)
    st.header("What to do", anchor=False)
    st.markdown(
        "What makes or erases something is a command for the terminal of the computer that runs "
        "these pages. Write the child's code name in place of copper lantern."
    )
    st.markdown("**When a request comes in:** register it the same day, and check who asks.")
    st.code("\n".join(FIRST), language=None)
    for kind, (title, text, lines) in KINDS.items():
        with st.expander(f"{title} ({kind})", expanded=any(each.kind == kind for each in waiting)):
            st.markdown(text)
            st.code("\n".join(lines), language=None)
    st.markdown("**At the end:** decide, and tell the person who asked.")
    st.code("\n".join(LAST), language=None)


def _render_opening(session: access.Session, register: Register, keys: Keys) -> None:
    with st.form(tab.build_widget_key("request"), border=False):
        handle = st.text_input("The child's code name, two words")
        kind = st.selectbox("What is asked", list(KINDS), format_func=lambda each: KINDS[each][0])
        requester = st.selectbox("Who asks", REQUESTERS, format_func=words.capitalise)
        received = st.date_input("Day it arrived", session.as_at, format="DD/MM/YYYY")
        identity = st.text_input("How it was checked who asks (optional, no names)")
        if not st.form_submit_button("Register it"):
            return

    def add() -> str:
        pupil_id = get_pupil_record(session.home, keys, handle.strip().lower()).pupil_id
        session.enter("rights", pupil_id, "rights")
        made = register.add(
            kind,
            pupil_id,
            received_on=received,
            requester=requester,
            actor=session.actor,
            now=get_utc_now(),
            identity=identity.strip() or None,
        )
        return f"Registered as {made.request_id}, due on {words.format_table_day(made.due_on)}."

    _do(add)


def _render_following(session: access.Session, register: Register, waiting: list[Request]) -> None:
    request = st.selectbox("Which request?", waiting, format_func=_name)
    steps = [_CHECK, _EXTEND, *[_SET, _LIFT] * (request.kind in FLAGS), _CLOSE]
    step = st.selectbox("What was done?", steps)
    with st.form(tab.build_widget_key(f"follow-{request.request_id}-{step}"), border=False):
        decision, text = DECISIONS[0], ""
        if step == _CLOSE:
            decision = st.selectbox("Decision", DECISIONS, format_func=words.capitalise)
        if step not in (_SET, _LIFT):
            text = st.text_input(
                "How (no names)" if step == _CHECK else "Why, as the person is told (no names)"
            )
        if not st.form_submit_button("Save"):
            return
    now, request_id = get_utc_now(), request.request_id
    deeds: dict[str, Callable[[], object]] = {
        _CHECK: partial(
            register.record_identity_check, request_id, text, actor=session.actor, now=now
        ),
        _EXTEND: partial(register.extend, request_id, text, now=now),
        _SET: partial(set_flag_of_request, session, request, in_force=True, now=now),
        _LIFT: partial(set_flag_of_request, session, request, in_force=False, now=now),
        _CLOSE: partial(register.close, request_id, decision, reason=text, now=now),
    }

    def follow() -> str:
        session.enter("rights", request.pupil_id, "rights")
        deeds[step]()
        return f"Saved: {step[:1].lower()}{step[1:]} ({_name(request)})."

    _do(follow)


def _name(request: Request) -> str:
    due = words.format_table_day(request.due_on)
    return f"{words.capitalise(request.kind)}, by the {request.requester}, due {due}"


def _do(deed: Callable[[], str]) -> None:
    """Do it and draw the page anew, or say why not."""
    try:
        st.session_state[_DONE] = deed()
    except SafeguardsError as error:
        st.error(escape(str(error)))
        return
    tab.forget_widgets()
    st.rerun()
