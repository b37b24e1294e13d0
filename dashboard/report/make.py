"""Makes a report: from an open session to its documents, its files, and its place in the ledger."""

import hmac
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from dashboard.report import sections
from dashboard.report.content import facts as asked
from dashboard.report.content import figures, prompts, sentences
from dashboard.report.content.facts import Facts, Kind
from dashboard.report.content.model import Document, Part
from dashboard.report.content.prompts import Answer
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from dashboard.text import words
from queries import read
from safeguards.access.access import Session
from safeguards.disclosure import GroupFigures, Limits, Release
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued, Releases, derive_tie_key
from safeguards.disclosure.report_files import ReportFiles, compute_digests
from safeguards.errors import ReportError
from safeguards.keys.keys import Keys

CERTIFICATE = "certificate.json"
_TITLE = "Children looked after: report to governors"
# none that is read as a figure
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
#: The weeks of school before which no share of sessions is said.
_WEEKS = "weeks_before_rates"


class WrongKindError(ReportError):
    """A kind of report that cannot be of this day; `fits` is one that can."""

    def __init__(self, message: str, fits: Kind) -> None:
        super().__init__(message)
        self.fits = fits


@dataclass(frozen=True)
class PreparedReport:
    """A report that can be drafted, or made final; `earlier` final ones were weighed for it."""

    facts: Facts
    answers: tuple[Answer, ...]
    earlier: int

    @property
    def missing_answers(self) -> tuple[Answer, ...]:
        """The questions that somebody must answer before it can be final."""
        return prompts.find_missing(self.answers)


@dataclass(frozen=True)
class ReportStyle:
    """What a school may swap in: its Word template, and its logo as PNG or JPEG."""

    template: bytes | None = None
    logo: bytes | None = None


def prepare(
    session: Session, kind: Kind, environ: Mapping[str, str] = os.environ
) -> PreparedReport:
    """The figures and the words of a report on the day of the session.

    session: opened for a report.  ReportError where there is nothing to report, DoesNotFit
    where another kind would do; DisclosureError where no figures are safe; LedgerError,
    SealedLinesError and Denied as their names say.
    """
    session.enter("reports", action="report")
    keys = Keys.load(session.home, environ)
    term = read.fetch_report_term(session)
    if term is None:
        raise ReportError(
            f"No term has begun by {words.format_short_day(session.as_at)}. Choose a later day, "
            "or load "
            "the school's calendar."
        )
    issued = Releases(session.home, keys).list_issued()
    earlier = [each.figures for each in issued]
    key = derive_tie_key(session.home, keys)
    release = figures.publish_figures(session, earlier, key)
    if kind == "nil":
        release = figures.suppress_all_figures(release)
    facts = Facts(
        kind=kind,
        school=session.school_name,
        as_at=session.as_at,
        academic_year=str(term["academic_year"]),
        term=str(term["term"]),
        term_from=term["first_day"],
        release=release,
        lines=read.fetch_report_lines(session),
        may_say_rates=term["school_weeks"] >= read.fetch_threshold(session, _WEEKS),
        limits=Limits.from_thresholds(partial(read.fetch_threshold, session)),
        letter=_letter(key, session.as_at),
        last=_last(issued, session.as_at),
    )
    _require_fitting_kind(facts)
    drafts = Drafts.open(session.home, keys)
    size = facts.get_group(figures.LOOKED_AFTER).size
    answers = prompts.collect_answers(
        prompts.select_prompts(kind, size),
        drafts.find_by_term(facts.term_from),
        drafts.find_carried_over(facts.term_from),
    )
    return PreparedReport(facts, answers, len(earlier))


def build_documents(
    prepared: PreparedReport, *, is_final: bool, style: ReportStyle = ReportStyle()
) -> tuple[Document, ...]:
    """Part One and Part Two, or the one that there is.

    ReportError for a final report without the words that it needs.
    """
    if is_final and prepared.missing_answers:
        raise ReportError(
            f"{prompts.describe_missing(prepared.answers)} These are without an answer: "
            f"{', '.join(each.prompt.key for each in prepared.missing_answers)}. "
            "lac report words says what each asks."
        )
    # a question that nobody had to answer stands in a draft only
    answers = [each for each in prepared.answers if each.text or not is_final]
    made = []
    parts: tuple[tuple[Part, Any], ...] = (
        ("Part One", sections.build_part_one),
        ("Part Two", sections.build_part_two),
    )
    for part, blocks_of in parts:
        blocks = blocks_of(prepared.facts, answers)
        if blocks:
            made.append(_document(prepared, part, blocks, is_final=is_final, style=style))
    return tuple(made)


def build_files(made: Sequence[Document], style: ReportStyle = ReportStyle()) -> dict[str, bytes]:
    """Each document as Word and as PDF, by file name.  The same documents give the same bytes.

    ValueError of the renderings, for a template or a sign that cannot be used, says which.
    """
    found = {}
    for document in made:
        name = document.part.lower().replace(" ", "-")
        try:
            found[f"{name}.docx"] = to_word(document, style.template)
            found[f"{name}.pdf"] = to_pdf(document)
        except ValueError as error:
            raise ReportError(f"{error} Nothing was made.") from error
    return found


def issue(
    session: Session,
    prepared: PreparedReport,
    made: Mapping[str, bytes],
    *,
    now: datetime,
    environ: Mapping[str, str] = os.environ,
) -> Issued:
    """Take a final report into the ledger, so that later ones are held against it.

    made: its files with its certificate, which are kept.  LedgerError if another was made
    final in the meantime.
    """
    keys = Keys.load(session.home, environ)
    ReportFiles(session.home, keys).save_files(prepared.earlier + 1, made)
    return Releases(session.home, keys).append(
        prepared.facts.release,
        at=now,
        kind=prepared.facts.kind,
        actor=session.actor,
        role=session.role,
        digests=compute_digests(made),
        after=prepared.earlier,
    )


def add_certificate(
    prepared: PreparedReport, made: Mapping[str, bytes], *, is_final: bool
) -> dict[str, bytes]:
    """The files of a report with its certificate, which names the digest of each."""
    return {**made, CERTIFICATE: build_certificate(prepared, made, is_final=is_final)}


def build_certificate(
    prepared: PreparedReport, made: Mapping[str, bytes], *, is_final: bool
) -> bytes:
    """What was tested, for whoever wants to test it again; JSON."""
    release, limits = prepared.facts.release, prepared.facts.limits
    content = {
        "kind": prepared.facts.kind,
        "as_at": release.as_at.isoformat(),
        "state": "final" if is_final else "draft: not for sending",
        "earlier_reports_held_against": prepared.earlier,
        "groups": [
            {
                "group": each.name,
                "children": _children(each, limits),
                "counts": sum(len(counts) for counts in each.tables.values()),
                "held_back": each.suppressed_count,
                "narrowest": each.narrowest,
            }
            for each in release.groups.values()
        ],
        "limits": _limits(limits),
        "sha256": compute_digests(made),
    }
    return f"{json.dumps(content, indent=2, ensure_ascii=False)}\n".encode()


def _last(issued: Sequence[Issued], day: date) -> Release | None:
    """The newest report before a day that still stands."""
    before = [
        each.figures for each in issued if each.figures.as_at < day and each.withdrawn_at is None
    ]
    return max(before, key=lambda each: each.as_at, default=None)


def _children(group: GroupFigures, limits: Limits) -> int | str:
    return group.size if group.is_told or group.size == 0 else f"fewer than {limits.fewest}"


def _letter(key: bytes, day: date) -> str:
    """What a child is called in the report of a day: nobody can follow one through reports."""
    drawn = hmac.digest(key, f"letter|{day.isoformat()}".encode(), "sha256")
    return _LETTERS[drawn[0] % len(_LETTERS)]


def _limits(limits: Limits) -> dict[str, Any]:
    return {
        "fewest_children": limits.fewest,
        "fewest_children_for_splits": limits.fewest_for_splits,
        "largest_small_count": limits.small,
        "narrowest_allowed": limits.narrowest,
        "largest_share_of_a_sum": limits.largest_share,
    }


def _require_fitting_kind(facts: Facts) -> None:
    """A nil return is of nobody, and any other report is of somebody."""
    looked_after = facts.get_group(figures.LOOKED_AFTER).size
    anybody = looked_after + facts.get_group(figures.PREVIOUSLY).size
    if facts.kind == "nil" and looked_after:
        raise WrongKindError(
            "Children are looked after on this day, so a nil return does not fit.", "termly"
        )
    if facts.kind != "nil" and not anybody:
        raise WrongKindError("No child is looked after on this day. Make a nil return.", "nil")


def _document(
    prepared: PreparedReport, part: Part, blocks: Any, *, is_final: bool, style: ReportStyle
) -> Document:
    facts = prepared.facts
    try:
        return Document(
            title=_TITLE,
            school=facts.school,
            kind=asked.KIND_WORDS[facts.kind],
            part=part,
            term=facts.term_words,
            as_at=facts.as_at,
            is_final=is_final,
            certificate=sentences.describe_certificate(facts.release, prepared.earlier),
            blocks=blocks,
            logo=style.logo,
        )
    except ValueError as error:
        raise ReportError(f"This report cannot be made: {error}.") from error


__all__ = [
    "PreparedReport",
    "ReportStyle",
    "add_certificate",
    "build_certificate",
    "build_documents",
    "build_files",
    "issue",
    "prepare",
]
