"""`lac backup`, `lac restore` and `lac doctor`: what keeps a home safe.

A home goes into one sealed file, and out of it again; the doctor says what else there is to do.
"""

import getpass
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import HomeContext
from cli.options import TO_FIX, AsJson
from cli.say import count, say_json, say_lines
from safeguards.errors import BackupError
from safeguards.files import quote
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.heads import PEOPLE
from safeguards.keys.recovery import split_groups
from stewardship.backup.backups import back_up
from stewardship.backup.restores import RestoreResult, restore_backup, run_drill
from stewardship.doctor.doctor import run_checks
from stewardship.doctor.safeguard_checks import Finding

app = Commands()

_HEADINGS = {"to do": "To do", "cannot tell": "Cannot be told from here", "good": "Good"}

Code = Annotated[
    str | None,
    Option("--recovery-code", metavar="-", help="Ask for the recovery code on the paper."),
]


@app.add("backup")
def run_backup(
    at: HomeContext,
    to: Annotated[Path | None, Option(metavar="DIR", help="Folder on another disk.")] = None,
    drill: Annotated[
        Path | None, Option(metavar="FILE", help="Try this backup instead of making one.")
    ] = None,
    new_recovery_code: Annotated[
        bool, Option("--new-recovery-code", help="Draw a new code, for backups from now on.")
    ] = False,
    recovery_code: Code = None,
) -> None:
    """Write a sealed backup of a home to another disk, or try one that was made.

    The first backup prints the recovery code: keep it in the school's safe.
    """
    if (to is None) == (drill is None):
        raise typer.BadParameter("Give --to DIR to make a backup, or --drill FILE to try one.")
    if drill is not None:
        tried = run_drill(
            drill,
            at.home,
            now=get_utc_now(),
            actor=getpass.getuser(),
            code=_ask_code(recovery_code),
        )
        typer.echo(
            f"{drill} brings the home back: {_describe_restored(tried)}. Every byte and every "
            "count is as it was, and the store opened. The copy is removed."
        )
    elif to is not None:
        made = back_up(
            at.home,
            to,
            now=get_utc_now(),
            actor=getpass.getuser(),
            show_code=_show_code,
            wants_new_code=new_recovery_code,
        )
        typer.echo(f"{made.path} is sealed and was read back: {made.size:,} bytes.")
        typer.echo(
            f"Try it each term: lac backup --home {quote(at.folder)} --drill {quote(made.path)}"
        )


@app.add()
def restore(
    file: Annotated[Path, Argument(metavar="FILE", help="The backup.")],
    home: Annotated[Path, Option(help="A new or empty folder for the home.")],
    recovery_code: Code = None,
    receipt: Annotated[
        list[str] | None,
        Option(help="A line of an erasure's receipt since the backup, for each child."),
    ] = None,
    no_receipt: Annotated[
        bool, Option("--no-receipt", help="Nobody was erased since the backup.")
    ] = False,
    older: Annotated[
        bool, Option("--older", help="Also if newer things are known, which will be lost.")
    ] = False,
) -> None:
    """Put the home of a backup into a new folder, all or nothing.

    Children who were erased since the backup are erased again before anything opens.  A new
    computer does not know of them: it asks for the receipts.
    """
    if recovery_code is not None and not (receipt or no_receipt):
        raise BackupError(
            "A new computer does not know who was erased since the backup, and would bring them "
            "back. Give the line of each receipt since then (--receipt LINE), or say that there "
            "is none: --no-receipt"
        )
    restored = restore_backup(
        file,
        home,
        now=get_utc_now(),
        actor=getpass.getuser(),
        code=_ask_code(recovery_code),
        receipts=receipt or (),
        is_older_right=older,
    )
    if restored.data_loss_warning is not None:
        typer.echo(restored.data_loss_warning.replace("would be lost", "is lost"))
    typer.echo(f"Restored into {home}: {_describe_restored(restored)}.")
    if restored.has_new_keys:
        typer.echo("Its keys came out of the backup and are in place.")
    if restored.unconfirmed:
        typer.echo("Newer ones may have counted. A lead reads these files and confirms them:")
    if others := [name for name in restored.unconfirmed if name != PEOPLE]:
        typer.echo(f"lac keys confirm {' '.join(others)} --home {quote(home)}")
    if PEOPLE in restored.unconfirmed:
        typer.echo(f"lac people confirm --home {quote(home)}")
    typer.echo(f"Next: lac run --home {quote(home)}")


@app.add("doctor")
def run_doctor(at: HomeContext, as_json: AsJson = False) -> None:
    """Say in plain words what is safe about a home and what is not.

    Writes nothing, and opens no identity.  Exit code 0: nothing to do; 1: something to do;
    2: the home cannot be read.
    """
    findings = run_checks(at.home, now=get_utc_now(), working_folder=Path.cwd(), environ=os.environ)
    say_findings(findings, as_json=as_json)


def say_findings(findings: Iterable[Finding], *, as_json: bool = False) -> None:
    """Print each finding under its state; Exit with TO_FIX if there is something to do."""
    found = tuple(findings)
    to_do = sum(each.state == "to do" for each in found)
    if as_json:
        say_json(found)
    else:
        for state, heading in _HEADINGS.items():
            lines = [f"- {each.subject}: {each.words}" for each in found if each.state == state]
            if lines:
                say_lines([heading, *lines, ""])
        typer.echo(f"{count(to_do, 'thing')} to do." if to_do else "Nothing to do.")
    if to_do:
        raise typer.Exit(TO_FIX)


def _describe_restored(restored: RestoreResult) -> str:
    erased = (
        f"; {restored.erased} of its children have been erased since, and are not in it"
        if restored.erased
        else ""
    )
    return (
        f"the state of {restored.made_at:%Y-%m-%d %H:%M} UTC, {restored.files} files, "
        f"{restored.rows:,} rows in {restored.tables} tables{erased}"
    )


def _show_code(code: str) -> None:
    groups = split_groups(code)
    half = len(groups) // 2
    typer.echo("The recovery code. It opens every backup from now on, without this computer.")
    typer.echo("Print it or write it down for the school's safe: it is not shown again.")
    typer.echo(f"\n    {code}\n")
    typer.echo("What follows the 1, in groups, is enough to type:")
    typer.echo(f"\n    {' '.join(groups[:half])}\n    {' '.join(groups[half:])}\n")


def _ask_code(option: str | None) -> str | None:
    """The recovery code, typed or piped, so that no shell history holds it; None if not wanted."""
    if option is None:
        return None
    if option != "-":
        raise typer.BadParameter("Give - here, and the code when it is asked for.")
    if sys.stdin.isatty():
        return getpass.getpass("Recovery code (it does not show): ")
    return sys.stdin.read()
