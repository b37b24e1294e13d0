"""Make a report: from an open session to its documents, its files and its place in the list."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dashboard.report.content import figures, prompts, sections
from dashboard.report.content.facts import Facts, Kind
from dashboard.report.content.figures import Choice
from dashboard.report.content.model import PARTS, Document
from dashboard.report.content.prompts import Answer
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from dashboard.text import words
from safeguards.access.access import Session
from safeguards.disclosure.code import compute_code
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.figures import Figures, Period, Totals
from safeguards.disclosure.publish import ChildTerm, sum_year
from safeguards.disclosure.releases import Issued, Releases, ReportFiles, ToldRows, find_totals
from safeguards.errors import ReportError
from safeguards.keys.keys import Keys


@dataclass(frozen=True)
class PreparedReport:
    """A report that can be drafted, or made final.

    Attributes:
        choice: What it is about.
        facts: What it says in figures.
        answers: What people have written.
        children: The rows behind its totals, which are on no paper.
        earlier: The number of final reports before it.
        standing: The number of the final report on the same period that is not withdrawn, if any.
            Then only a draft can be made.

    """

    choice: Choice
    facts: Facts
    answers: tuple[Answer, ...]
    children: tuple[ChildTerm, ...]
    earlier: int
    standing: int | None = None

    @property
    def figures(self) -> Figures:
        """Return the figures."""
        return self.facts.figures

    @property
    def first_day(self) -> date:
        """Return the first day of its period, under which its answers are kept."""
        return self.choice.first_day


def list_choices(session: Session) -> list[Choice]:
    """Return the periods that a report can be about, the newest first.

    Raises:
        ReportError: No term has begun.

    """
    if choices := figures.list_choices(session):
        return choices
    raise ReportError(
        f"No term has begun by {words.format_short_day(session.as_at)}. Load the school's calendar."
    )


def prepare(session: Session, choice: Choice) -> PreparedReport:
    """Return the figures and the words of a report.

    If nobody was looked after at any time of the period, it is a nil report.  Raise LedgerError if
    the list of reports cannot be read.

    Args:
        session: Opened for a report.
        choice: One of `list_choices`.

    Raises:
        ReportError: The school year is not over.

    """
    session.enter("reports", action="report")
    if not choice.period.term and not choice.is_over:
        last = words.format_short_day(choice.last_day)
        raise ReportError(
            f"The annual report can be made when the school year is over, after {last}. Choose a "
            "term, or another school year."
        )
    keys = Keys.load(session.home)
    issued = Releases(session.home, keys).list_issued()
    earlier = find_totals(issued, ToldRows.open(session.home, keys))
    held = session.copy_as_at(choice.get_day(session.as_at))
    collected = figures.collect_figures(held, choice, earlier)
    kind: Kind = "annual" if not choice.period.term else "termly"
    facts = _gather_facts(held, "nil" if collected.is_nil else kind, collected, issued)
    selected = prompts.select_prompts(
        facts.kind, is_counted=facts.figures.is_counted, is_first=not issued
    )
    answers = prompts.collect_answers(selected, Drafts.open(session.home, keys), choice.first_day)
    standing = [
        report.number
        for report in issued
        if report.figures.period == choice.period and report.withdrawn_at is None
    ]
    return PreparedReport(
        choice, facts, answers, collected.children, len(issued), standing[-1] if standing else None
    )


def build_report(prepared: PreparedReport, keys: Keys, *, is_final: bool) -> dict[str, bytes]:
    """Return each part of the report as Word and as PDF, by file name.

    The same report gives the same bytes.

    Raises:
        ReportError: A sign cannot be printed; or the report is to be final, and lacks words or
            stands already.

    """
    if is_final and (obstacle := find_obstacle(prepared)):
        raise ReportError(obstacle)
    documents = build_documents(prepared, keys, is_final=is_final)
    try:
        return build_files(documents)
    except ValueError as error:
        raise ReportError(f"{error} Nothing was made.") from error


def build_documents(prepared: PreparedReport, keys: Keys, *, is_final: bool) -> list[Document]:
    """Return the parts of the report; each part of a final one has its code."""
    # an optional question without an answer is shown in a draft only
    answers = [answer for answer in prepared.answers if answer.text or not is_final]
    documents = []
    for part in PARTS:
        document = sections.build_document(prepared.facts, answers, part, is_final=is_final)
        if document and is_final:
            document = replace(document, code=compute_code(keys, document.list_texts()))
        if document:
            documents.append(document)
    return documents


def build_files(documents: Sequence[Document]) -> dict[str, bytes]:
    """Return each document as Word and as PDF, by file name.

    Raise ValueError if a sign cannot be printed.
    """
    files = {}
    for document in documents:
        name = document.part.lower().replace(" ", "-")
        files[f"{name}.docx"] = to_word(document)
        files[f"{name}.pdf"] = to_pdf(document)
    return files


def issue(
    session: Session, prepared: PreparedReport, files: Mapping[str, bytes], *, now: datetime
) -> Issued:
    """Add a final report to the list, so that later ones are compared with it.

    Raise LedgerError if another report was made final in the meantime.
    """
    keys, name = Keys.load(session.home), secrets.token_hex(8)
    ReportFiles(session.home, keys).save_files(name, files)
    releases, rows = Releases(session.home, keys), ToldRows.open(session.home, keys)
    earlier = find_totals(releases.list_issued(), rows)
    periods = [
        totals.period
        for totals in prepared.figures.totals
        if totals.period not in earlier or _has_other_totals(earlier[totals.period][0], totals)
    ]
    rows.save_rows(name, periods, prepared.children)
    return releases.append(
        prepared.figures,
        at=now,
        kind=prepared.facts.kind,
        actor=session.actor,
        role=session.choose_role("reports", "report"),
        name=name,
        after=prepared.earlier,
    )


def find_obstacle(prepared: PreparedReport) -> str:
    """Return why a report cannot be made final, and what to do; "" if it can."""
    if prepared.standing is not None:
        return (
            f"Report {prepared.standing} on this period is final. Download it again from the list "
            "below, or withdraw it first to change its words."
        )
    return prompts.describe_missing(prepared.answers)


def _gather_facts(
    session: Session, kind: Kind, collected: figures.Collected, issued: Sequence[Issued]
) -> Facts:
    """Return what a report is made from: its figures, and those of earlier reports."""
    now = collected.figures
    printed = {totals.period: totals for report in issued for totals in report.figures.totals} | {
        totals.period: totals for totals in now.totals
    }
    return Facts(
        kind=kind,
        school=session.school_name,
        figures=now,
        window=_find_window(now, printed, collected.children),
        history=tuple(sorted(printed.values(), key=_order))[-now.settings.history :],
        england=figures.fetch_england(session),
        has_premium=session.has_table("raw_premium"),
        has_support=session.has_table("raw_provision") or session.has_table("raw_intervention"),
    )


def _find_window(
    figures_now: Figures, printed: Mapping[Period, Totals], children: Sequence[ChildTerm]
) -> Totals | None:
    """Return the totals of the year, of the term, or of the last whole term before it."""
    if not figures_now.period.term:
        return sum_year(figures_now.totals, children, figures_now.settings)
    if figures_now.totals:
        return figures_now.totals[-1]
    return max(printed.values(), key=_order, default=None)


def _order(totals: Totals) -> tuple[str, int]:
    return totals.period.year, ("autumn", "spring", "summer").index(totals.period.term)


def _has_other_totals(before: Totals, now: Totals) -> bool:
    return (before.missed, before.planned) != (now.missed, now.planned)
