"""`lac template`: the workbook that people fill in."""

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import PassphraseFd, Who
from cli.say import count
from intake.problems import IntakeError
from intake.template import write_start_template, write_template

app = Commands()


@app.add("template")
def run_template(
    out: Annotated[Path, Option(metavar="FILE.xlsx", help="Workbook to write.")],
    home: Annotated[Path | None, Option(help="The school's home folder.")] = None,
    start: Annotated[
        bool, Option("--start", help="Every sheet for a first load, before there is a home.")
    ] = False,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write a workbook to fill in: with the children by handle, or with all that a start needs.

    The first holds no name and no UPN; the second has two example rows on each sheet.
    """
    if start:
        write_start_template(out)
        typer.echo(f"Fill in {out} and load the folder that it is in. Its examples are left alone.")
        return
    if home is None:
        raise IntakeError("Say whose children: --home HOME. Or --start for a first load.")
    caller = Caller(home, who=who, passphrase_fd=passphrase_fd)
    children = write_template(caller.open_session("template"), out)
    typer.echo(
        f"{out} offers {count(children, 'child')} by handle. "
        "Fill it in, put it beside the exports and load them."
    )
