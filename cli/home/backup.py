"""`lac backup`, `lac restore` and `lac doctor`: back up a home, restore it, list what is unsafe."""

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
from safeguards.keys.key_files import KEYS_VARIABLE
from safeguards.keys.recovery import split_groups
from stewardship.backup.backups import back_up
from stewardship.backup.restores import restore_backup
from stewardship.doctor.doctor import Finding, run_checks

app = Commands()

_HEADINGS = {"to do": "To do", "cannot tell": "Cannot be checked from here", "good": "Good"}

Code = Annotated[
    str | None, Option("--recovery-code", metavar="-", help="Ask for the recovery code.")
]


@app.add("backup")
def run_backup(
    at: HomeContext,
    to: Annotated[Path, Option(metavar="DIR", help="Folder on another disk.")],
    new_recovery_code: Annotated[
        bool, Option("--new-recovery-code", help="Make a new code, for backups from now on.")
    ] = False,
) -> None:
    """Write a sealed backup of a school's folder to another disk, and read it back.

    The first backup prints the recovery code. Keep it in the school's safe.
    """
    made = back_up(
        at.home,
        to,
        now=get_utc_now(),
        actor=getpass.getuser(),
        show_code=_show_code,
        wants_new_code=new_recovery_code,
    )
    typer.echo(f"{made} is sealed, and was read back to check it: {made.stat().st_size:,} bytes.")


@app.add()
def restore(
    file: Annotated[Path, Argument(metavar="FILE", help="The backup.")],
    home: Annotated[Path, Option(help="A new or empty folder.")],
    recovery_code: Code = None,
    receipt: Annotated[
        list[str] | None,
        Option(help="The last line of an erasure's receipt. Repeat it for each since the backup."),
    ] = None,
    no_receipt: Annotated[
        bool, Option("--no-receipt", help="Nothing was erased since the backup.")
    ] = False,
    older: Annotated[
        bool, Option("--older", help="Restore it even if later data known here will be lost.")
    ] = False,
) -> None:
    """Restore a backup into a new folder, completely or not at all.

    Data that was erased after the backup was made is erased again before anything can be
    opened.  A new computer does not know what was erased, and asks for the receipts.
    """
    if recovery_code is not None and not (receipt or no_receipt):
        raise BackupError(
            "A new computer does not know whose data was erased after the backup was made, and "
            "would bring it back. Give the line of each receipt since then (--receipt LINE), or "
            "say that there are none: --no-receipt"
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
    typer.echo(
        f"Restored into {home}, as at {restored.made_at:%Y-%m-%d %H:%M} UTC: {restored.files} "
        f"files, {restored.rows:,} rows."
    )
    if restored.erased:
        gone = count(restored.erased, "child")
        typer.echo(f"The data of {gone} has been erased since then and left out.")
    if restored.has_new_keys:
        typer.echo("The keys were in the backup, and are in place.")
    where = os.environ.get(KEYS_VARIABLE)
    lac = f"{KEYS_VARIABLE}={quote(where)} lac" if where and os.name == "posix" else "lac"
    if restored.unconfirmed:
        typer.echo("Later versions of these files may be lost. A lead must read and confirm them:")
    if others := [name for name in restored.unconfirmed if name != PEOPLE]:
        typer.echo(f"{lac} keys confirm {' '.join(others)} --home {quote(home)}")
    if PEOPLE in restored.unconfirmed:
        typer.echo(f"{lac} people confirm --home {quote(home)}")
    typer.echo(f"Next: {lac} run --home {quote(home)}")


@app.add("doctor")
def run_doctor(at: HomeContext, as_json: AsJson = False) -> None:
    """Say in plain words what is safe about a school's folder and what is not.

    Writes nothing, and opens no identity.  Exit code 0: nothing to do; 1: something to do; 2: the
    folder cannot be read.
    """
    findings = run_checks(at.home, now=get_utc_now(), working_folder=Path.cwd(), environ=os.environ)
    say_findings(findings, as_json=as_json)


def say_findings(findings: Iterable[Finding], *, as_json: bool = False) -> None:
    """Print each finding under its state.  Exit with TO_FIX if there is something to do."""
    items = tuple(findings)
    to_do = sum(item.state == "to do" for item in items)
    if as_json:
        say_json(items)
    else:
        for state, heading in _HEADINGS.items():
            lines = [f"- {item.subject}: {item.words}" for item in items if item.state == state]
            if lines:
                say_lines([heading, *lines, ""])
        typer.echo(f"{count(to_do, 'thing')} to do." if to_do else "Nothing to do.")
    if to_do:
        raise typer.Exit(TO_FIX)


def _show_code(code: str) -> None:
    groups = split_groups(code)
    half = len(groups) // 2
    typer.echo("This recovery code opens every backup from now on, without this computer.")
    typer.echo("Print the code or write it down for the school's safe: it is not shown again.")
    typer.echo(f"\n    {code}\n")
    typer.echo("You only need to type what comes after the 1, here in groups:")
    typer.echo(f"\n    {' '.join(groups[:half])}\n    {' '.join(groups[half:])}\n")


def _ask_code(option: str | None) -> str | None:
    """Read the recovery code, typed or piped, so that no shell keeps it.  None if not wanted."""
    if option is None:
        return None
    if option != "-":
        raise typer.BadParameter("Give - here, and type the code when you are asked for it.")
    if sys.stdin.isatty():
        return getpass.getpass("Recovery code (it is not shown): ")
    return sys.stdin.read()
