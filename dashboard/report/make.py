"""Makes a report: from an open session to its documents, files, folder and place in the list."""

import hashlib
import hmac
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.report.check import verify, wording
from dashboard.report.content import facts as asked
from dashboard.report.content import figures, prompts, sections
from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, Kind
from dashboard.report.content.model import PARTS, Document
from dashboard.report.content.prompts import Answer
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from dashboard.text import words
from queries import read
from queries.read import Row
from safeguards.access.access import Session
from safeguards.disclosure.certificate import Certificate, Release, Term
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import (
    Issued,
    Releases,
    ReportFiles,
    compute_digests,
    derive_report_key,
)
from safeguards.errors import ReportError
from safeguards.files import sync_folder, write_private
from safeguards.keys.keys import Keys

CERTIFICATE = "certificate.json"
# none that is read as a figure
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class WrongKindError(ReportError):
    """A kind of report that cannot be of this day; `fits` is one that can."""

    def __init__(self, message: str, fits: Kind) -> None:
        super().__init__(message)
        self.fits = fits


@dataclass(frozen=True)
class PreparedReport:
    """A report that can be drafted, or made final.

    release: the figures, those of the term's earlier report if there is one.  earlier: how
    many final reports there were.  standing: the number of the one that stands for the same
    kind and term, if any; only a draft can be made then.  is_reissue: whether the term was
    reported on.
    """

    facts: Facts
    answers: tuple[Answer, ...]
    release: Release
    term: Row
    earlier: int
    standing: int | None = None
    is_reissue: bool = False

    @property
    def missing_answers(self) -> tuple[Answer, ...]:
        """The questions that somebody must answer before it can be final."""
        return prompts.find_missing(self.answers)

    @property
    def open_places(self) -> int:
        """How many places in people's words may name a child, neither changed nor ticked."""
        return sum(
            len(wording.find_open(each.text, each.ticks, as_at=self.facts.told.day))
            for each in self.answers
        )


@dataclass(frozen=True)
class ReportStyle:
    """What a school may swap in: its Word template, and its logo as PNG or JPEG."""

    template: bytes | None = None
    logo: bytes | None = None


def prepare(
    session: Session, kind: Kind, environ: Mapping[str, str] = os.environ
) -> PreparedReport:
    """The figures and the words of a report on the term of the session's day.

    A term that has a final report keeps its figures and their day.  session: opened for a
    report.  ReportError where there is nothing to report, WrongKindError where another kind
    would do; LedgerError, SealedLinesError and Denied as their names say.
    """
    session.enter("reports", action="report")
    keys = Keys.load(session.home, environ)
    term = read.fetch_report_term(session)
    if term is None:
        raise ReportError(
            f"No term has begun by {words.format_short_day(session.as_at)}. Choose a later day, "
            "or load the school's calendar."
        )
    named = Term(term["academic_year"], term["term"])
    issued = Releases(session.home, keys).list_issued()
    of_term = [each for each in issued if each.figures.certificate.term == named]
    release = (
        of_term[0].figures
        if of_term
        else figures.publish_figures(
            session,
            kind,
            term,
            [each.figures for each in issued],
            derive_report_key(session.home, keys, "tokens"),
        )
    )
    told = release.certificate
    _require_fitting_kind(kind, release, of_term)
    facts = Facts(
        kind=kind,
        school=session.school_name,
        told=told,
        earlier=_list_earlier(issued, told),
        letter=_draw_letter(derive_report_key(session.home, keys, "letters"), named),
    )
    drafts = Drafts.open(session.home, keys)
    answers = prompts.collect_answers(
        prompts.select_prompts(kind, len(release.members[LOOKED_AFTER])),
        drafts.find_by_term(term["first_day"]),
        drafts.find_carried_over(term["first_day"]),
    )
    standing = [each.number for each in of_term if each.kind == kind and each.withdrawn_at is None]
    return PreparedReport(
        facts,
        answers,
        release,
        term,
        len(issued),
        standing[0] if standing else None,
        is_reissue=bool(of_term),
    )


def build_documents(
    prepared: PreparedReport, *, is_final: bool, style: ReportStyle = ReportStyle()
) -> tuple[Document, ...]:
    """Part One, Part Two and the clerk's page, or those that there are.

    ReportError for a final report without the words that it needs, with places in them that
    nobody has looked at, or where one stands already.
    """
    if is_final:
        _require_final(prepared)
    # a question that nobody had to answer stands in a draft only
    answers = [each for each in prepared.answers if each.text or not is_final]
    try:
        made = [
            sections.build_document(
                prepared.facts, answers, part, is_final=is_final, logo=style.logo
            )
            for part in PARTS
        ]
    except ValueError as error:
        raise ReportError(f"This report cannot be made: {error}.") from error
    return tuple(each for each in made if each)


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


def build_report(
    session: Session,
    prepared: PreparedReport,
    *,
    is_final: bool,
    style: ReportStyle = ReportStyle(),
    environ: Mapping[str, str] = os.environ,
) -> dict[str, bytes]:
    """The files of a report with its certificate; ReportError as of the two before."""
    documents = build_documents(prepared, is_final=is_final, style=style)
    made = build_files(documents, style)
    key = derive_report_key(session.home, Keys.load(session.home, environ), "certificates")
    return {**made, CERTIFICATE: _build_certificate(prepared, documents, made, key)}


def write_report_folder(
    out: Path,
    name: str,
    files: Mapping[str, bytes],
    *,
    replaces: bool,
    before_publish: Callable[[], None] = lambda: None,
) -> Path:
    """All or nothing: a folder `name` in `out` with these files, readable by its owner only.

    replaces: whether an earlier folder of that name makes room.  before_publish: called
    when all is on the disk and before the folder has its name; what it raises leaves none.
    ReportError if the folder is there already, or if it cannot be written.
    """
    place = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".lac-report-", dir=out) as temporary:
            half_made = Path(temporary)
            for file, content in files.items():
                write_private(half_made / file, content)
            if place.exists() and replaces:
                shutil.rmtree(place)
            try:
                place.mkdir(mode=0o700)  # nobody else's from here on
            except FileExistsError:
                raise _already_exists(place) from None
            try:
                before_publish()
            except BaseException:
                place.rmdir()
                raise
            for file in files:
                (half_made / file).replace(place / file)
        sync_folder(out)
    except OSError as error:
        raise ReportError(
            f"The report cannot be written to {out} ({error.strerror}). Nothing was published, "
            "unless lac report history lists it: then lac report again writes its files."
        ) from error
    return place


def issue(
    session: Session,
    prepared: PreparedReport,
    made: Mapping[str, bytes],
    *,
    now: datetime,
    environ: Mapping[str, str] = os.environ,
) -> Issued:
    """Take a final report into the list, so that later ones are held against it.

    made: its files with its certificate, which are kept.  LedgerError if another was made
    final in the meantime.
    """
    keys = Keys.load(session.home, environ)
    ReportFiles(session.home, keys).save_files(prepared.earlier + 1, made)
    return Releases(session.home, keys).append(
        prepared.release,
        at=now,
        kind=prepared.facts.kind,
        actor=session.actor,
        role=session.role,
        digests=compute_digests(made),
        after=prepared.earlier,
    )


def _build_certificate(
    prepared: PreparedReport, documents: Sequence[Document], made: Mapping[str, bytes], key: bytes
) -> bytes:
    """What the report may say, for whoever wants to test it again; JSON, proved by the key."""
    content: dict[str, Any] = {
        "state": "final" if documents[0].is_final else "draft: not for sending",
        "facts": asked.serialise_facts(prepared.facts),
        "written": verify.hash_written(prepared.facts, documents),
        "sha256": compute_digests(made),
    }
    content["proof"] = verify.sign(content, key)
    return f"{json.dumps(content, indent=2, ensure_ascii=False)}\n".encode()


def _already_exists(place: Path) -> ReportError:
    return ReportError(f"{place} is there already. Nothing was made: choose another folder.")


def _list_earlier(issued: Sequence[Issued], told: Certificate) -> tuple[Certificate, ...]:
    """The certificates of the terms before, the oldest first; withdrawn ones were read, too."""
    by_term: dict[Term, Certificate] = {}
    for each in issued:
        found = each.figures.certificate
        if found.day < told.day and found.term != told.term:
            by_term.setdefault(found.term, found)
    return tuple(sorted(by_term.values(), key=lambda each: each.day))


def _draw_letter(key: bytes, term: Term) -> str:
    """What a child is called in the reports of a term: nobody can follow one through reports."""
    drawn = hmac.digest(key, f"{term.year}|{term.name}".encode(), hashlib.sha256)
    return _LETTERS[drawn[0] % len(_LETTERS)]


def _require_fitting_kind(kind: Kind, release: Release, of_term: Sequence[Issued]) -> None:
    """A nil return is of nobody, and any other report is of somebody."""
    if of_term and (kind == "nil") != (of_term[0].kind == "nil"):
        raise ReportError(
            f"Report {of_term[0].number} of this term is a "
            f"{asked.KIND_WORDS[asked.parse_kind(of_term[0].kind)].lower()}. A term is reported on "
            "once: this goes into the next term's report."
        )
    looked_after = release.members[LOOKED_AFTER]
    anybody = looked_after | release.members.get(PREVIOUSLY, frozenset())
    if kind == "nil" and looked_after:
        raise WrongKindError(
            "Children are looked after on this day, so a nil return does not fit.", "termly"
        )
    if kind != "nil" and not anybody:
        raise WrongKindError("No child is looked after on this day. Make a nil return.", "nil")


def _require_final(prepared: PreparedReport) -> None:
    if prepared.standing is not None:
        raise ReportError(
            f"Report {prepared.standing} is final for this term. Take it again with lac report "
            f"again {prepared.standing}, or withdraw it first to change its words."
        )
    if prepared.missing_answers:
        raise ReportError(
            f"{prompts.describe_missing(prepared.answers)} These are without an answer: "
            f"{', '.join(each.prompt.key for each in prepared.missing_answers)}. "
            "lac report words says what each asks."
        )
    if prepared.open_places:
        raise ReportError(
            f"{words.format_count(prepared.open_places, 'place')} in your comments may point to a "
            "child. Change each, or tick it: lac report words lists them."
        )
