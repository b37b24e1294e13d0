"""Makes a report: from an open session to its documents, files, folder and place in the list."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard.report.content import facts as asked
from dashboard.report.content import figures, prompts, sections, wording
from dashboard.report.content.facts import LOOKED_AFTER, Facts, Kind
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
from safeguards.files import sync_folder, write_private
from safeguards.keys.keys import Keys


class WrongKindError(ReportError):
    """A kind of report that cannot be of this day; `fits` is one that can."""

    def __init__(self, message: str, fits: Kind) -> None:
        super().__init__(message)
        self.fits = fits


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

    @property
    def open_places(self) -> int:
        """How many places in people's words may name a child, neither changed nor ticked."""
        return sum(
            len(wording.find_open(each.text, each.ticks, as_at=self.figures.day))
            for each in self.answers
        )


@dataclass(frozen=True)
class ReportStyle:
    """What a school may swap in: its Word template, and its logo as PNG or JPEG."""

    template: bytes | None = None
    logo: bytes | None = None


def prepare(session: Session, kind: Kind) -> PreparedReport:
    """The figures and the words of a report on the term of the session's day.

    A term that has a final report keeps its figures and their day.  session: opened for a
    report.  ReportError where there is nothing to report, WrongKindError where another kind
    would do; LedgerError, SealedLinesError and Denied as their names say.
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
    told = _find_figures(session, kind, terms, issued, of_term)
    _require_fitting_kind(kind, told, of_term)
    facts = Facts(
        kind=kind,
        school=session.school_name,
        told=told,
        last=_find_last(kind, told, [each.figures for each in issued]),
        has_premium=session.has_table("raw_premium"),
        has_support=session.has_table("raw_provision") or session.has_table("raw_intervention"),
    )
    drafts, first_day = Drafts.open(session.home, keys), terms[-1]["first_day"]
    answers = prompts.collect_answers(
        prompts.select_prompts(kind, is_counted=told.is_counted),
        drafts.find_by_term(first_day),
        drafts.find_earlier(first_day),
    )
    standing = [each.number for each in of_term if each.kind == kind and each.withdrawn_at is None]
    return PreparedReport(
        facts,
        answers,
        terms[-1],
        len(issued),
        standing[0] if standing else None,
        is_reissue=bool(of_term),
    )


def build_report(
    session: Session,
    prepared: PreparedReport,
    *,
    is_final: bool,
    style: ReportStyle = ReportStyle(),
) -> dict[str, bytes]:
    """Part One, Part Two and the clerk's page, or those that there are, each as Word and as PDF.

    By file name; the same report gives the same bytes.  ReportError for a template or a sign that
    cannot be used, and for a final report without the words that it needs, with places in
    them that nobody has looked at, or where one stands already.
    """
    if is_final:
        _require_final(prepared)
    # a question that nobody had to answer stands in a draft only
    answers = [each for each in prepared.answers if each.text or not is_final]
    releases = Releases(session.home, Keys.load(session.home))
    made = [
        sections.build_document(
            prepared.facts,
            answers,
            part,
            is_final=is_final,
            logo=style.logo,
            mark=releases.build_mark(prepared.earlier + 1, part) if is_final else "",
        )
        for part in PARTS
    ]
    try:
        return build_files([each for each in made if each], style.template)
    except ValueError as error:
        raise ReportError(f"{error} Nothing was made.") from error


def build_files(made: Sequence[Document], template: bytes | None = None) -> dict[str, bytes]:
    """Each document as Word and as PDF, by file name; ValueError of the renderings says why not."""
    found = {}
    for document in made:
        name = document.part.lower().replace(" ", "-")
        found[f"{name}.docx"] = to_word(document, template)
        found[f"{name}.pdf"] = to_pdf(document)
    return found


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
                raise ReportError(
                    f"{place} is there already. Nothing was made: choose another folder."
                ) from None
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
            "unless the page Reports lists it, which then gives its files."
        ) from error
    return place


def issue(
    session: Session, prepared: PreparedReport, made: Mapping[str, bytes], *, now: datetime
) -> Issued:
    """Take a final report into the list, so that later ones are held against it.

    made: its files, which are kept.  LedgerError if another was made
    final in the meantime.
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


def _find_figures(
    session: Session,
    kind: Kind,
    terms: Sequence[Row],
    issued: Sequence[Issued],
    of_term: Sequence[Issued],
) -> Figures:
    """What was told of the term, else what may be; of an annual report with its year."""
    earlier = [each.figures for each in issued]
    told = figures.publish_figures(session, terms, earlier) if not of_term else of_term[0].figures
    if kind != "annual":
        return told
    annual = [each.figures for each in of_term if each.figures.year_duties]
    then = session.copy_as_at(told.day)
    return annual[0] if annual else figures.publish_year(then, terms, told, earlier)


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


def _require_fitting_kind(kind: Kind, told: Figures, of_term: Sequence[Issued]) -> None:
    """A nil return is of nobody, and any other report is of somebody."""
    if of_term and (kind == "nil") != (of_term[0].kind == "nil"):
        raise ReportError(
            f"Report {of_term[0].number} of this term is a "
            f"{asked.KIND_WORDS[asked.parse_kind(of_term[0].kind)].lower()}. A term is reported on "
            "once: this goes into the next term's report."
        )
    if kind == "nil" and told.roll[LOOKED_AFTER].children != 0:
        raise WrongKindError(
            "Children are looked after on this day, so a nil return does not fit.", "termly"
        )
    if kind != "nil" and all(each.children == 0 for each in told.roll.values()):
        raise WrongKindError("No child is looked after on this day. Make a nil return.", "nil")


def _require_final(prepared: PreparedReport) -> None:
    if prepared.standing is not None:
        raise ReportError(
            f"Report {prepared.standing} is final for this term. Take it again on the page "
            "Reports, or withdraw it there first to change its words."
        )
    if missing := prompts.find_missing(prepared.answers):
        raise ReportError(
            f"{prompts.describe_missing(prepared.answers)} These are without an answer: "
            f"{', '.join(each.prompt.key for each in missing)}. "
            "The page Reports says what each asks."
        )
    if prepared.open_places:
        raise ReportError(
            f"{words.format_count(prepared.open_places, 'place')} in your comments may point to a "
            "child. Change each, or tick it: the page Reports lists them."
        )
