"""`lac report`: the files of the governor report, and a test of them."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands, prepare
from cli.context import Caller
from cli.options import TO_FIX, AsAt, PassphraseFd, Who
from dashboard.report import make
from dashboard.report.content import facts, prompts
from dashboard.report.content.model import PARTS
from dashboard.report.render.word import clean_logo, read_template
from dashboard.text import words
from queries import read
from safeguards.access.access import REPORT
from safeguards.disclosure.large_groups import LargeGroups
from safeguards.disclosure.releases import Releases, Verdict
from safeguards.errors import ReportError
from safeguards.files import write_private
from safeguards.journal.access_log import get_utc_now

app = Commands(
    "The report to governors: a draft of it, or the final one with --final.",
    invoke_without_command=True,
    no_args_is_help=False,
)


@dataclass
class _Reporter(Caller):
    """Who makes reports, and reads those that were made."""

    role: str = field(default="head", init=False)


@dataclass
class _Writer(_Reporter):
    as_at: AsAt = None


@app.callback()
@prepare
def run_report(
    context: typer.Context,
    home: Annotated[Path | None, Option(help="The school's home folder.")] = None,
    kind: Annotated[str, Option("--kind", help="termly, annual or nil.")] = "termly",
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
    """Make the report to governors: Part One and Part Two, each as Word and PDF.

    People answer its questions on the page Reports, which has the reports that were made, too.
    """
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


@app.add()
def verify(
    files: Annotated[list[Path], Argument(help="Files of reports: .docx or .pdf.")],
    reporter: _Reporter,
) -> None:
    """Say of which report each file is, and whether it is as it was issued.

    Exit code 0: all are as issued; 1: some were changed, or are no report of this school.
    """
    reporter.open_session(REPORT).enter("reports", action="report")
    releases = Releases(reporter.home, reporter.keys)
    verdicts = [releases.verify_file(path.read_bytes(), PARTS) for path in files]
    for path, verdict in zip(files, verdicts, strict=True):
        typer.echo(f"{path.name}: {_describe_verdict(verdict)}")
    if not all(verdict and verdict.is_as_issued for verdict in verdicts):
        raise typer.Exit(TO_FIX)


@dataclass
class _Head(Caller):
    as_at: AsAt = None


@app.add("annual")
def write_annual_table(
    head: _Head, out: Annotated[Path, Option(metavar="FILE.csv", help="The table to write.")]
) -> None:
    """Write the counts of an authority's annual report to its board: rounded, and not by school.

    A measure of fewer children than a large group has no row.
    """
    session = head.open_session("annual report")
    if session.home_of == "school":
        raise ReportError("A school's report to governors is made by: lac report --kind annual")
    rounding = LargeGroups.from_thresholds(partial(read.fetch_threshold, session))
    table = rounding.build_table(read.fetch_annual_counts(session))
    lines = ["measure,children,of,share"]
    lines += [f"{each.measure},{each.counted},{each.children},{each.share:.3f}" for each in table]
    write_private(out.absolute(), ("\n".join(lines) + "\n").encode("utf-8"))
    typer.echo(f"{len(table)} counts as at {session.as_at} are in {out}.")


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


def _parse_kind(kind: str) -> facts.Kind:
    try:
        return facts.parse_kind(kind)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
