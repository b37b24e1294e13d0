"""`lac doctor`: what is safe about a home and what is not, and what to do about it."""

import os
from collections.abc import Iterable
from pathlib import Path

import typer

from cli.commands import Commands
from cli.context import HomeContext
from cli.options import TO_FIX, count
from safeguards.journal.access_log import get_utc_now
from stewardship.doctor.doctor import run_checks
from stewardship.doctor.safeguard_checks import Finding

app = Commands()

_HEADINGS = {"to do": "To do", "cannot tell": "Cannot be told from here", "good": "Good"}


@app.add("doctor")
def run_doctor(at: HomeContext) -> None:
    """Say in plain words what is safe about a home and what is not.

    Writes nothing, and opens no identity.  Exit code 0: nothing to do; 1: something to do;
    2: the home cannot be read.
    """
    findings = run_checks(at.home, now=get_utc_now(), working_folder=Path.cwd(), environ=os.environ)
    say_findings(findings)


def say_findings(findings: Iterable[Finding]) -> None:
    """Print each finding under its state; Exit with TO_FIX if there is something to do."""
    found = tuple(findings)
    for state, heading in _HEADINGS.items():
        lines = [f"- {each.subject}: {each.words}" for each in found if each.state == state]
        if lines:
            typer.echo("\n".join([heading, *lines, ""]))
    to_do = sum(each.state == "to do" for each in found)
    if to_do:
        typer.echo(f"{count(to_do, 'thing')} to do.")
        raise typer.Exit(TO_FIX)
    typer.echo("Nothing to do.")
