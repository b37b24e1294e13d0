"""`lac retention`: what has been kept long enough, shown first and deleted when asked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.duties.rights import Handler
from cli.options import DayOption, Handle
from cli.say import count
from queries.store import versions
from safeguards.access import access
from safeguards.errors import RightsError
from safeguards.journal.access_log import get_utc_now
from safeguards.journal.ledger import RETENTION_REASON
from stewardship.retention import readmit as readmission
from stewardship.retention import schedule
from stewardship.rights import erase
from stewardship.rights.restrict import list_pupils_on_hold

app = Commands(
    "What has been kept long enough, by the schedule that the school edits.\n\n"
    "The schedule is retention.csv in the home; without one, lac's own template holds."
)


@dataclass
class _Lead(Handler):
    role: Annotated[str, Option(help="manager or dsl: in a demo home.")] = "dsl"


@app.add()
def plan(handler: Handler) -> None:
    """Show what has been kept long enough and why, child by child; delete nothing."""
    _, _, items, _ = _plan_retention(handler)
    _say_items(handler, items)


@app.add()
def run(handler: Handler) -> None:
    """Show the same, ask, and delete as an erasure does; a certificate is left in ledger/."""
    session, rules, items, on = _plan_retention(handler)
    due = {item.child.pupil_id: item for item in items if item.is_due}
    _say_items(handler, items)
    if not due:
        return
    wanted = f"delete {len(due)}"
    if typer.prompt(f'Type "{wanted}" to delete them for good') != wanted:
        raise RightsError("Nothing was deleted.")
    if not session.is_current:
        raise RightsError("The data changed meanwhile. Nothing was deleted. Run this again.")
    certificate = erase.erase_pupils(
        handler.home,
        handler.keys,
        [each for each in handler.open_vault().pupils if each.pupil_id in due],
        why=RETENTION_REASON,
        now=get_utc_now(),
        actor=session.actor,
        role=session.role,
        partial_tables={code: item.tables for code, item in due.items() if not item.is_whole},
        through=on,
        notes=[f"By the schedule, data up to {session.data_until}:", *rules],
    )
    typer.echo(f"Deleted. The certificate is {handler.home.ledger / certificate}.")
    typer.echo(erase.UNTRACKED_FILES_NOTICE)


@app.add()
def readmit(
    lead: _Lead,
    since: Annotated[
        datetime, DayOption("--from", help="The first day of the new stay, as on the roll.")
    ],
) -> None:
    """Take a child in again who went whole by the schedule and is at the school anew.

    Asks for the child's UPN, which is kept nowhere. Loads then take the child in under a new
    handle; what is dated before the new stay stays out. It is for the safeguarding lead.
    """
    session, _ = lead.open_register("retention")
    upn = typer.prompt("The child's UPN").strip()
    readmission.readmit(session, lead.keys, upn, since.date(), now=get_utc_now())
    typer.echo(
        f"Noted. Load the school's files: the child comes in under a new handle, with what "
        f"is dated {since.date()} or later."
    )


@app.add()
def hold(
    handle: Handle,
    handler: Handler,
    lift: Annotated[bool, Option("--lift", help="The hold has ended.")] = False,
) -> None:
    """Keep a child's data whatever the schedule or a request says, as an inquiry may order."""
    said = f"There is {'no hold now' if lift else 'a hold'}.", "That was so already."
    handler.set_flag(handle, "hold", in_force=not lift, said=said)


def _plan_retention(
    handler: Handler,
) -> tuple[access.Session, list[str], list[schedule.Item], date]:
    """The session, the schedule in words, what it says of each child, and the day it goes by."""
    session, _ = handler.open_register("retention")
    path = versions.find_current_version(handler.home.store)
    assert path is not None  # noqa: S101 - a session has a version
    rules, is_own = schedule.load_schedule(handler.home, handler.keys)
    clock = get_utc_now().astimezone().date()
    on = schedule.compute_schedule_day(clock, session.data_until)
    typer.echo(f"The schedule is {'the school' if is_own else 'lac'}'s own. Day: {on}.")
    if on < clock:
        typer.echo(f"The clock says {clock}, but the data go up to {on} only.")
    children = schedule.fetch_children(access.open_store(path, handler.keys.store))
    on_hold = list_pupils_on_hold(handler.home, handler.keys)
    items = schedule.plan_deletions(children, rules, on_hold, on)
    return session, [rule.sentence for rule in rules], items, on


def _say_items(handler: Handler, items: list[schedule.Item]) -> None:
    """A few lines a child, under the handle, which a hold is put on."""
    handles = handler.get_handles()
    for item in sorted(items, key=lambda each: handles[each.child.pupil_id]):
        handle = handles[item.child.pupil_id]
        typer.echo(f"{handle} {_describe_fate(item)} Left on {item.child.leaving_date}.")
        for part in item.parts:
            verb = "go" if part.is_due else "stay"
            if part.rows == 1:
                verb = "goes" if part.is_due else "stays"
            typer.echo(f"- {part.category}, {count(part.rows, 'row')} {verb}: {part.why}")
    if not any(item.is_due for item in items):
        typer.echo("Nothing is to be deleted.")


def _describe_fate(item: schedule.Item) -> str:
    if item.is_whole:
        return "goes whole, with identity and contacts in the vault."
    if item.is_due:
        return "goes in part; identity and contacts stay in the vault until the child goes whole."
    return "stays."
