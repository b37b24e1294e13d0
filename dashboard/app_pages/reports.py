"""Reports: what governors are given, in four steps, and what was made before."""

from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.report.content import sections
from dashboard.report.content.facts import CHOICES, KIND_WORDS, Kind
from dashboard.report.content.model import Part
from dashboard.report.make import PreparedReport
from dashboard.report.page import state, take
from dashboard.report.page import words as report_words
from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.errors import LedgerError, SafeguardsError

CHOOSE, PREVIEW, WORDS, TAKE = "1. Choose", "2. Preview", "3. Your comments", "4. Download"
STEPS = (CHOOSE, PREVIEW, WORDS, TAKE)
#: Where this tab keeps its step, and what is asked for while its fields are not drawn.
STEP, KIND, DAY, _ASKED = "report-step", "report-kind", "report-day", "report-asked"


def render() -> None:
    """Draw the page: the step that this tab is at, and under it the reports that were made."""
    session = tab.enter("reports")
    # the fields come third, after the frame and what stands above them: see dashboard.ui.fields
    above, answers, below = st.container(), st.container(), st.container()
    with above:
        components.render_title("reports", words.PAGES["reports"])
        before, day = st.session_state.setdefault(_ASKED, ("termly", session.as_at))
        kind: Kind = st.session_state.get(KIND, before)
        st.session_state.setdefault(STEP, CHOOSE)
        _render_steps(session, kind, day, answers, below)
    with below:
        take.render_history(session)


def _render_steps(
    session: access.Session, kind: Kind, day: date, answers: DeltaGenerator, below: DeltaGenerator
) -> None:
    """The steps, and the one that is open; the first shows what the report says in short."""
    top = st.container()
    step = (
        st.segmented_control(
            "Step",
            STEPS,
            key=STEP,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        or CHOOSE
    )
    if step == CHOOSE:
        kind, day = _render_choice(session, kind, day)
    prepared = _prepare(session, kind, day)
    if prepared is None:
        return
    if step != CHOOSE:
        components.render_small_text(_describe_report(prepared))
    if step == PREVIEW:
        _render_part(prepared, "Part One")
        _render_part(prepared, "Part Two")
    elif step == WORDS:
        report_words.render_progress(prepared)
        with answers:
            report_words.render_answers(session, prepared)
    elif step == TAKE:
        take.render_downloads(session, prepared)
    else:
        with top:
            st.header("Make a report", anchor=False)
        st.markdown(f"**{_describe_report(prepared)}**")
        st.markdown(report_words.describe_progress(prepared))
        _render_part(prepared, "For the clerk")
    if step != TAKE:
        after = STEPS[STEPS.index(step) + 1]
        go = st.session_state.update
        below.button(f"Next: {after[3:].lower()}", on_click=go, args=({STEP: after},), key="next")


def _render_choice(session: access.Session, kind: Kind, day: date) -> tuple[Kind, date]:
    st.session_state.setdefault(KIND, kind)
    st.session_state.setdefault(DAY, day)
    with st.container(horizontal=True):
        chosen = st.segmented_control(
            "Report", CHOICES, format_func=KIND_WORDS.__getitem__, key=KIND, required=True
        )
        on = st.date_input(
            "Data up to",
            key=DAY,
            format="DD/MM/YYYY",
            max_value=max(session.as_at, session.data_until),
            width=200,
        )
    found = (chosen or kind, on if isinstance(on, date) else day)
    st.session_state[_ASKED] = found
    return found


def _render_part(prepared: PreparedReport, part: Part) -> None:
    """What a part says without anybody's words; nothing where there is no such part."""
    document = sections.build_document(prepared.facts, (), part, is_final=False)
    if document is not None:
        components.render_blocks(document.blocks)
        components.render_small_text(escape(f"{part}. {document.note}"))


def _prepare(session: access.Session, kind: Kind, day: date) -> PreparedReport | None:
    """The report that is asked for; None where there is none, which the page then says."""
    try:
        with st.spinner("Working out which figures may be shown."):
            return state.prepare_report(session, kind, day)
    except access.Denied:
        raise
    except SafeguardsError as error:
        title = "This report cannot be made"
        if isinstance(error, LedgerError):
            title = "The list of final reports cannot be read"
        components.render_notice(title, f"{escape(str(error))} Nothing was made.")
    return None


def _describe_report(prepared: PreparedReport) -> str:
    """What it is of, and that the term was reported on, if it was."""
    report, note = prepared.facts, prepared.note
    if prepared.standing is not None:
        note = f"Report {prepared.standing} of this term is final: download it below."
    return (
        f"{KIND_WORDS[report.kind]}, {report.term_words}, "
        f"data up to {words.format_short_day(report.told.day)}. {note}".rstrip()
    )
