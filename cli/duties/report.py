"""`lac report`: an authority's annual table."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Analyst
from queries import read
from safeguards.disclosure.large_groups import LargeGroups
from safeguards.errors import ReportError
from safeguards.files import write_private

app = Commands("Write an authority's figures for its annual report.")


@app.add("annual")
def write_annual_table(
    head: Analyst, out: Annotated[Path, Option(metavar="FILE.csv", help="The table to write.")]
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
    lines += [f"{row.measure},{row.counted},{row.children},{row.share:.3f}" for row in table]
    write_private(out.absolute(), ("\n".join(lines) + "\n").encode("utf-8"))
    typer.echo(f"{len(table)} counts as at {session.as_at} are in {out}.")
