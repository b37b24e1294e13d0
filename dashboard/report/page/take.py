"""Taking a report away: a draft, the final one, and those that went out before."""

import hmac
import secrets
from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from dashboard.report.archive import MIME, archive
from dashboard.report.content import prompts
from dashboard.report.content.facts import KIND_WORDS
from dashboard.report.make import Prepared
from dashboard.report.page import state
from dashboard.report.page import words as report_words
from dashboard.text import words
from dashboard.ui import components, sign_in_form, tab
from dashboard.ui.markdown import plain
from safeguards.access import access
from safeguards.disclosure.releases import Issued
from safeguards.errors import SafeguardsError

#: Of a file's SHA-256, as much as nobody mistakes for another's.
_SHORT = 8
_DIGEST_KEY = "report-digest-key"
_FINGERPRINTED = "part-one.pdf"


def shown(held: access.Session, prepared: Prepared) -> None:
    """The draft, and what it means to make the report final."""
    if report_words.is_typed(prepared):
        st.warning("Some words that you typed are not kept yet, so they are not in the files.")
    if not sign_in_form.fresh(held, "to take the report"):
        return
    st.subheader("A draft")
    components.quiet("Word and PDF of each part, each page marked as not for sending.")
    if st.button("Make the draft ready", key="make-draft"):
        _draft(held, prepared)
    st.subheader("The final report")
    missing = prompts.missing_headline(prepared.answers)
    if missing:
        st.markdown(missing)
        return
    _final(held, prepared)


def _draft(held: access.Session, prepared: Prepared) -> None:
    try:
        with st.spinner("Writing Word and PDF."):
            made = state.files(prepared, is_final=False)
    except SafeguardsError as error:
        st.warning(plain(str(error)))
        return
    _offer(held, made, prepared, f"{_name(prepared)}-draft")


def _final(held: access.Session, prepared: Prepared) -> None:
    place = st.empty()
    with place.container():
        is_wanted = _asked(held, prepared)
    if not is_wanted:
        return
    try:
        with st.spinner("Writing Word and PDF, and taking the report into the list."):
            report, made = state.make_final(held, prepared)
    except SafeguardsError as error:
        st.warning(plain(str(error)))
        return
    place.empty()
    st.success(f"Report {report.number} is final. Take its files here, or later from the list.")
    _offer(held, made, prepared, f"governor-report-{report.number}")


def _asked(held: access.Session, prepared: Prepared) -> bool:
    """Whether the person wants this very report to be final, told what that means."""
    st.markdown(
        "When you make it final:\n"
        "- it goes into the list of reports, with its figures and its files;\n"
        "- later reports are held against it, so they may hold back more;\n"
        "- this cannot be undone. A report can be withdrawn, and is remembered all the same."
    )
    if asks := report_words.findings(prepared):
        st.markdown(
            f"The words check asks about {words.count(asks, 'place')} in your words. "
            "Look at them first."
        )
    for each in state.issued(held):
        if _is_same(each, prepared):
            st.markdown(
                f"Report {each.number} is of the same kind and day. This one would come after."
            )
    # another tick for every other content: what is final is what was read
    sure = st.checkbox(
        "I have read the draft, and governors may have it as it is.",
        key=tab.own(f"sure-{_content(prepared)}"),
    )
    is_pressed = st.button("Make it final", key="make-final", type="primary", disabled=not sure)
    return is_pressed and sure


def history(held: access.Session) -> None:
    """The final reports, with their files once more and a way to withdraw one."""
    st.header("Reports made")
    try:
        reports = state.issued(held)
    except SafeguardsError as error:
        st.warning(plain(str(error)))
        return
    if not reports:
        st.markdown("No report has been made final yet. Final reports are listed here.")
        return
    components.table(_rows(reports), alt="Final reports, the newest first")
    components.quiet(
        "By the fingerprint anybody can see whether a PDF of Part One is the one that went out. "
        "The command lac report history lists it in full."
    )
    with st.expander("Take a report again, or withdraw it", key="report-again"):
        if sign_in_form.fresh(held, "to take or withdraw a report"):
            _again(held, reports)


def _again(held: access.Session, reports: Sequence[Issued]) -> None:
    known = {each.number: each for each in reports}
    number = st.selectbox(
        "Report",
        sorted(known, reverse=True),
        format_func=lambda number: f"{number}: {_called(known[number])}",
        key=tab.own(f"report-number-{len(known)}"),  # the newest one first, once there is another
    )
    report = known[number]
    if st.button("Make its files ready", key="make-again"):
        try:
            made = state.files_of(held, report)
        except SafeguardsError as error:
            st.warning(plain(str(error)))
        else:
            components.link(
                held,
                state.PAGE,
                lambda: archive(made, report.figures.as_at),
                name=f"governor-report-{number}.zip",
                mime=MIME,
            )
    if report.withdrawn_at is not None:
        st.markdown(f"It was withdrawn on {words.short_day(report.withdrawn_at.date())}.")
        return
    st.markdown(
        "When you withdraw it, the list says that it no longer stands. "
        "Later reports are still held against it: somebody may have read it."
    )
    sure = st.checkbox(f"Report {number} no longer stands.", key=tab.own(f"withdraw-sure-{number}"))
    if st.button("Withdraw it", key=f"withdraw-{number}", disabled=not sure) and sure:
        try:
            state.withdraw(held, number)
        except SafeguardsError as error:
            st.warning(plain(str(error)))
        else:
            st.rerun()


def _offer(held: access.Session, made: Mapping[str, bytes], prepared: Prepared, name: str) -> None:
    data = archive(made, prepared.facts.as_at)
    components.link(held, state.PAGE, lambda: data, name=f"{name}.zip", mime=MIME)


def _name(prepared: Prepared) -> str:
    facts = prepared.facts
    return f"governor-report-{facts.kind}-{facts.as_at.isoformat()}"


def _is_same(report: Issued, prepared: Prepared) -> bool:
    is_same = (report.kind, report.figures.as_at) == (prepared.facts.kind, prepared.facts.as_at)
    return is_same and report.withdrawn_at is None


def _content(prepared: Prepared) -> str:
    """What tells a report with these figures and words from any other."""
    told = repr((prepared.facts, [(each.prompt.key, each.text) for each in prepared.answers]))
    # the browser is given it, and must not find out what it is of by trying
    key = st.session_state.setdefault(_DIGEST_KEY, secrets.token_bytes(32))
    return hmac.digest(key, told.encode(), "sha256").hex()


def _called(report: Issued) -> str:
    return f"{_kind(report)}, data up to {words.short_day(report.figures.as_at)}"


def _kind(report: Issued) -> str:
    return next((name for kind, name in KIND_WORDS.items() if kind == report.kind), report.kind)


def _rows(reports: Sequence[Issued]) -> pl.DataFrame:
    """A row a report; few columns, which a phone has room for."""
    newest_first = reports[::-1]
    return pl.DataFrame(
        {
            "Report": [
                f"{each.number}: {_kind(each)}, data up to "
                f"{words.table_day(each.figures.as_at)}{_state(each)}"
                for each in newest_first
            ],
            "Made": [f"{words.table_day(each.at.date())}, {each.actor}" for each in newest_first],
            "Fingerprint": [_fingerprint(each) for each in newest_first],
        }
    )


def _state(report: Issued) -> str:
    if report.withdrawn_at is None:
        return ""
    return f", withdrawn {words.table_day(report.withdrawn_at.date())}"


def _fingerprint(report: Issued) -> str:
    return report.digests.get(_FINGERPRINTED, "")[:_SHORT]
