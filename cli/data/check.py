"""`lac check`: what is wrong with exports, before anything is loaded."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.options import TO_FIX, AsJson, Authority
from cli.say import say_faults, say_json, say_lines, say_notes
from intake.check.check import check_exports, format_totals
from intake.map.keep import load_mappings
from intake.problems import Problem, write_problems
from intake.publish.held import find_held
from intake.read.files import to_folder
from intake.read.read import read_exports
from intake.switches import drop_switched_off, find_switched_off
from safeguards.journal.access_log import get_utc_now

app = Commands()


@app.add()
def check(
    folder: Annotated[Path, Argument(metavar="PATH", help="An export file, or a folder of them.")],
    problems: Annotated[Path | None, Option(help="Write the rows to fix to this file.")] = None,
    home: Annotated[
        Path | None,
        Option(help="The school's folder, for its mappings and the code names in sheets."),
    ] = None,
    authority: Authority = "",
    as_json: AsJson = False,
) -> None:
    """List what is in a school's export files and what is wrong with them. Loads nothing.

    Exit code 0: nothing to fix; 1: rows to fix; 2: the folder cannot be read.
    """
    read = read_exports(to_folder(folder), load_mappings(home) if home else (), authority)
    read = drop_switched_off(read, find_switched_off(home) if home else ())
    checked = check_exports(read, find_held(read, home))
    today = get_utc_now().date()
    doubts = checked.list_doubts(today)
    if problems is not None:
        write_problems((*checked.problems, *doubts), problems)
    if as_json:
        say_json(
            {
                "rows": checked.rows_read,
                "faults": list(map(_describe, checked.problems)),
                "unusual": list(map(_describe, doubts)),
                "unknown_files": checked.unknown_files,
                "notes": checked.notes,
                "unread": checked.unread,
                "sums": checked.sums,
            }
        )
    else:
        say_notes(checked.unknown_files, checked.notes)
        say_faults(checked.problems)
        say_faults(doubts)
        say_lines(checked.list_sums(today))
        say_lines(format_totals(checked, checked.problems, doubts))
    if checked.problems or checked.unread or not checked.rows_read:
        raise typer.Exit(TO_FIX)


def _describe(problem: Problem) -> dict[str, Any]:
    """A fault as people find it: a row of 0 is the whole file, a column of "" the whole row."""
    found = {"file": problem.shown_file, "column": problem.shown_column}
    return {name: found.get(name, value) for name, value in asdict(problem).items()}
