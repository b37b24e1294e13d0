"""What the Reports page asks of the home, and what it does there, for the person of this tab.

The figures of a report are worked out once for a kind, a day and what was final before; they
are kept in this tab's memory and nowhere else, so that no role sees another's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from dashboard.report import make
from dashboard.report.content import prompts
from dashboard.report.content.facts import Kind
from dashboard.report.make import Prepared
from dashboard.ui import tab
from safeguards.access import access
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued, Releases
from safeguards.disclosure.report_files import ReportFiles
from safeguards.journal.access_log import utc_now
from safeguards.keys.keys import Keys

PAGE = "reports"
_KEPT = "report-prepared"


@dataclass(frozen=True)
class _Kept:
    """Figures with what they were worked out from; of another of these they do not hold."""

    asking: access.Session
    earlier: int
    prepared: Mapping[tuple[Kind, date], Prepared]


def prepared(held: access.Session, kind: Kind, day: date) -> Prepared:
    """A report of this kind on this day, with the words that are kept now.

    Errors as in `make.prepare`.
    """
    asking, earlier = tab.for_report(held), len(issued(held))
    kept: _Kept | None = st.session_state.get(_KEPT)
    if kept is None or kept.asking is not asking or kept.earlier != earlier:
        kept = _Kept(asking, earlier, {})
    found = kept.prepared.get((kind, day))
    if found is not None:
        return replace(found, answers=_answers(asking, found))
    found = make.prepare(asking.at(day), kind)
    if found.earlier == earlier:
        st.session_state[_KEPT] = replace(kept, prepared={**kept.prepared, (kind, day): found})
    return found


def _answers(asking: access.Session, found: Prepared) -> tuple[prompts.Answer, ...]:
    drafts, term = Drafts.open(asking.home, Keys.of(asking.home)), found.facts.term_from
    asked = [each.prompt for each in found.answers]
    return prompts.answers(asked, drafts.of_term(term), drafts.before(term))


def keep(held: access.Session, term: date, texts: Mapping[str, str]) -> None:
    """Keep answers by the keys of their prompts; WrittenError as of `Drafts.keep`."""
    drafts = Drafts.open(held.home, Keys.of(held.home))
    for prompt, text in texts.items():
        drafts.keep(prompt, term, text, actor=held.actor, now=utc_now())


def issued(held: access.Session) -> tuple[Issued, ...]:
    """The final reports, the oldest first; LedgerError if their list is damaged."""
    return Releases(held.home, Keys.of(held.home)).issued()


def files(found: Prepared, *, is_final: bool) -> dict[str, bytes]:
    """Word and PDF of both parts, and the certificate; ReportError as of `make`."""
    made = make.files(make.documents(found, is_final=is_final))
    return make.certified(found, made, is_final=is_final)


def make_final(held: access.Session, found: Prepared) -> tuple[Issued, dict[str, bytes]]:
    """Let a report go out, with its files; errors as of `make.issue`, and nothing is then."""
    asking = tab.for_report(held).at(found.facts.as_at)
    made = files(found, is_final=True)
    asking.enter(PAGE, action="report")
    return make.issue(asking, found, made, now=utc_now()), made


def files_of(held: access.Session, report: Issued) -> dict[str, bytes]:
    """The files of a final report as they went out; ReportError where they are not here."""
    return ReportFiles(held.home, Keys.of(held.home)).of(report)


def withdraw(held: access.Session, number: int) -> Issued:
    """Say that a report no longer stands; LedgerError as of `Releases.withdraw`."""
    tab.for_report(held).enter(PAGE, action="report")
    return Releases(held.home, Keys.of(held.home)).withdraw(number, at=utc_now(), actor=held.actor)
