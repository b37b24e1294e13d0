"""`lac check`: list what is wrong with exports, before anything is loaded."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Caller
from cli.data.load import sign_in_loader
from cli.options import TO_FIX, AsJson, Authority, PassphraseFd, School, Who
from cli.say import say_faults, say_json, say_lines, say_notes
from intake.check.account import describe_accounts
from intake.check.check import check_exports, format_totals
from intake.map.keep import load_mappings
from intake.problems import Problem, write_problems
from intake.publish.held import find_held
from intake.publish.load import Load, is_initialised
from intake.publish.preview import preview_first_load, preview_load
from intake.read.files import to_folder
from intake.read.read import read_exports
from intake.switches import drop_switched_off, find_switched_off
from queries.contract import ONLY_SCHOOL
from safeguards.journal.access_log import get_utc_now

app = Commands()


@app.add()
def check(
    folder: Annotated[Path, Argument(metavar="PATH", help="An export file, or a folder of them.")],
    problems: Annotated[Path | None, Option(help="Write the rows to fix to this file.")] = None,
    home: Annotated[
        Path | None,
        Option(help="The school's folder, for its mappings, its children and its earlier files."),
    ] = None,
    school: School = None,
    authority: Authority = "",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """List what is in a school's export files, what is wrong with them, and what a load would do.

    Loads nothing. Without --home it says what a load into a new folder would do.

    Exit code 0: nothing to fix; 1: rows to fix; 2: the folder cannot be read.
    """
    now, sender = get_utc_now(), ONLY_SCHOOL if school is None else school
    if home is not None and is_initialised(home):
        admitted = sign_in_loader(Caller(home, who=who, passphrase_fd=passphrase_fd))
        loading = Load(home, now, admitted=admitted)
        preview = preview_load(loading, to_folder(folder), authority=authority, school=sender)
    else:
        read = read_exports(to_folder(folder), load_mappings(home) if home else (), authority)
        read = drop_switched_off(read, find_switched_off(home))
        preview = preview_first_load(check_exports(read, find_held(read, home)), now.date())
    checked, doubts = preview.checked, preview.doubts
    if problems is not None:
        write_problems((*checked.problems, *doubts), problems)
    if as_json:
        say_json(
            {
                "files": preview.accounts,
                "faults": list(map(_describe, checked.problems)),
                "unusual": list(map(_describe, doubts)),
                "unknown_files": checked.unknown_files,
                "notes": checked.notes,
                "unread": checked.unread,
                "why_not": preview.why_not,
            }
        )
    else:
        say_notes(checked.unknown_files, checked.notes)
        say_faults(checked.problems)
        say_faults(doubts)
        say_lines((*describe_accounts(preview.accounts), *preview.lacks))
        if preview.why_not and checked.digests:
            typer.echo(preview.why_not)
        say_lines(format_totals(checked, preview.accounts, checked.problems, doubts))
    if checked.problems or checked.unread or not checked.digests:
        raise typer.Exit(TO_FIX)


def _describe(problem: Problem) -> dict[str, Any]:
    """Return a fault by the file's own names.  Row 0 is the whole file, column "" the whole row."""
    shown = {"file": problem.shown_file, "column": problem.shown_column}
    return {name: shown.get(name, value) for name, value in asdict(problem).items()}
