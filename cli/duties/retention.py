"""`lac retention`: what has been kept long enough, shown first and deleted when asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import DayOption, Handle
from cli.say import count
from safeguards.access.access import Session
from safeguards.errors import RightsError
from safeguards.journal.access_log import get_utc_now
from stewardship.retention import readmit as readmission
from stewardship.retention.run import Plan, delete_due, make_plan
from stewardship.rights.erase import UNTRACKED_FILES_NOTICE
from stewardship.rights.restrict import set_flag

app = Commands(
    "What has been kept long enough, by the schedule that the school edits.\n\n"
    "The schedule is retention.csv in the home; without one, lac's own template holds."
)


@dataclass
class _Handler(Caller):
    role: Annotated[str, Option(help="manager or dsl: in a demo home.")] = "manager"

    def enter(self) -> Session:
        """A session that may delete, logged."""
        session = self.open_session("retention")
        session.enter("rights", action="rights")
        return session


@dataclass
class _Lead(_Handler):
    role: Annotated[str, Option(help="manager or dsl: in a demo home.")] = "dsl"


@app.add()
def plan(handler: _Handler) -> None:
    """Show what has been kept long enough and why, child by child; delete nothing."""
    _say_plan(handler, make_plan(handler.enter(), handler.keys, get_utc_now()))


@app.add("run")
def run_retention(handler: _Handler) -> None:
    """Show the same, ask, and delete as an erasure does; a certificate is left in ledger/."""
    session = handler.enter()
    found = make_plan(session, handler.keys, get_utc_now())
    _say_plan(handler, found)
    if not (due := sum(item.is_due for item in found.items)):
        return
    wanted = f"delete {due}"
    if typer.prompt(f'Type "{wanted}" to delete them for good') != wanted:
        raise RightsError("Nothing was deleted.")
    certificate = delete_due(session, handler.keys, found, get_utc_now())
    typer.echo(f"Deleted. The certificate is {handler.home.ledger / certificate}.")
    typer.echo(UNTRACKED_FILES_NOTICE)


@app.add()
def readmit(
    lead: _Lead,
    since: Annotated[
        datetime, DayOption("--from", help="The first day of the new stay, as on the roll.")
    ],
) -> None:
    """Take in again a child whose records were deleted in full and who has come back.

    Asks for the child's UPN, which is kept nowhere. Loads then take the child in under a new
    handle; what is dated before the new stay stays out. It is for the safeguarding lead.
    """
    session = lead.enter()
    upn = typer.prompt("The child's UPN").strip()
    readmission.readmit(session, lead.keys, upn, since.date(), now=get_utc_now())
    typer.echo(
        f"Noted. Load the school's files: the child comes in under a new code name, with what "
        f"is dated {since.date()} or later."
    )


@app.add()
def hold(
    handle: Handle,
    handler: _Handler,
    lift: Annotated[bool, Option("--lift", help="The hold has ended.")] = False,
) -> None:
    """Keep a child's data whatever the schedule or a request says, as an inquiry may order."""
    changed = set_flag(handler.enter(), handle, "hold", in_force=not lift, now=get_utc_now())
    said = f"There is {'no hold now' if lift else 'a hold'}."
    typer.echo("That was so already." if changed is None else said)


def _say_plan(handler: _Handler, found: Plan) -> None:
    """The schedule, and a few lines a child, under the handle, which a hold is put on."""
    typer.echo(f"The schedule is {'the school' if found.is_own else 'lac'}'s own. Day: {found.on}.")
    if found.on < found.clock:
        typer.echo(f"The clock says {found.clock}, but the data go up to {found.on} only.")
    handles = handler.get_handles()
    for item in sorted(found.items, key=lambda each: handles[each.child.pupil_id]):
        handle = handles[item.child.pupil_id]
        typer.echo(f"{handle} {item.describe_fate()} Left on {item.child.leaving_date}.")
        for part in item.parts:
            verb = "go" if part.is_due else "stay"
            if part.rows == 1:
                verb = "goes" if part.is_due else "stays"
            typer.echo(f"- {part.category}, {count(part.rows, 'row')} {verb}: {part.why}")
    if not any(item.is_due for item in found.items):
        typer.echo("Nothing is to be deleted.")
