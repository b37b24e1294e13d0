"""`lac report`: the governor report, its words, its history, and a test of its files."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands, prepare
from cli.context import Caller
from cli.options import TO_FIX, AsAt, PassphraseFd, Who
from dashboard.report import folder, make
from dashboard.report.check import reading, wording
from dashboard.report.check.verify import attack_files
from dashboard.report.content import facts, prompts
from dashboard.report.render import pictures
from safeguards.access.access import REPORT, Session
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases
from safeguards.disclosure.report_files import ReportFiles
from safeguards.errors import ReportError
from safeguards.journal.access_log import get_utc_now

app = Commands(
    "The report to governors: a draft of it, or the final one with --final.",
    invoke_without_command=True,
    no_args_is_help=False,
)

Kind = Annotated[str, Option("--kind", help="termly, annual or nil.")]
Number = Annotated[int, Argument(help="As lac report history lists it.")]


@dataclass
class _Reporter(Caller):
    """Who makes reports, and reads those that were made."""

    role: str = field(default="head", init=False)

    def open_releases(self) -> tuple[Session, Releases]:
        """The list of final reports, for somebody who may see it; the log says so before."""
        session = self.open_session(REPORT)
        session.enter("reports", action="report")
        return session, Releases(self.home, self.keys)


@dataclass
class _Writer(_Reporter):
    as_at: AsAt = None


@app.callback()
@prepare
def run_report(
    context: typer.Context,
    home: Annotated[Path | None, Option(help="The school's home folder.")] = None,
    kind: Kind = "termly",
    as_at: AsAt = None,
    out: Annotated[Path | None, Option(help="The folder to write to.")] = None,
    final: Annotated[
        bool, Option("--final", help="It goes out: later reports are held against it.")
    ] = False,
    template: Annotated[Path | None, Option(help="Your own Word template (.docx).")] = None,
    logo: Annotated[Path | None, Option(help="PNG or JPEG.")] = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Make the report to governors: Part One and Part Two, each as Word and PDF."""
    if context.invoked_subcommand is not None:
        return
    if home is None or out is None:
        raise typer.BadParameter("say where the home is and where to write: --home and --out")
    report_kind = _parse_kind(kind)
    session = _Writer(home, as_at, who, passphrase_fd).open_session(REPORT)
    try:
        style = make.ReportStyle(
            template.read_bytes() if template else None,
            pictures.clean_logo(logo.read_bytes()) if logo else None,
        )
    except ValueError as error:
        raise ReportError(f"{error} Nothing was made.") from error
    prepared = make.prepare(session, report_kind)
    made = make.build_files(make.build_documents(prepared, is_final=final, style=style), style)
    files = make.add_certificate(prepared, made, is_final=final)

    def issue_report() -> None:
        make.issue(session, prepared, files, now=get_utc_now())

    name = f"governor-report-{report_kind}-{session.as_at.isoformat()}{'' if final else '-draft'}"
    place = folder.write_report_folder(
        out, name, files, replaces=not final, before_publish=issue_report if final else lambda: None
    )
    typer.echo(f"{'The final report' if final else 'A draft, not for sending,'} is in {place}")
    if not final and prepared.missing_answers:
        typer.echo(prompts.describe_missing(prepared.answers))


@app.add("words")
def list_words(writer: _Writer, kind: Kind = "termly") -> None:
    """List the questions of a report, and what has been answered so far."""
    prepared = make.prepare(writer.open_session(REPORT), _parse_kind(kind))
    for each in prepared.answers:
        need = "must be answered" if each.prompt.is_required else "may be answered"
        typer.echo(f"{each.prompt.key} ({need}): {each.prompt.question}")
        if each.text:
            carried = f" [{prompts.AS_LAST_TIME}]" if each.is_carried else ""
            typer.echo(f"    {each.text.replace(chr(10), chr(10) + '    ')}{carried}")


@app.add()
def write(
    prompt: Annotated[str, Argument(help="The question's key, as lac report words lists.")],
    text: Annotated[str, Argument(help="The answer; empty for none.")],
    writer: _Writer,
    kind: Kind = "termly",
) -> None:
    """Keep an answer to one of the report's questions; the last one of a term holds."""
    session = writer.open_session(REPORT)
    prepared = make.prepare(session, _parse_kind(kind))
    if prompt not in {each.prompt.key for each in prepared.answers}:
        raise typer.BadParameter(f"no question is called {prompt}; see lac report words")
    Drafts(writer.home, writer.keys).save_answer(
        prompt, prepared.facts.term_from, text, actor=session.actor, now=get_utc_now()
    )
    for finding in wording.check_text(text, as_at=session.as_at):
        typer.echo(f"Look again: {finding.message}")
    typer.echo("Kept.")


@app.add()
def verify(
    files: Annotated[list[Path], Argument(help="Files of one report or more: .docx, .pdf.")],
) -> None:
    """Attack the figures that stand in finished files, and tell the narrowest hidden one.

    Asks no home and no key: whoever has the files can do it.  Exit code 0: no child can be
    known; 1: something is certain, or too narrow; 2: the files cannot be read.
    """
    verdicts = attack_files([reading.read_report_file(each) for each in files])
    for verdict in verdicts:
        typer.echo(f"Data up to {verdict.day}: {', '.join(verdict.files)}")
        typer.echo(f"    {verdict.published} counts told, {len(verdict.hidden)} held back")
        if narrowest := verdict.narrowest:
            typer.echo(
                f"    narrowest: {' by '.join(narrowest.table)}, {' / '.join(narrowest.cell)}: "
                f"{narrowest.least} to {narrowest.most}, {narrowest.values} values"
            )
        for line in verdict.certain:
            typer.echo(f"    CERTAIN: {line}")
    if any(not verdict.is_safe for verdict in verdicts):
        typer.echo("These files point to a child. Do not send them.")
        raise typer.Exit(TO_FIX)


@app.add("history")
def list_history(reporter: _Reporter) -> None:
    """List the final reports: number, day, kind, who made it, and the digest of each file."""
    _, releases = reporter.open_releases()
    issued = releases.list_issued()
    if not issued:
        typer.echo("No report has been made final yet.")
    for each in issued:
        state = f", withdrawn {_format_day(each.withdrawn_at)}" if each.withdrawn_at else ""
        typer.echo(
            f"{each.number}. {each.kind}, data up to {each.figures.as_at.isoformat()}, "
            f"made {_format_day(each.at)} by {each.actor} ({each.role}){state}"
        )
        for name, digest in each.digests.items():
            typer.echo(f"    {digest}  {name}")


@app.add("again")
def write_again(
    number: Number,
    reporter: _Reporter,
    out: Annotated[Path, Option(help="The folder to write to.")],
) -> None:
    """Write the files of a final report once more, as they were issued."""
    _, releases = reporter.open_releases()
    found = {each.number: each for each in releases.list_issued()}
    if number not in found:
        raise ReportError(f"There is no report number {number}. See: lac report history")
    files = ReportFiles(reporter.home, reporter.keys).get_files(found[number])
    place = folder.write_report_folder(out, f"governor-report-{number}", files, replaces=False)
    typer.echo(f"The files of report {number} are in {place}")


@app.add()
def withdraw(number: Number, reporter: _Reporter) -> None:
    """Say that a final report no longer stands; later ones are still held against it."""
    session, releases = reporter.open_releases()
    issued = releases.withdraw(number, at=get_utc_now(), actor=session.actor)
    typer.echo(
        f"Report {issued.number}, of {issued.figures.as_at.isoformat()}, is withdrawn. What it "
        "said is remembered: somebody may have read it."
    )


def _parse_kind(kind: str) -> facts.Kind:
    for each in facts.KINDS:
        if each == kind:
            return each
    raise typer.BadParameter(f"{kind} is none of {', '.join(facts.KINDS)}")


def _format_day(at: datetime) -> str:
    return at.astimezone().date().isoformat()
