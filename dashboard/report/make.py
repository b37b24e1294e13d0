"""Makes a report: from an open session to its documents, files and place in the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.report.content import figures, prompts, sections
from dashboard.report.content.facts import Facts, Kind
from dashboard.report.content.model import PARTS, Document
from dashboard.report.content.prompts import Answer
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from dashboard.text import words
from queries import read
from queries.read import Row
from safeguards.access.access import Session
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.figures import Figures
from safeguards.disclosure.releases import Issued, Releases, ReportFiles
from safeguards.errors import ReportError
from safeguards.keys.keys import Keys


@dataclass(frozen=True)
class PreparedReport:
    """A report that can be drafted, or made final.

    term: that of its figures.  earlier: how many final reports there were.  standing: the
    number of the one that stands for the same kind and term, if any; only a draft can be made
    then.  is_reissue: whether the term was reported on.
    """

    facts: Facts
    answers: tuple[Answer, ...]
    term: Row
    earlier: int
    standing: int | None = None
    is_reissue: bool = False

    @property
    def figures(self) -> Figures:
        """The figures, those of the term's earlier report if there is one."""
        return self.facts.told

    @property
    def note(self) -> str:
        """That the figures and their day are of an earlier report, if they are; else empty."""
        if not self.is_reissue:
            return ""
        day = words.format_short_day(self.figures.day)
        return f"This term was reported on, so its figures are those of that report, up to {day}."


def prepare(session: Session, kind: Kind) -> PreparedReport:
    """The figures and the words of a report on the term of the session's day.

    Where nobody is or was looked after it is a nil return, whatever kind is asked for.  A term
    that has a final report keeps its figures and their day.  session: opened for a report.
    ReportError where there is nothing to report; LedgerError, SealedLinesError and Denied as
    their names say.
    """
    session.enter("reports", action="report")
    keys = Keys.load(session.home)
    terms = read.fetch_report_terms(session)
    if not terms:
        raise ReportError(
            f"No term has begun by {words.format_short_day(session.as_at)}. Choose a later day, "
            "or load the school's calendar."
        )
    issued = Releases(session.home, keys).list_issued()
    of_term = [each for each in issued if each.figures.term == figures.get_term(terms[-1])]
    earlier = [each.figures for each in issued]
    told = of_term[0].figures if of_term else figures.publish_figures(session, terms, earlier)
    if all(each.children == 0 for each in told.roll.values()):
        kind = "nil"
    elif kind == "annual":
        annual = [each.figures for each in of_term if each.figures.year_duties]
        then = session.copy_as_at(told.day)
        told = annual[0] if annual else figures.publish_year(then, terms, told, earlier)
    facts = Facts(
        kind=kind,
        school=session.school_name,
        told=told,
        last=_find_last(kind, told, earlier),
        has_premium=session.has_table("raw_premium"),
        has_support=session.has_table("raw_provision") or session.has_table("raw_intervention"),
    )
    selected = prompts.select_prompts(kind, is_counted=told.is_counted)
    drafts, first_day = Drafts.open(session.home, keys), terms[-1]["first_day"]
    answers = prompts.collect_answers(selected, drafts, first_day)
    standing = [each.number for each in of_term if each.kind == kind and each.withdrawn_at is None]
    return PreparedReport(
        facts,
        answers,
        terms[-1],
        len(issued),
        standing[0] if standing else None,
        is_reissue=bool(of_term),
    )


def build_report(prepared: PreparedReport, *, is_final: bool) -> dict[str, bytes]:
    """Part One, Part Two and the clerk's page, or those that there are, each as Word and as PDF.

    By file name; the same report gives the same bytes.  ReportError for a sign that cannot be
    printed, and for a final report without the words that it needs, or where one stands already.
    """
    if is_final and (obstacle := find_obstacle(prepared)):
        raise ReportError(obstacle)
    # a question that nobody had to answer stands in a draft only
    answers = [each for each in prepared.answers if each.text or not is_final]
    made = [
        sections.build_document(prepared.facts, answers, part, is_final=is_final) for part in PARTS
    ]
    try:
        return build_files([each for each in made if each])
    except ValueError as error:
        raise ReportError(f"{error} Nothing was made.") from error


def build_files(made: Sequence[Document]) -> dict[str, bytes]:
    """Each document as Word and as PDF, by file name; ValueError of the renderings says why not."""
    found = {}
    for document in made:
        name = document.part.lower().replace(" ", "-")
        found[f"{name}.docx"] = to_word(document)
        found[f"{name}.pdf"] = to_pdf(document)
    return found


def issue(
    session: Session, prepared: PreparedReport, made: Mapping[str, bytes], *, now: datetime
) -> Issued:
    """Take a final report into the list, so that later ones are held against it.

    made: its files, which are kept.  LedgerError if another was made final in the meantime.
    """
    keys = Keys.load(session.home)
    ReportFiles(session.home, keys).save_files(prepared.earlier + 1, made)
    return Releases(session.home, keys).append(
        prepared.figures,
        at=now,
        kind=prepared.facts.kind,
        actor=session.actor,
        role=session.role,
        files=made,
        after=prepared.earlier,
    )


def _find_last(kind: Kind, told: Figures, earlier: Sequence[Figures]) -> Figures | None:
    """What the report before told; withdrawn ones were read, too."""
    found = [
        each
        for each in earlier
        if each.day < told.day
        and (
            each.term.year != told.term.year and each.year_duties
            if kind == "annual"
            else each.term != told.term
        )
    ]
    return max(found, key=lambda each: each.day, default=None)


def find_obstacle(prepared: PreparedReport) -> str:
    """Why a report cannot be made final, and what to do; empty if it can."""
    if prepared.standing is not None:
        return (
            f"Report {prepared.standing} of this term is final. Download it again from the list "
            "below, or withdraw it first to change its words."
        )
    return prompts.describe_missing(prepared.answers)
