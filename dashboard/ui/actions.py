"""Log an action or raise a note of concern: the child is fixed, and three clicks are enough.

An action can be undone for a minute.
What was typed and chosen outlives a rerun and a new sign-in of the same person: the tab's own
memory on the server keeps it, and nothing of it stands on the page that asks to sign in.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import streamlit as st

from dashboard.text import words
from dashboard.ui import concerns, lists, names, tab
from dashboard.ui.markdown import escape
from intake.problems import IntakeError
from intake.publish import entries
from queries.read import Row
from safeguards.access import access
from safeguards.access.name_cards import build_name_check
from safeguards.journal.access_log import get_utc_now
from safeguards.wording.pointers import ALWAYS_REFUSED, check_line

#: The dialog that is open, and what was kept last.
_OPEN, _SAID = "log-open", "log-said"
#: The children about whom this tab has logged something.
_DONE = "log-done"
_LONGEST_LINE = 120
_LINE = "In a few words (optional, no names)"
#: Seconds between two looks at whether Undo still is to be had.
_TICK = 20


@dataclass(frozen=True)
class _Request:
    """Whom an action is about, from which page; `corrects` is the one it stands in for."""

    page: str
    pupil_id: str
    handle: str
    corrects: Row | None = None
    opening: str = ""

    def build_key(self, field: str) -> str:
        """A field's key: this person's own, and new each time that a dialog opens."""
        return tab.build_widget_key(f"log-{field}-{self.opening}")


@dataclass(frozen=True)
class _Kept:
    """What was kept, and until when it can be undone; action_id is None once it was."""

    text: str
    page: str
    pupil_id: str
    action_id: str | None
    until: datetime


@dataclass(frozen=True)
class _Typed:
    """A line, whether something was said of it, and whether its author stands by it."""

    text: str
    is_told: bool
    is_confirmed: bool


def build_log_button(session: access.Session, page: str) -> lists.Button | None:
    """What stands in each row of a list; None for a role that logs nothing on the page."""
    if not session.is_allowed(page, "log_action"):
        return None

    def press(row: lists.Row) -> None:
        if row.child is not None:
            _open(_Request(page, *row.child))

    return lists.Button("Log", "an action for", press, lambda: render_dialog(session))


@st.fragment
def render_log_button(session: access.Session, pupil_id: str, handle: str) -> None:
    """The same on a child's own page, with the dialog, for who may log and correct there."""
    if session.is_allowed("child", "log_action"):
        st.button(
            f"Log *an action for {escape(names.call(pupil_id, handle))}*",
            key=f"log-{handle}",
            on_click=_open,
            args=(_Request("child", pupil_id, handle),),
        )
    render_dialog(session)


def render_correct_button(session: access.Session, action: Row) -> None:
    """Draw "Correct", for one action in the log on a child's page."""
    if session.is_allowed("child", "log_action"):
        st.button(
            f"Correct: {escape(action['kind'])}",
            key=f"correct-{action['action_id']}",
            on_click=_open,
            args=(_Request("child", action["pupil_id"], action["handle"], action),),
        )


def list_pupils_of_log() -> frozenset[str]:
    """The children (pupil_id) for whom this tab has logged something: they keep their row."""
    return frozenset(st.session_state.get(_DONE, ()))


def render_dialog(session: access.Session) -> None:
    """The dialog, while one is asked for."""
    request: _Request | None = st.session_state.get(_OPEN)
    if request is not None:
        child = escape(names.call(request.pupil_id, request.handle, with_class=True))
        title = f"{'Correct' if request.corrects else 'Log'} an action: {child}"
        st.dialog(title, on_dismiss=_close)(lambda: _render_fields(session, request))()


def render_kept(session: access.Session, page: str) -> None:
    """What was just kept on this page, with Undo; it stands over no other.

    Its place is always there, and first: the page does not move, and Undo is an early stop.
    """
    kept: _Kept | None = st.session_state.get(_SAID)
    with st.container(key="kept"):
        if _OPEN not in st.session_state and kept and kept.page == page:
            _render_kept(session)


def find_focus(session: access.Session) -> tuple[str, str]:
    """What can be undone, and the address of the child of whom something was; "" for neither."""
    kept: _Kept | None = st.session_state.get(_SAID)
    if kept is None:
        return "", ""
    return (kept.action_id, "") if kept.action_id else ("", session.get_address(kept.pupil_id))


def _open(request: _Request) -> None:
    st.session_state[_OPEN] = replace(request, opening=secrets.token_hex(4))
    tab.list_open_dialogs().add(_OPEN)


def _close() -> None:
    st.session_state.pop(_OPEN, None)
    tab.list_open_dialogs().discard(_OPEN)


@st.fragment(run_every=_TICK)
def _render_last_minutes() -> None:
    tab.render_last_minutes("stay-in-dialog")


def _render_fields(session: access.Session, request: _Request) -> None:
    tab.touch_by_typing()
    with st.container():
        if session.admitted is not None:
            _render_last_minutes()
    old = request.corrects
    may_raise = old is None and concerns.is_open_to(session, request.page)
    if may_raise and st.session_state.get(request.build_key("concern")):  # chosen before this run
        _render_note(session, request)
        return
    of_day = words.list_codes("action_kind", session.as_at).items()
    kinds = {code: words.say(label, session.home_of) for code, label in of_day}
    kind = st.pills(
        "What was done?",
        list(kinds),
        format_func=kinds.__getitem__,
        default=old["kind"] if old else None,
        key=request.build_key("kind"),
        persist_state="session",
    )
    if kind is None and may_raise:
        concerns.render_kinds(request.build_key)
    typed = _render_line(session, request, _LINE)
    on, follow_up = _render_days(session, request)
    if st.button("Save", type="primary", key=request.build_key("save")):
        if kind is None:
            st.error("Choose what was done.")
            return

        def log() -> entries.EntryResult:
            return entries.log_action(
                session,
                handle=request.handle,
                kind=kind,
                line=typed.text,
                on=on,
                follow_up=follow_up,
                corrects=old["action_id"] if old else None,
                page=request.page,
                is_confirmed=typed.is_confirmed,
            )

        what = f"Logged for {names.call(request.pupil_id, request.handle)}: "
        what += f"{kinds[kind][:1].lower()}{kinds[kind][1:]}."
        _keep(session, request, what, log, is_told=typed.is_told)


def _render_note(session: access.Session, request: _Request) -> None:
    """The dialog once somebody has said what a note of concern is about."""
    kind = concerns.render_kinds(request.build_key)
    if kind is None:  # taken back: the action's fields stand here again
        st.rerun()
        return
    values = concerns.render_fields(session, kind, request.build_key)
    typed = _render_line(session, request, "What happened, in a few words (no names)")
    on, follow_up = _render_days(session, request)
    if st.button("Save", type="primary", key=request.build_key("save")):
        _keep(
            session,
            request,
            f"Noted for {names.call(request.pupil_id, request.handle)}. "
            "The safeguarding lead reads it.",
            lambda: concerns.add_note(
                session,
                request.page,
                request.handle,
                {**values, "date": str(on), "line": typed.text, "follow_up": str(follow_up or "")},
                is_confirmed=typed.is_confirmed,
            ),
            is_told=typed.is_told,
            can_undo=False,
        )


def _render_days(session: access.Session, request: _Request) -> tuple[date, date | None]:
    """On which day it was, and when to look again."""
    old = request.corrects
    left, right = st.columns(2)
    on = left.date_input(
        "Day",
        old["action_date"] if old else session.as_at,
        format="DD/MM/YYYY",
        key=request.build_key("day"),
        persist_state="session",
    )
    follow_up = right.date_input(
        "Review date (optional)",
        old["follow_up_date"] if old else None,
        format="DD/MM/YYYY",
        key=request.build_key("follow-up"),
        persist_state="session",
    )
    return on, follow_up


def _render_line(session: access.Session, request: _Request, label: str) -> _Typed:
    """The one free text, what is said of it, and whether somebody stands by it."""
    old = request.corrects
    line = st.text_input(
        label,
        value=(old["line"] or "") if old else "",
        max_chars=_LONGEST_LINE,
        live=True,
        key=request.build_key("line"),
        persist_state="session",
    )
    findings = check_line(line, build_name_check(session), as_at=session.as_at)
    for message in dict.fromkeys(each.message for each in findings):
        st.warning(escape(message))
    is_confirmed = False
    if findings and ALWAYS_REFUSED.isdisjoint(each.kind for each in findings):
        is_confirmed = st.checkbox(
            "I have not named anyone or anywhere", key=request.build_key("confirmed")
        )
    return _Typed(line, is_told=bool(findings), is_confirmed=is_confirmed)


def _keep(
    session: access.Session,
    request: _Request,
    text: str,
    log: Callable[[], entries.EntryResult],
    *,
    is_told: bool,
    can_undo: bool = True,
) -> None:
    """Keep it and draw the page anew, or say what to change; is_told: of its line above."""
    with tab.say_errors(IntakeError):
        result = log()
        for problem in result.problems:
            if not (is_told and problem.column == "line"):
                st.error(escape(f"{problem.problem} {problem.fix}"))
        if result.problems:
            if is_told:
                st.error("Not saved. Change the wording above.")
            return
        if result.visible_from and result.visible_from > session.as_at:
            day = words.format_short_day(result.visible_from)
            text += f" It shows from {day}."
        undone = result.entry_id if can_undo else None
        until = get_utc_now() + entries.UNDO_TTL
        st.session_state[_SAID] = _Kept(text, request.page, request.pupil_id, undone, until)
        st.session_state.setdefault(_DONE, set()).add(request.pupil_id)
        _close()
        tab.forget_widgets()
        st.rerun()


@st.fragment(run_every=_TICK)
def _render_kept(session: access.Session) -> None:
    """At the foot of the screen, for as long as it can be undone."""
    kept: _Kept | None = st.session_state.get(_SAID)
    if kept is None or get_utc_now() >= kept.until:
        st.session_state.pop(_SAID, None)
        return
    with st.container(key="said", horizontal=True, vertical_alignment="center", gap="small"):
        st.success(escape(kept.text), width=320)
        if kept.action_id and st.button("Undo", key="undo"):
            _undo(session, kept)


def _undo(session: access.Session, kept: _Kept) -> None:
    with tab.say_errors(IntakeError):
        entries.undo_action(session, action_id=kept.action_id or "", page=kept.page)
        until = get_utc_now() + entries.UNDO_TTL
        st.session_state[_SAID] = replace(kept, text="Action removed.", action_id=None, until=until)
        st.rerun()
