"""`lac synth`: write the files of a made-up school."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.data.demo_home import SCHOOL_CHILDREN, UNTIL
from cli.options import DayOption
from safeguards.files import quote
from synthetic.exports import write_school

app = Commands()


@app.add("synth")
def run_synth(
    out: Annotated[Path, Option(help="Folder to write to.")],
    seed: Annotated[int, Option(help="The same number always writes the same files.")] = 7,
    children: Annotated[
        int, Option(help="Number of children in the groups on these pages.", min=0)
    ] = SCHOOL_CHILDREN,
    years: Annotated[int, Option(help="Number of school years in the register.", min=1)] = 3,
    until: Annotated[
        datetime, DayOption(help="The last day with marks.", show_default=f"{UNTIL}")
    ] = datetime(UNTIL.year, UNTIL.month, UNTIL.day),  # noqa: DTZ001 - a day has no zone
    dirty: Annotated[bool, Option("--dirty", help="Put in faults, listed in faults.csv.")] = False,
    all_categories: Annotated[
        bool, Option("--all-categories", help="Include the kinds of data that are off at first.")
    ] = False,
    no_cast: Annotated[
        bool, Option("--no-cast", help="Leave out the twelve children who are in every school.")
    ] = False,
) -> None:
    """Write the export files of a made-up school."""
    write_school(
        out,
        seed=seed,
        children=children,
        years=years,
        until=until.date(),
        dirty=dirty,
        all_categories=all_categories,
        has_cast=not no_cast,
    )
    typer.echo(f"A made-up school is in {out}. Next: lac check {quote(out)}")
