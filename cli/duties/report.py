"""`lac report`: whether a file is a report of this home, and an authority's annual table."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import TO_FIX, AsAt
from dashboard.text import words
from queries import read
from safeguards.access.access import REPORT
from safeguards.disclosure.large_groups import LargeGroups
from safeguards.disclosure.releases import Issued, Releases
from safeguards.errors import ReportError
from safeguards.files import write_private

app = Commands("Check whether a file is an issued report, or write an authority's figures.")


@dataclass
class _Reporter(Caller):
    """Who makes reports, and reads those that were made."""

    role: str = field(default="head", init=False)


@app.add()
def verify(
    files: Annotated[list[Path], Argument(help="Files of reports: .docx or .pdf.")],
    reporter: _Reporter,
) -> None:
    """Say whether each file is an unchanged copy of an issued report, and which report.

    Exit code 0: all are unchanged; 1: some were changed, or are not reports of this school.
    """
    reporter.open_session(REPORT).enter("reports", action="report")
    releases = Releases(reporter.home, reporter.keys)
    found = [releases.find_issued(path.read_bytes()) for path in files]
    for path, report in zip(files, found, strict=True):
        typer.echo(f"{path.name}: {_describe(report)}")
    if not all(found):
        raise typer.Exit(TO_FIX)


@dataclass
class _Head(Caller):
    as_at: AsAt = None


@app.add("annual")
def write_annual_table(
    head: _Head, out: Annotated[Path, Option(metavar="FILE.csv", help="The table to write.")]
) -> None:
    """Write the rounded counts for an authority's annual report to its board.

    A measure has no row if it covers fewer children than a large group.
    """
    session = head.open_session("annual report")
    if session.home_of == "school":
        raise ReportError("A school's report to governors is made on the Reports page.")
    rounding = LargeGroups.from_thresholds(partial(read.fetch_threshold, session))
    table = rounding.build_table(read.fetch_annual_counts(session))
    lines = ["measure,children,of,share"]
    lines += [f"{each.measure},{each.counted},{each.children},{each.share:.3f}" for each in table]
    write_private(out.absolute(), ("\n".join(lines) + "\n").encode("utf-8"))
    typer.echo(f"{len(table)} counts as at {session.as_at} are in {out}.")


def _describe(report: Issued | None) -> str:
    if report is None:
        return "not a report of this school: it was changed, is a draft, or is another school's"
    issued = f"report {report.number}, issued {words.format_short_day(report.at.date())}"
    if report.withdrawn_at is not None:
        issued += f" and withdrawn {words.format_short_day(report.withdrawn_at.date())}"
    return f"{issued}, unchanged since"
