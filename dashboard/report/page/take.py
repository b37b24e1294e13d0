"""Taking a report away: a draft, the final one, and those that went out before."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from dashboard.report.content import prompts
from dashboard.report.content.facts import KIND_WORDS
from dashboard.report.make import PreparedReport
from dashboard.report.page import state
from dashboard.report.page import words as report_words
from dashboard.report.render.word import WORD_MIME, ZIP_MIME, zip_files
from dashboard.text import words
from dashboard.ui import components, sign_in_form, tab
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.disclosure.releases import Issued
from safeguards.errors import SafeguardsError

_DIGEST_KEY = "report-digest-key"
#: What most people take, and what it is called.
_FILES = (
    ("part-one.docx", "Part One as Word", WORD_MIME),
    ("part-one.pdf", "Part One as PDF", "application/pdf"),
)


def render_downloads(session: access.Session, prepared: PreparedReport) -> None:
    """The draft, and what it means to make the report final."""
    if report_words.has_unsaved_text(prepared):
        st.warning("Some words that you typed are not kept yet, so they are not in the files.")
    if not sign_in_form.ensure_fresh_sign_in(session, "to take the report"):
        return
    st.header("A draft", anchor=False)
    components.render_small_text("Word and PDF of each part, each page marked as not for sending.")
    if st.button("Make a draft", key="make-draft"):
        _draft(session, prepared)
    st.header("The final report", anchor=False)
    missing = prompts.describe_missing(prepared.answers)
    if prepared.standing is not None:
        st.markdown(
            f"Report {prepared.standing} of this term is final. Download it again from the list "
            "below, or withdraw it first to change its words."
        )
    elif missing:
        st.markdown(missing)
    elif asks := report_words.count_open(prepared.answers, prepared.figures.day):
        st.markdown(
            f"{words.format_count(asks, 'place')} in your comments may point to a child. "
            "Change each, or tick it, in step 3."
        )
    else:
        _final(session, prepared)


def _draft(session: access.Session, prepared: PreparedReport) -> None:
    try:
        with st.spinner("Writing Word and PDF."):
            made = state.build_files(session, prepared, is_final=False)
    except SafeguardsError as error:
        st.warning(escape(str(error)))
        return
    _offer(session, made, prepared.figures.day, f"{_name(prepared)}-draft")


def _final(session: access.Session, prepared: PreparedReport) -> None:
    place = st.empty()
    with place.container():
        is_wanted = _confirm_final(prepared)
    if not is_wanted:
        return
    try:
        with st.spinner("Writing Word and PDF, and taking the report into the list."):
            report, made = state.make_final(session, prepared)
    except SafeguardsError as error:
        st.warning(escape(str(error)))
        return
    place.empty()
    st.success(f"Report {report.number} is final. Download it here, or later from the list.")
    _offer(session, made, prepared.figures.day, f"governor-report-{report.number}")


def _confirm_final(prepared: PreparedReport) -> bool:
    """Whether the person wants this very report to be final, told what that means."""
    st.markdown(
        "When you make it final:\n"
        "- it goes into the list of reports, with its figures and its files;\n"
        "- its term is reported on then: later it can be issued again, and never made anew;\n"
        "- this cannot be undone. A report can be withdrawn, but stays on record."
    )
    # another tick for every other content: what is final is what was read
    sure = st.checkbox(
        "I have read the draft, and governors may have it as it is.",
        key=tab.build_widget_key(f"sure-{_content(prepared)}"),
    )
    is_pressed = st.button("Make it final", key="make-final", type="primary", disabled=not sure)
    return is_pressed and sure


def render_history(session: access.Session) -> None:
    """The final reports, with their files once more and a way to withdraw one."""
    st.header("Reports made", anchor=False)
    try:
        reports = state.list_issued(session)
    except SafeguardsError as error:
        st.warning(escape(str(error)))
        return
    if not reports:
        st.markdown("No report has been made final yet. Final reports are listed here.")
        return
    components.render_table(_rows(reports), alt="Final reports, the newest first")
    components.render_small_text(
        "The command lac report verify says whether a file is one of these, as it went out."
    )
    with st.expander("Take a report again, or withdraw it", key="report-again"):
        if sign_in_form.ensure_fresh_sign_in(session, "to take or withdraw a report"):
            _render_reissue(session, reports)


def _render_reissue(session: access.Session, reports: Sequence[Issued]) -> None:
    known = {each.number: each for each in reports}
    number = st.selectbox(
        "Report",
        sorted(known, reverse=True),
        format_func=lambda number: f"{number}: {_describe_issued(known[number])}",
        key=tab.build_widget_key(
            f"report-number-{len(known)}"
        ),  # the newest one first, once there is another
    )
    report = known[number]
    if st.button("Make its files ready", key="make-again"):
        try:
            made = state.read_issued_files(session, report)
        except SafeguardsError as error:
            st.warning(escape(str(error)))
        else:
            _offer(session, made, report.figures.day, f"governor-report-{number}")
    if report.withdrawn_at is not None:
        st.markdown(f"It was withdrawn on {words.format_short_day(report.withdrawn_at.date())}.")
        return
    st.markdown(
        "When you withdraw it, the list says that it no longer stands. "
        "Later reports are still held against it: somebody may have read it."
    )
    sure = st.checkbox(
        f"Report {number} no longer stands.", key=tab.build_widget_key(f"withdraw-sure-{number}")
    )
    if st.button("Withdraw it", key=f"withdraw-{number}", disabled=not sure) and sure:
        try:
            state.withdraw(session, number)
        except SafeguardsError as error:
            st.warning(escape(str(error)))
        else:
            st.rerun()


def _offer(session: access.Session, made: Mapping[str, bytes], day: date, name: str) -> None:
    """Word and PDF by themselves, and last all parts in one."""
    with st.container(horizontal=True):
        for file, label, mime in _FILES:
            components.render_download_link(
                session,
                state.PAGE,
                partial(made.__getitem__, file),
                name=f"{name}-{file}",
                mime=mime,
                label=label,
            )
        components.render_download_link(
            session,
            state.PAGE,
            partial(zip_files, made, day),
            name=f"{name}.zip",
            mime=ZIP_MIME,
            label="All parts (zip)",
        )
    components.render_small_text(components.LINK_ONCE)


def _name(prepared: PreparedReport) -> str:
    return f"governor-report-{prepared.facts.kind}-{prepared.figures.day.isoformat()}"


def _content(prepared: PreparedReport) -> str:
    """What tells a report with these figures and words from any other."""
    content = repr((prepared.facts, [(each.prompt.key, each.text) for each in prepared.answers]))
    # the browser is given it, and must not find out what it is of by trying
    key = st.session_state.setdefault(_DIGEST_KEY, secrets.token_bytes(32))
    return hmac.digest(key, content.encode(), "sha256").hex()


def _describe_issued(report: Issued) -> str:
    return f"{_kind(report)}, data up to {words.format_short_day(report.figures.day)}"


def _kind(report: Issued) -> str:
    return next((name for kind, name in KIND_WORDS.items() if kind == report.kind), report.kind)


def _rows(reports: Sequence[Issued]) -> pl.DataFrame:
    """A row a report; few columns, which a phone has room for."""
    newest_first = reports[::-1]
    return pl.DataFrame(
        {
            "Report": [
                f"{each.number}: {_kind(each)}, data up to "
                f"{words.format_table_day(each.figures.day)}{_state(each)}"
                for each in newest_first
            ],
            "Made": [
                f"{words.format_table_day(each.at.date())}, {each.actor}" for each in newest_first
            ],
        }
    )


def _state(report: Issued) -> str:
    if report.withdrawn_at is None:
        return ""
    return f", withdrawn {words.format_table_day(report.withdrawn_at.date())}"
