"""What the Reports page asks of the home, and what it does there, for the person of this tab.

The figures of a report are worked out once for a kind, a day and what was final before; they
are kept in this tab's memory and nowhere else, so that no role sees another's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from dashboard.report import make
from dashboard.report.check import wording
from dashboard.report.content import prompts
from dashboard.report.content.facts import Kind
from dashboard.report.make import PreparedReport
from dashboard.ui import tab
from safeguards.access import access
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued, Releases, ReportFiles
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.keys import Keys

PAGE = "reports"
_CACHE_KEY = "report-prepared"


@dataclass(frozen=True)
class _Cache:
    """Figures with what they were worked out from; of another of these they do not hold."""

    session: access.Session
    earlier: int
    prepared: Mapping[tuple[Kind, date], PreparedReport]


def prepare_report(session: access.Session, kind: Kind, day: date) -> PreparedReport:
    """A report of this kind on this day, with the words that are kept now.

    Errors as in `make.prepare`.
    """
    report_session, earlier = tab.open_report_session(session), len(list_issued(session))
    cached: _Cache | None = st.session_state.get(_CACHE_KEY)
    if cached is None or cached.session is not report_session or cached.earlier != earlier:
        cached = _Cache(report_session, earlier, {})
    found = cached.prepared.get((kind, day))
    if found is not None:
        return replace(found, answers=_answers(report_session, found))
    found = make.prepare(report_session.copy_as_at(day), kind)
    if found.earlier == earlier:
        st.session_state[_CACHE_KEY] = replace(
            cached, prepared={**cached.prepared, (kind, day): found}
        )
    return found


def _answers(report_session: access.Session, found: PreparedReport) -> tuple[prompts.Answer, ...]:
    drafts = Drafts.open(report_session.home, Keys.load(report_session.home))
    term = found.term["first_day"]
    selected = [each.prompt for each in found.answers]
    return prompts.collect_answers(selected, drafts.find_by_term(term), drafts.find_earlier(term))


def save_answers(
    session: access.Session, term: date, texts: Mapping[str, str], ticks: Collection[str] = ()
) -> None:
    """Keep answers by the keys of their prompts; SealedLinesError as of `Drafts.save_answer`.

    ticks: words that somebody said name no child, beside those that were ticked before.
    """
    drafts = Drafts.open(session.home, Keys.load(session.home))
    kept = drafts.find_earlier(term) | drafts.find_by_term(term)
    for prompt, text in texts.items():
        before = kept[prompt].ticks if prompt in kept else frozenset()
        drafts.save_answer(
            prompt,
            term,
            text,
            actor=session.actor,
            now=get_utc_now(),
            ticks=wording.keep_ticks(text, before | frozenset(ticks)),
        )


def list_issued(session: access.Session) -> tuple[Issued, ...]:
    """The final reports, the oldest first; LedgerError if their list is damaged."""
    return Releases(session.home, Keys.load(session.home)).list_issued()


def build_files(
    session: access.Session, found: PreparedReport, *, is_final: bool
) -> dict[str, bytes]:
    """Word and PDF of each part; ReportError as of `make`."""
    return make.build_report(session, found, is_final=is_final)


def make_final(session: access.Session, found: PreparedReport) -> tuple[Issued, dict[str, bytes]]:
    """Let a report go out, with its files; errors as of `make.issue`, and nothing is then."""
    report_session = tab.open_report_session(session).copy_as_at(found.figures.day)
    made = build_files(report_session, found, is_final=True)
    report_session.enter(PAGE, action="report")
    return make.issue(report_session, found, made, now=get_utc_now()), made


def read_issued_files(session: access.Session, report: Issued) -> dict[str, bytes]:
    """The files of a final report as they went out; ReportError where they are not here."""
    return ReportFiles(session.home, Keys.load(session.home)).get_files(report)


def withdraw(session: access.Session, number: int) -> Issued:
    """Say that a report no longer stands; LedgerError as of `Releases.withdraw`."""
    tab.open_report_session(session).enter(PAGE, action="report")
    return Releases(session.home, Keys.load(session.home)).withdraw(
        number, at=get_utc_now(), actor=session.actor
    )
