"""Reports: the report to governors, on one page, and the reports made before."""

import streamlit as st

from dashboard.report import make
from dashboard.report.content import sections
from dashboard.report.content.facts import KIND_WORDS, format_period
from dashboard.report.content.figures import Choice
from dashboard.report.content.model import PARTS
from dashboard.report.make import PreparedReport
from dashboard.report.page import copies, state, take
from dashboard.report.page import words as report_words
from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.errors import LedgerError, SafeguardsError

#: The keys under which the tab keeps the chosen period and part.
CHOICE, PART = "report-choice", "report-part"


def render() -> None:
    """Draw the page: a choice of period, its questions beside its preview, and the reports made."""
    session = tab.enter("reports")
    # the fields come third, after the frame and the title: see dashboard.ui.fields
    above, answers, below = st.container(), st.container(), st.container()
    with above:
        components.render_title("reports", words.PAGES["reports"])
        prepared = _choose(session)
    if prepared is not None:
        with answers:
            beside = report_words.render_answers(session, prepared)
        with beside:
            _render_preview(prepared)
        with below:
            take.render_downloads(session, prepared)
    with below:
        take.render_history(session)
        copies.render_check(session)


def _choose(session: access.Session) -> PreparedReport | None:
    """Ask for a period, and return the report on it; None if the page says why there is none."""
    try:
        choices = make.list_choices(tab.open_report_session(session))
        choice = st.selectbox(
            "What is the report about?",
            choices,
            format_func=_describe_choice,
            key=CHOICE,
            persist_state="session",
            width=420,
        )
        with st.spinner("Working out which figures may be shown."):
            prepared = state.prepare_report(session, choice)
    except access.Denied:
        raise
    except SafeguardsError as error:
        title = "This report cannot be made"
        if isinstance(error, LedgerError):
            title = "The list of final reports cannot be read"
        components.render_notice(title, f"{escape(str(error))} Nothing was made.")
        return None
    st.markdown(f"**{_describe_report(prepared)}**")
    st.markdown(report_words.describe_progress(prepared))
    components.render_small_text(words.TEXTS["paragraphs"]["what is checked"])
    return prepared


def _describe_choice(choice: Choice) -> str:
    """Return "Autumn term 2026, not over yet", or "School year 2025/26: annual report"."""
    period = words.capitalise(format_period(choice.period).removeprefix("the "))
    if not choice.period.term:
        return f"{period}: annual report" + ("" if choice.is_over else ", not over yet")
    return period if choice.is_over else f"{period}, not over yet"


def _describe_report(prepared: PreparedReport) -> str:
    """Say what the report is about, and whether a final one exists."""
    figures, note = prepared.figures, ""
    if prepared.standing is not None:
        note = f" Report {prepared.standing} on this period is final: download it below."
    return (
        f"{KIND_WORDS[prepared.facts.kind]}, "
        f"{format_period(figures.period).removeprefix('the ')}, "
        f"data up to {words.format_short_day(figures.day)}.{note}"
    )


def _render_preview(prepared: PreparedReport) -> None:
    """Draw a part of the report as it would be, with the answers typed so far."""
    answers = report_words.get_typed(prepared)
    st.header("Preview", anchor=False)
    part = st.segmented_control(
        "Part", PARTS, default=PARTS[0], key=PART, label_visibility="collapsed"
    )
    document = sections.build_document(prepared.facts, answers, part or PARTS[0], is_final=False)
    if document is None:
        st.markdown("This report has no such part.")
        return
    components.render_blocks(document.blocks, has_captions=True)
    components.render_small_text(escape(document.note))
