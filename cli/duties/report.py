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
from dashboard.report import make
from dashboard.report.content import facts, prompts, wording
from dashboard.report.content.model import PARTS
from dashboard.report.render.word import clean_logo, read_template
from dashboard.text import words
from safeguards.access.access import REPORT, Session
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases, ReportFiles, Verdict
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
        bool, Option("--final", help="It goes out, and its term is reported on.")
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
            clean_logo(logo.read_bytes()) if logo else None,
        )
    except ValueError as error:
        raise ReportError(f"{error} Nothing was made.") from error
    prepared = make.prepare(session, report_kind)
    files = make.build_report(session, prepared, is_final=final, style=style)

    def issue_report() -> None:
        make.issue(session, prepared, files, now=get_utc_now())

    day = prepared.figures.day.isoformat()
    name = f"governor-report-{report_kind}-{day}{'' if final else '-draft'}"
    place = make.write_report_folder(
        out, name, files, replaces=not final, before_publish=issue_report if final else lambda: None
    )
    typer.echo(f"{'The final report' if final else 'A draft, not for sending,'} is in {place}")
    if prepared.note:
        typer.echo(prepared.note)
    if not final and (missing := prompts.describe_missing(prepared.answers)):
        typer.echo(missing)


@app.add("words")
def list_words(writer: _Writer, kind: Kind = "termly") -> None:
    """List the questions of a report, and what has been answered so far."""
    prepared = make.prepare(writer.open_session(REPORT), _parse_kind(kind))
    for each in prepared.answers:
        need = "must be answered" if each.prompt.is_required else "may be answered"
        typer.echo(f"{each.prompt.key} ({need}): {each.prompt.question}")
        if each.text:
            typer.echo(_indent(each.text))
        elif each.before:
            typer.echo(_indent(f"[Last time: {each.before.text}]"))
        for finding in wording.find_open(each.text, each.ticks, as_at=prepared.figures.day):
            place = wording.fold_place(each.text, finding)
            typer.echo(f'    Open: "{place}". {finding.message}')


@app.add()
def write(
    prompt: Annotated[str, Argument(help="The question's key, as lac report words lists.")],
    writer: _Writer,
    text: Annotated[
        str | None, Argument(help="The answer, empty for none; without it, that of last time.")
    ] = None,
    kind: Kind = "termly",
    tick: Annotated[
        list[str] | None, Option("--tick", help="Words in it that name no child, as it asks.")
    ] = None,
) -> None:
    """Keep an answer to one of the report's questions; the last one of a term holds."""
    session = writer.open_session(REPORT)
    prepared = make.prepare(session, _parse_kind(kind))
    asked = {each.prompt.key: each for each in prepared.answers}
    if prompt not in asked:
        raise typer.BadParameter(f"no question is called {prompt}; see lac report words")
    before = asked[prompt].before
    if text is None:
        if before is None:
            raise typer.BadParameter(f"{prompt} has no answer of last time: say what to write")
        text = before.text
    ticks = wording.keep_ticks(text, [" ".join(each.casefold().split()) for each in tick or ()])
    draft = Drafts(writer.home, writer.keys).save_answer(
        prompt,
        prepared.term["first_day"],
        text,
        actor=session.actor,
        now=get_utc_now(),
        ticks=ticks,
    )
    for finding in wording.check_text(draft.text, as_at=session.as_at):
        place = wording.fold_place(draft.text, finding)
        if place not in ticks:
            typer.echo(f'Look again at "{place}": {finding.message}')
    typer.echo("Kept.")


@app.add()
def verify(
    files: Annotated[list[Path], Argument(help="Files of reports: .docx or .pdf.")],
    reporter: _Reporter,
) -> None:
    """Say of which report each file is, and whether it is as it was issued.

    Exit code 0: all are as issued; 1: some were changed, or are no report of this school.
    """
    _, releases = reporter.open_releases()
    verdicts = [releases.verify_file(path.read_bytes(), PARTS) for path in files]
    for path, verdict in zip(files, verdicts, strict=True):
        typer.echo(f"{path.name}: {_describe_verdict(verdict)}")
    if not all(verdict and verdict.is_as_issued for verdict in verdicts):
        raise typer.Exit(TO_FIX)


def _describe_verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return "not a report of this school, or a draft"
    report = verdict.report
    issued = f"report {report.number}, issued {words.format_short_day(report.at.date())}"
    if report.withdrawn_at is not None:
        issued += f" and withdrawn {words.format_short_day(report.withdrawn_at.date())}"
    return f"{issued}, {'as issued' if verdict.is_as_issued else 'changed since it was issued'}"


@app.add("template")
def write_template(
    out: Annotated[Path, Argument(help="The Word file to write, such as own.docx.")],
) -> None:
    """Write our Word template, to change its look in Word and give it back with --template."""
    if out.exists():
        raise ReportError(f"{out} is there already. Nothing was written.")
    out.write_bytes(read_template())
    typer.echo(f"The template is in {out}. Keep its fields, which stand in braces.")


@app.add("history")
def list_history(reporter: _Reporter) -> None:
    """List the final reports: number, day, kind, and who made it."""
    _, releases = reporter.open_releases()
    issued = releases.list_issued()
    if not issued:
        typer.echo("No report has been made final yet.")
    for each in issued:
        state = f", withdrawn {_format_day(each.withdrawn_at)}" if each.withdrawn_at else ""
        typer.echo(
            f"{each.number}. {each.kind}, data up to {each.figures.day.isoformat()}, "
            f"made {_format_day(each.at)} by {each.actor} ({each.role}){state}"
        )


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
    place = make.write_report_folder(out, f"governor-report-{number}", files, replaces=False)
    typer.echo(f"The files of report {number} are in {place}")


@app.add()
def withdraw(number: Number, reporter: _Reporter) -> None:
    """Say that a final report no longer stands; later ones are still held against it."""
    session, releases = reporter.open_releases()
    issued = releases.withdraw(number, at=get_utc_now(), actor=session.actor)
    typer.echo(
        f"Report {issued.number}, of {issued.figures.day.isoformat()}, is withdrawn. "
        "What it said is remembered: somebody may have read it."
    )


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _parse_kind(kind: str) -> facts.Kind:
    try:
        return facts.parse_kind(kind)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _format_day(at: datetime) -> str:
    return at.astimezone().date().isoformat()
