"""`lac retention`: list the data that has been kept long enough, and delete it when asked."""

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
    "Find and delete what has been kept long enough according to the school's "
    "schedule.\n\nThe schedule is retention.csv in the school's folder. Without it, lac uses "
    "its own template."
)


@dataclass
class _Handler(Caller):
    role: Annotated[str, Option(help="The role, in a demo: manager or dsl.")] = "manager"

    def enter(self) -> Session:
        """Open a session, log the entry, and check that its role may delete."""
        session = self.open_session("retention")
        session.enter("rights", action="rights")
        return session


@dataclass
class _Lead(_Handler):
    role: Annotated[str, Option(help="The role, in a demo: manager or dsl.")] = "dsl"


@app.add()
def plan(handler: _Handler) -> None:
    """List data that has been kept long enough, and why, for each child. Deletes nothing."""
    _say_plan(handler, make_plan(handler.enter(), handler.keys, get_utc_now()))


@app.add("run")
def run_retention(handler: _Handler) -> None:
    """Delete data that has been kept long enough, after asking you. A certificate is kept."""
    session = handler.enter()
    draft = make_plan(session, handler.keys, get_utc_now())
    _say_plan(handler, draft)
    if not (due := sum(item.is_due for item in draft.items)):
        return
    wanted = f"delete {due}"
    if typer.prompt(f'Type "{wanted}" to delete them for good') != wanted:
        raise RightsError("Nothing was deleted.")
    certificate = delete_due(session, handler.keys, draft, get_utc_now())
    typer.echo(f"Deleted. The certificate is {handler.home.ledger / certificate}.")
    typer.echo(UNTRACKED_FILES_NOTICE)


@app.add()
def readmit(
    lead: _Lead,
    since: Annotated[
        datetime, DayOption("--from", help="The first day of the new stay, as on the roll.")
    ],
) -> None:
    """Allow a child who has come back to the school to be loaded again.

    All earlier records stay deleted. Asks for the child's UPN, which is not stored anywhere. Later
    loads bring the child in under a new code name. Safeguarding lead only.
    """
    session = lead.enter()
    upn = typer.prompt("The child's UPN").strip()
    readmission.readmit(session, lead.keys, upn, since.date(), now=get_utc_now())
    typer.echo(
        "Done. Load the school's files. The child then has a new code name, and only data "
        f"dated {since.date()} or later."
    )


@app.add()
def hold(
    handle: Handle,
    handler: _Handler,
    lift: Annotated[bool, Option("--lift", help="The hold has ended.")] = False,
) -> None:
    """Stop all deletion of a child's data, for example during an inquiry."""
    changed = set_flag(handler.enter(), handle, "hold", in_force=not lift, now=get_utc_now())
    state = f"There is {'no hold now' if lift else 'a hold'}."
    typer.echo("Nothing had to be changed." if changed is None else state)


def _say_plan(handler: _Handler, draft: Plan) -> None:
    """Print whose schedule it is, then a few lines for each child under their handle."""
    typer.echo(f"The schedule is from {'the school' if draft.is_own else 'lac'}. Date: {draft.on}.")
    if draft.on < draft.clock:
        typer.echo(f"Today is {draft.clock}, but the data only goes up to {draft.on}.")
    handles = handler.get_handles()
    for item in sorted(draft.items, key=lambda item: handles[item.child.pupil_id]):
        handle = handles[item.child.pupil_id]
        typer.echo(f"{handle} {item.describe_fate()} Left on {item.child.leaving_date}.")
        for part in item.parts:
            verb = "go" if part.is_due else "stay"
            if part.rows == 1:
                verb = "goes" if part.is_due else "stays"
            typer.echo(f"- {part.category}, {count(part.rows, 'row')} {verb}: {part.why}")
    if not any(item.is_due for item in draft.items):
        typer.echo("There is nothing to delete.")
