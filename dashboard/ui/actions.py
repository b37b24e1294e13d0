"""Log an action or raise a note of concern about a given child, in four clicks.

The person who logs an action ticks the child's reasons that it answers, and the outcome of a
call. An action can be undone for a minute.
What was typed and chosen survives a rerun and a new sign-in of the same person. It is kept in
the tab's memory on the server, and nothing of it is on the sign-in page.
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

#: The session state's keys of the open dialog, and of what was saved last.
_OPEN, _SAID = "log-open", "log-said"
#: The session state's key of the children for whom this tab has logged something.
_DONE = "log-done"
_LONGEST_LINE = 120
_LINE = "In a few words (optional, no names)"
#: Seconds between checks whether Undo is still possible.
_TICK = 20


@dataclass(frozen=True)
class _Request:
    """The child of an action and the page that asks; `corrects` is the action that it replaces."""

    page: str
    pupil_id: str
    handle: str
    corrects: Row | None = None
    opening: str = ""

    def build_key(self, field: str) -> str:
        """Return a field's key, which is this person's own, and new each time the dialog opens."""
        return tab.build_widget_key(f"log-{field}-{self.opening}")


@dataclass(frozen=True)
class _Kept:
    """The saved action and until when it can be undone; action_id is None after Undo."""

    text: str
    page: str
    pupil_id: str
    action_id: str | None
    until: datetime


@dataclass(frozen=True)
class _Typed:
    """A line, whether a warning was shown about it, and whether its author confirms it."""

    text: str
    is_warned: bool
    is_confirmed: bool


def build_log_button(session: access.Session, page: str) -> lists.Button | None:
    """Return the button of each row of a list, or None if the role logs nothing on the page."""
    if not session.is_allowed(page, "log_action"):
        return None

    def press(row: lists.Row) -> None:
        if row.child is not None:
            _open(_Request(page, *row.child))

    return lists.Button("Log", "an action for", press, lambda: render_dialog(session))


@st.fragment
def render_log_button(session: access.Session, pupil_id: str, handle: str) -> None:
    """Draw the same button on a child's page, with the dialog, if the role may log there."""
    if session.is_allowed("child", "log_action"):
        st.button(
            f"Log *an action for {escape(names.call(pupil_id, handle))}*",
            key=f"log-{handle}",
            on_click=_open,
            args=(_Request("child", pupil_id, handle),),
        )
    render_dialog(session)


def render_correct_button(session: access.Session, action: Row) -> None:
    """Draw "Correct" for an action in the log on a child's page."""
    if session.is_allowed("child", "log_action"):
        st.button(
            f"Correct: {escape(words.describe_action(action, session.home_of))}",
            key=f"correct-{action['action_id']}",
            on_click=_open,
            args=(_Request("child", action["pupil_id"], action["handle"], action),),
        )


def list_pupils_of_log() -> frozenset[str]:
    """Return the children (pupil_id) for whom this tab has logged something, who keep their row."""
    return frozenset(st.session_state.get(_DONE, ()))


def render_dialog(session: access.Session) -> None:
    """Draw the dialog while it is open."""
    request: _Request | None = st.session_state.get(_OPEN)
    if request is not None:
        child = escape(names.call(request.pupil_id, request.handle, with_class=True))
        title = f"{'Correct' if request.corrects else 'Log'} an action: {child}"
        st.dialog(title, on_dismiss=_close)(lambda: _render_fields(session, request))()


def render_kept(session: access.Session, page: str) -> None:
    """Show on this page only what was just saved there, with Undo.

    Its container is always there and comes first, so that the page does not move, and that Undo
    is among the first stops of the keyboard.
    """
    kept: _Kept | None = st.session_state.get(_SAID)
    with st.container(key="kept"):
        if _OPEN not in st.session_state and kept and kept.page == page:
            _render_kept(session)


def find_focus(session: access.Session) -> tuple[str, str]:
    """Return the action that can be undone, and the child's address if one just was; else ""."""
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
    if may_raise and st.session_state.get(request.build_key("concern")):  # chosen in an earlier run
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
        _keep(session, request, message, log, is_warned=typed.is_warned)


def _list_kinds(session: access.Session) -> dict[str, str]:
    """Return the kinds of action of the day by code, in the words of the home."""
    labels = words.list_codes("action_kind", session.as_at).items()
    return {code: words.say(label, session.home_of) for code, label in labels}


def _has_more(request: _Request) -> bool:
    """Return whether the person asked for the kinds that are hidden at first."""
    return bool(st.session_state.get(request.build_key("more")))


def _render_kinds(
    request: _Request, kinds: Mapping[str, str], reasons: Iterable[rules.OpenReason]
) -> str | None:
    """Draw the daily kinds and those that answer an open reason. A switch shows the others."""
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
    """Ask for the outcome of a call. Return "" for other kinds, and None until it is chosen."""
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
    """Draw a tick for each open reason, and return the rules that the action answers.

    A reason is ticked at first if this kind of action answers it. If a call reached nobody, there
    is nothing to tick, and the child stays on the list.
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
    """Draw the fields of a note of concern, once its kind is chosen."""
    kind = concerns.render_kinds(request.build_key)
    if kind is None:  # the choice was undone: draw the action's fields again
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
            is_warned=typed.is_warned,
            can_undo=False,
        )


def _render_days(
    session: access.Session, request: _Request, *, is_unanswered: bool = False
) -> tuple[date, date | None]:
    """Ask for the day and a review date, which is the next weekday if nobody was reached."""
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
        key=request.build_key("follow-up-again" if is_unanswered else "follow-up"),
        persist_state="session",
    )
    return on, follow_up


def _render_line(session: access.Session, request: _Request, label: str) -> _Typed:
    """Draw the only free text, with warnings about it, and a box to confirm it."""
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
    for message in dict.fromkeys(finding.message for finding in findings):
        st.warning(escape(message))
    is_confirmed = False
    if findings and ALWAYS_REFUSED.isdisjoint(finding.kind for finding in findings):
        is_confirmed = st.checkbox(
            "I have not named anyone or anywhere", key=request.build_key("confirmed")
        )
    return _Typed(line, is_warned=bool(findings), is_confirmed=is_confirmed)


def _keep(
    session: access.Session,
    request: _Request,
    text: str,
    log: Callable[[], entries.EntryResult],
    *,
    is_warned: bool,
    can_undo: bool = True,
) -> None:
    """Save it and redraw the page, or say what to change. `is_warned`: its line has a warning."""
    with tab.say_errors(IntakeError):
        result = log()
        for problem in result.problems:
            if not (is_warned and problem.column == "line"):
                st.error(escape(f"{problem.problem} {problem.fix}"))
        if result.problems:
            if is_warned:
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
    """Draw the saved action at the bottom of the screen while it can be undone."""
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
