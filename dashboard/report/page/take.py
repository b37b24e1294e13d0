"""Downloads of a report: a draft, the final one, and those made before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard.report import make
from dashboard.report.content import wording
from dashboard.report.content.facts import KIND_WORDS
from dashboard.report.make import PreparedReport
from dashboard.report.page import state
from dashboard.report.page import words as report_words
from dashboard.text import words
from dashboard.ui import components, sign_in_form, tab
from safeguards.access import access
from safeguards.access.name_cards import build_name_check
from safeguards.disclosure.code import compute_code
from safeguards.disclosure.releases import Issued
from safeguards.files import zip_files
from safeguards.keys.keys import Keys

#: The files that most people download, and their labels.
_FILES = {"part-one.docx": "Part One as Word", "part-one.pdf": "Part One as PDF"}


def render_downloads(session: access.Session, prepared: PreparedReport) -> None:
    """Draw the draft, and the way to make the report final."""
    if report_words.has_unsaved_text(prepared):
        st.warning("Some of what you typed is not saved yet, so it is not in the files.")
    if not sign_in_form.ensure_fresh_sign_in(session, "to download the report"):
        return
    day = prepared.figures.day
    st.header("A draft", anchor=False)
    components.render_small_text("Word and PDF of each part, every page marked as not for sending.")
    if st.button("Make a draft", key="make-draft"):
        with tab.say_errors(), st.spinner("Writing Word and PDF."):
            files = make.build_report(prepared, Keys.load(session.home), is_final=False)
            name = f"governor-report-{prepared.facts.kind}-{day.isoformat()}-draft"
            _offer(session, files, day, name)
    st.header("The final report", anchor=False)
    if obstacle := make.find_obstacle(prepared):
        st.markdown(obstacle)
    else:
        _render_final(session, prepared)


def _render_final(session: access.Session, prepared: PreparedReport) -> None:
    place = st.empty()
    with place.container():
        is_wanted = _confirm_final(session, prepared)
    if is_wanted:
        with tab.say_errors(), st.spinner("Writing Word and PDF, and listing the report."):
            report, files = state.make_final(session, prepared)
            place.empty()
            st.success(f"Report {report.number} is final. Download it here, or from the list.")
            _offer(session, files, prepared.figures.day, f"governor-report-{report.number}")


def _confirm_final(session: access.Session, prepared: PreparedReport) -> bool:
    """Say what making it final means, and return whether the person wants it for this content."""
    st.markdown(
        "When you make it final:\n"
        "- it is added to the list of reports, with its figures and its files;\n"
        "- its totals stand from then on: to change its words, withdraw it and make it again;\n"
        "- this cannot be undone. A report can be withdrawn, but stays on record."
    )
    texts = [answer.text for answer in prepared.answers]
    places = wording.count_pointing(texts, prepared.figures.day, build_name_check(session))
    if places:
        st.warning(
            f"{words.capitalise(words.format_count(places, 'place'))} in your comments could "
            "identify a child. Change each, or be sure of it: each stands under its answer."
        )
    code = compute_code(Keys.load(session.home), [repr(prepared.facts), *texts])
    sure = st.checkbox(
        "I have read the draft, and governors may have the report as it is.",
        # each content has a tick of its own, so that only what was read becomes final
        key=tab.build_widget_key(f"sure-{places}-{code}"),
    )
    is_pressed = st.button("Make it final", key="make-final", type="primary", disabled=not sure)
    return is_pressed and sure


def render_history(session: access.Session) -> None:
    """Draw the final reports, with their files and a way to withdraw one."""
    st.header("Reports made", anchor=False)
    with tab.say_errors():
        reports = state.open_releases(session).list_issued()
        if not reports:
            st.markdown("No report has been made final yet. Final reports are listed here.")
            return
        rows, alt = _list_rows(reports), "Final reports, the latest first"
        components.render_listing(("Report", "Made"), rows, "wrapped", alt)
        with st.expander("Download a report again, or withdraw it", key="report-again"):
            if sign_in_form.ensure_fresh_sign_in(session, "to download or withdraw a report"):
                _render_reissue(session, reports)


def _render_reissue(session: access.Session, reports: Sequence[Issued]) -> None:
    known = {report.number: report for report in reports}
    number = st.selectbox(
        "Report",
        sorted(known, reverse=True),
        format_func=lambda number: _describe(known[number], words.format_short_day),
        key=tab.build_widget_key(f"report-number-{len(known)}"),  # a new report is chosen first
    )
    report = known[number]
    if st.button("Make its files ready", key="make-again"):
        with tab.say_errors():
            files = state.get_files(session, report)
            _offer(session, files, report.figures.day, f"governor-report-{number}")
    if report.withdrawn_at is not None:
        st.markdown(f"It was withdrawn on {words.format_short_day(report.withdrawn_at.date())}.")
        return
    st.markdown(
        "When you withdraw it, the list of reports says so. "
        "Its totals still count as published, because somebody may have read them."
    )
    sure = st.checkbox(
        f"Report {number} is withdrawn.", key=tab.build_widget_key(f"withdraw-sure-{number}")
    )
    if st.button("Withdraw it", key=f"withdraw-{number}", disabled=not sure) and sure:
        with tab.say_errors():
            state.withdraw(session, number)
            st.rerun()


def _offer(session: access.Session, files: Mapping[str, bytes], day: date, name: str) -> None:
    """Draw links to Word and PDF, and last to all parts in one file."""
    link = partial(components.render_download_link, session, state.PAGE)
    with st.container(horizontal=True):
        for file, label in _FILES.items():
            link(partial(files.__getitem__, file), name=f"{name}-{file}", label=label)
        pack = partial(zip_files, files, day)
        link(pack, name=f"{name}.zip", label="All parts (zip)")
    components.render_small_text("Download within one minute. Each link works once.")


def _describe(report: Issued, format_day: Callable[[date], str]) -> str:
    day = format_day(report.figures.day)
    return f"{report.number}: {KIND_WORDS[report.kind]}, data up to {day}"


def _list_rows(reports: Sequence[Issued]) -> Iterator[tuple[str, str]]:
    """Yield a row for each report, with two columns so that a phone has room."""
    for report in reversed(reports):
        text, day = _describe(report, words.format_table_day), report.at.date()
        if report.withdrawn_at is not None:
            text += f", withdrawn {words.format_table_day(report.withdrawn_at.date())}"
        yield text, f"{words.format_table_day(day)}, {report.actor}"
