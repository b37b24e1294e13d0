"""`lac report`: the governor report, its words, its history, and a test of its files.

Parsing and printing only.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who, open_session
from cli.options import TO_FIX, AsAt, HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from datetime import datetime

    from dashboard.report.content import facts
    from safeguards.access.access import Session
    from safeguards.disclosure.releases import Releases

app = typer.Typer(
    invoke_without_command=True,
    help="The report to governors: a draft of it, or the final one with --final.",
)

Kind = Annotated[str, typer.Option("--kind", help="termly, annual or nil.")]
_ROLE = "head"


@app.callback()
def run_report(
    context: typer.Context,
    *,
    home: Annotated[Path | None, typer.Option("--home", help="The school's home folder.")] = None,
    kind: Kind = "termly",
    as_at: AsAt = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder to write to.")] = None,
    final: Annotated[
        bool, typer.Option("--final", help="It goes out: later reports are held against it.")
    ] = False,
    template: Annotated[
        Path | None, typer.Option("--template", help="Your own Word template (.docx).")
    ] = None,
    logo: Annotated[Path | None, typer.Option("--logo", help="PNG or JPEG.")] = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Make the report to governors: Part One and Part Two, each as Word and PDF."""
    if context.invoked_subcommand is not None:
        return
    if home is None or out is None:
        raise typer.BadParameter("say where the home is and where to write: --home and --out")
    from dashboard.report import folder, make  # noqa: PLC0415
    from dashboard.report.content import prompts  # noqa: PLC0415
    from dashboard.report.render import pictures  # noqa: PLC0415
    from safeguards.errors import ReportError  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415

    with handle_user_errors():
        report_kind = _kind(kind)
        session = _session(home, who, passphrase_fd, as_at)
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

        name = (
            f"governor-report-{report_kind}-{session.as_at.isoformat()}{'' if final else '-draft'}"
        )
        place = folder.write_report_folder(
            out,
            name,
            files,
            replaces=not final,
            before_publish=issue_report if final else lambda: None,
        )
    typer.echo(f"{'The final report' if final else 'A draft, not for sending,'} is in {place}")
    if not final and prepared.missing_answers:
        typer.echo(prompts.describe_missing(prepared.answers))


@app.command("words")
def list_words(
    home: HomeOption,
    *,
    kind: Kind = "termly",
    as_at: AsAt = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """List the questions of a report, and what has been answered so far."""
    from dashboard.report import make  # noqa: PLC0415
    from dashboard.report.content import prompts  # noqa: PLC0415

    with handle_user_errors():
        prepared = make.prepare(_session(home, who, passphrase_fd, as_at), _kind(kind))
        for each in prepared.answers:
            need = "must be answered" if each.prompt.is_required else "may be answered"
            typer.echo(f"{each.prompt.key} ({need}): {each.prompt.question}")
            if each.text:
                carried = f" [{prompts.AS_LAST_TIME}]" if each.is_carried else ""
                typer.echo(f"    {each.text.replace(chr(10), chr(10) + '    ')}{carried}")


@app.command()
def write(
    prompt: Annotated[str, typer.Argument(help="The question's key, as lac report words lists.")],
    text: Annotated[str, typer.Argument(help="The answer; empty for none.")],
    home: HomeOption,
    *,
    kind: Kind = "termly",
    as_at: AsAt = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Keep an answer to one of the report's questions; the last one of a term holds."""
    from dashboard.report import make  # noqa: PLC0415
    from dashboard.report.check import wording  # noqa: PLC0415
    from safeguards.disclosure.drafts import Drafts  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    with handle_user_errors():
        session = _session(home, who, passphrase_fd, as_at)
        prepared = make.prepare(session, _kind(kind))
        if prompt not in {each.prompt.key for each in prepared.answers}:
            raise typer.BadParameter(f"no question is called {prompt}; see lac report words")
        Drafts(session.home, Keys.load(session.home)).save_answer(
            prompt, prepared.facts.term_from, text, actor=session.actor, now=get_utc_now()
        )
        for finding in wording.check_text(text, as_at=session.as_at):
            typer.echo(f"Look again: {finding.message}")
    typer.echo("Kept.")


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="Files of one report or more: .docx, .pdf.")],
) -> None:
    """Attack the figures that stand in finished files, and tell the narrowest hidden one.

    Asks no home and no key: whoever has the files can do it.  Exit code 0: no child can be
    known; 1: something is certain, or too narrow; 2: the files cannot be read.
    """
    from dashboard.report.check import reading, verify  # noqa: PLC0415

    with handle_user_errors():
        verdicts = verify.attack_files([reading.read_report_file(each) for each in files])
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


@app.command("history")
def list_history(home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None) -> None:
    """List the final reports: number, day, kind, who made it, and the digest of each file."""
    with handle_user_errors():
        _, releases = _open_releases(home, who, passphrase_fd)
        issued = releases.list_issued()
    if not issued:
        typer.echo("No report has been made final yet.")
    for each in issued:
        state = f", withdrawn {_day(each.withdrawn_at)}" if each.withdrawn_at else ""
        typer.echo(
            f"{each.number}. {each.kind}, data up to {each.figures.as_at.isoformat()}, "
            f"made {_day(each.at)} by {each.actor} ({each.role}){state}"
        )
        for name, digest in each.digests.items():
            typer.echo(f"    {digest}  {name}")


@app.command("again")
def write_again(
    number: Annotated[int, typer.Argument(help="As lac report history lists it.")],
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")],
    *,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write the files of a final report once more, as they were issued."""
    from dashboard.report import folder  # noqa: PLC0415
    from safeguards.disclosure.report_files import ReportFiles  # noqa: PLC0415
    from safeguards.errors import ReportError  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    with handle_user_errors():
        session, releases = _open_releases(home, who, passphrase_fd)
        found = {each.number: each for each in releases.list_issued()}
        if number not in found:
            raise ReportError(f"There is no report number {number}. See: lac report history")
        files = ReportFiles(session.home, Keys.load(session.home)).get_files(found[number])
        place = folder.write_report_folder(out, f"governor-report-{number}", files, replaces=False)
    typer.echo(f"The files of report {number} are in {place}")


@app.command()
def withdraw(
    number: Annotated[int, typer.Argument(help="As lac report history lists it.")],
    home: HomeOption,
    *,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Say that a final report no longer stands; later ones are still held against it."""
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415

    with handle_user_errors():
        session, releases = _open_releases(home, who, passphrase_fd)
        issued = releases.withdraw(number, at=get_utc_now(), actor=session.actor)
    typer.echo(
        f"Report {issued.number}, of {issued.figures.as_at.isoformat()}, is withdrawn. What it "
        "said is remembered: somebody may have read it."
    )


def _open_releases(
    home: Path, who: str | None, passphrase_fd: int | None
) -> "tuple[Session, Releases]":
    """The list of final reports, for somebody who may see it; the log says so before."""
    from safeguards.disclosure.releases import Releases  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    session = _session(home, who, passphrase_fd, None)
    session.enter("reports", action="report")
    return session, Releases(session.home, Keys.load(session.home))


def _session(
    home: Path, who: str | None, passphrase_fd: int | None, as_at: "datetime | None"
) -> "Session":
    from safeguards.access.access import REPORT  # noqa: PLC0415

    day: date | None = as_at.date() if as_at else None
    return open_session(
        home, Passphrases(passphrase_fd), who=who, role=_ROLE, purpose=REPORT, as_at=day
    )


def _kind(kind: str) -> "facts.Kind":
    from dashboard.report.content import facts  # noqa: PLC0415

    for each in facts.KINDS:
        if each == kind:
            return each
    raise typer.BadParameter(f"{kind} is none of {', '.join(facts.KINDS)}")


def _day(at: "datetime") -> str:
    return at.astimezone().date().isoformat()
