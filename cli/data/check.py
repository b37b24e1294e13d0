"""`lac check`: what is wrong with exports, before anything is loaded."""

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.options import TO_FIX, Authority
from cli.say import say_ahead, say_faults, say_notes
from intake.check.ahead import find_rows_ahead
from intake.check.check import check_exports, format_totals
from intake.map.keep import load_mappings
from intake.problems import write_problems
from intake.publish.handles import find_pupils_by_handle
from intake.read.read import read_exports
from intake.switches import drop_switched_off, find_switched_off
from safeguards.journal.access_log import get_utc_now

app = Commands()


@app.add()
def check(
    folder: Annotated[Path, Argument(metavar="DIR", help="Folder with the export files.")],
    problems: Annotated[Path | None, Option(help="Write the rows to fix to this file.")] = None,
    home: Annotated[
        Path | None, Option(help="The school's home, for its mappings and for handles in sheets.")
    ] = None,
    authority: Authority = "",
) -> None:
    """Say what is wrong with the exports in DIR, without loading anything.

    Exit code 0: nothing to fix; 1: rows to fix; 2: the folder cannot be read.
    """
    read = read_exports(folder, load_mappings(home) if home else (), authority)
    read = drop_switched_off(read, find_switched_off(home) if home else ())
    checked = check_exports(read, find_pupils_by_handle(read, home))
    say_notes(checked.unknown_files, checked.notes)
    today = get_utc_now().date()
    doubts = checked.list_doubts(today)
    say_ahead(find_rows_ahead(checked.frames, today))
    if problems is not None:
        write_problems((*checked.problems, *doubts), problems)
    say_faults(checked.problems)
    say_faults(doubts)
    for line in format_totals(checked, checked.problems, doubts):
        typer.echo(line)
    if checked.problems:
        raise typer.Exit(TO_FIX)
