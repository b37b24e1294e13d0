"""Log an action or raise a note of concern: the child is fixed, and four clicks are enough.

Whoever logs an action says which of the child's reasons it was about, and what came of a call.

An action can be undone for a minute.
What was typed and chosen outlives a rerun and a new sign-in of the same person: the tab's own
memory on the server keeps it, and nothing of it stands on the page that asks to sign in.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import streamlit as st

from dashboard.text import rules, words
from dashboard.ui import components, concerns, lists, names, tab
from dashboard.ui.markdown import escape
from intake.problems import IntakeError
from intake.publish import entries
from intake.publish.typed import has_answer, list_calls
from queries import reference
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
            f"Correct: {escape(words.describe_action(action, session.home_of))}",
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
    reasons = rules.list_open_reasons(session, request.pupil_id, with_closed=old is not None)
    kinds = _list_kinds(session)
    kind = _render_kinds(request, kinds, reasons)
    if may_raise and _has_more(request):
        concerns.render_kinds(request.build_key)
    outcome = _render_outcome(session, request, kind)
    answers = _render_reasons(request, kind, outcome, reasons)
    typed = _render_line(session, request, _LINE)
    is_unanswered = bool(outcome) and not has_answer(outcome)
    on, follow_up = _render_days(session, request, is_unanswered=is_unanswered)
    if st.button("Save", type="primary", key=request.build_key("save")):
        if kind is None:
            st.error("Choose what was done.")
            return
        if outcome is None:
            st.error("Choose what came of the call.")
            return

        def log() -> entries.EntryResult:
            return entries.log_action(
                session,
                handle=request.handle,
                kind=kind,
                outcome=outcome,
                answers=answers,
                line=typed.text,
                on=on,
                follow_up=follow_up,
                corrects=old["action_id"] if old else None,
                page=request.page,
                is_confirmed=typed.is_confirmed,
            )

        action = words.describe_action({"kind": kinds[kind], "outcome": outcome}, session.home_of)
        child = names.call(request.pupil_id, request.handle)
        message = f"Logged for {child}: {action[:1].lower()}{action[1:]}."
        _keep(session, request, message, log, is_told=typed.is_told)


def _list_kinds(session: access.Session) -> dict[str, str]:
    """Return the kinds of action of the day by code, in the words of the home."""
    labels = words.list_codes("action_kind", session.as_at).items()
    return {code: words.say(label, session.home_of) for code, label in labels}


def _has_more(request: _Request) -> bool:
    """Return whether somebody asked for the kinds that are not offered first."""
    return bool(st.session_state.get(request.build_key("more")))


def _render_kinds(
    request: _Request, kinds: Mapping[str, str], reasons: Iterable[rules.OpenReason]
) -> str | None:
    """Draw the kinds of every day and those that answer an open reason; the rest by a switch."""
    old_kind = request.corrects["kind"] if request.corrects else None
    daily = {*reference.read("action_kind").filter("is_daily")["code"], old_kind}
    daily.update(kind for reason in reasons for kind in reason.answered_by)
    place = st.container()
    st.toggle("Something else, or a concern", key=request.build_key("more"))
    chosen: str | None = place.pills(
        "What was done?",
        [kind for kind in kinds if kind in daily or _has_more(request)],
        format_func=kinds.__getitem__,
        default=old_kind,
        key=request.build_key("kind"),
        persist_state="session",
    )
    return chosen


def _render_outcome(session: access.Session, request: _Request, kind: str | None) -> str | None:
    """Ask what came of a call; "" for what is no call, None until it is chosen."""
    if kind not in list_calls():
        return ""
    outcomes = words.list_codes("call_outcome", session.as_at)
    chosen: str | None = st.pills(
        "What came of the call?",
        list(outcomes),
        format_func=outcomes.__getitem__,
        default=request.corrects["outcome"] if request.corrects else None,
        key=request.build_key("outcome"),
        persist_state="session",
    )
    return chosen


def _render_reasons(
    request: _Request, kind: str | None, outcome: str | None, reasons: Sequence[rules.OpenReason]
) -> list[str]:
    """Draw a tick for each open reason, and return the rules that the action was about.

    A reason is ticked at first where a kind of action answers it.  After a call that reached
    nobody there is nothing to tick: the child stays on the list.
    """
    if kind is None or outcome is None or not reasons:
        return []
    if not has_answer(outcome):
        components.render_small_text("Nobody was reached, so every reason stays on the list.")
        return []
    can_close = [reason for reason in reasons if not reason.is_closed_by_record]
    answers = []
    if can_close:
        st.markdown("Which reasons was this about? A ticked reason leaves the list.")
    with st.container(gap=None):
        for reason in can_close:
            is_ticked = st.checkbox(
                escape(reason.text),
                value=reason.is_answered_by(kind),
                key=request.build_key(f"answers-{reason.rule}-{kind}"),
            )
            if is_ticked:
                answers.append(reason.rule)
    for reason in reasons:
        if reason.is_closed_by_record:
            components.render_small_text(f"{reason.text}: this stays until it is recorded.")
    return answers


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


def _render_days(
    session: access.Session, request: _Request, *, is_unanswered: bool = False
) -> tuple[date, date | None]:
    """Ask for the day and for a review date: the next weekday if nobody was reached."""
    old = request.corrects
    next_day = words.find_next_weekday(session.as_at) if is_unanswered else None
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
        old["follow_up_date"] if old else next_day,
        format="DD/MM/YYYY",
        key=request.build_key(f"follow-up{'-again' * is_unanswered}"),
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
