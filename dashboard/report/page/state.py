"""The Reports page's calls to the home, for the person of this tab.

The figures of a report are worked out once for a period and the reports before it.  They are kept
in this tab's memory only, so that no role sees another's.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.report import make
from dashboard.report.content import prompts
from dashboard.report.content.figures import Choice
from dashboard.report.make import PreparedReport
from dashboard.ui import tab
from safeguards.access import access
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued, Releases, ReportFiles
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.keys import Keys

PAGE = "reports"
#: The key of prepared reports by period, with their session and the number of final reports.
_CACHE_KEY = "report-prepared"


def open_releases(session: access.Session) -> Releases:
    """Return the list of final reports of this home."""
    return Releases(session.home, Keys.load(session.home))


def prepare_report(session: access.Session, choice: Choice) -> PreparedReport:
    """Return a report on a period with the answers that are saved now.

    Raise the errors of `make.prepare`.
    """
    held = tab.open_report_session(session)
    earlier = len(open_releases(session).list_issued())
    cached_key, cached = st.session_state.get(_CACHE_KEY, (None, {}))
    if cached_key != (held, earlier):
        cached = {}
    prepared: PreparedReport | None = cached.get(choice)
    if prepared is None:
        prepared = make.prepare(held, choice)
        if prepared.earlier == earlier:
            st.session_state[_CACHE_KEY] = (held, earlier), {**cached, choice: prepared}
        return prepared
    selected = [answer.prompt for answer in prepared.answers]
    drafts = Drafts.open(held.home, Keys.load(held.home))
    return replace(prepared, answers=prompts.collect_answers(selected, drafts, choice.first_day))


def save_answers(session: access.Session, first_day: date, texts: Mapping[str, str]) -> None:
    """Save answers by the keys of their prompts, or raise SealedLinesError as `Drafts` does."""
    drafts = Drafts.open(session.home, Keys.load(session.home))
    for prompt, text in texts.items():
        drafts.save_answer(prompt, first_day, text, actor=session.actor, now=get_utc_now())


def make_final(
    session: access.Session, prepared: PreparedReport
) -> tuple[Issued, dict[str, bytes]]:
    """Make a report final and return it with its files, or raise as `make.issue` and do nothing."""
    held = tab.open_report_session(session)
    files = make.build_report(prepared, Keys.load(session.home), is_final=True)
    held.enter(PAGE, action="report")
    return make.issue(held, prepared, files, now=get_utc_now()), files


def withdraw(session: access.Session, number: int) -> None:
    """Withdraw a report, or raise LedgerError as `Releases.withdraw` does."""
    tab.open_report_session(session).enter(PAGE, action="report")
    open_releases(session).withdraw(number, at=get_utc_now(), actor=session.actor)


def get_files(session: access.Session, report: Issued) -> dict[str, bytes]:
    """Return the files of a final report as they went out."""
    return ReportFiles(session.home, Keys.load(session.home)).get_files(report)
