"""`lac breach`: the register of personal data breaches, for the lead and the manager."""

from datetime import datetime
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.duties.rights import Handler
from cli.options import DayOption
from cli.say import count
from safeguards.journal.access_log import get_utc_now
from stewardship.registers.breaches import KINDS, RISKS, Breach, Breaches
from stewardship.registers.requests import get_pupil_record

app = Commands(
    "The register of personal data breaches.\n\n"
    "Write one down as soon as somebody knows. The Information Commissioner is told in time, "
    "unless no harm is likely. Who was touched is kept by code."
)

BreachId = Annotated[str, Argument(metavar="ID", help="The breach's, from the list.")]
Reason = Annotated[str, Option(help="Why, without names.")]


def _open(handler: Handler) -> tuple[str, Breaches]:
    """Who writes, and the register, logged first."""
    session, _ = handler.open_register()
    return session.actor, Breaches.open(handler.home, handler.keys)


@app.add("list")
def list_breaches(
    handler: Handler,
    everything: Annotated[bool, Option("--all", help="Those that are closed too.")] = False,
) -> None:
    """List the breaches that are open, with what is next."""
    _, register = _open(handler)
    listed = [each for each in register.list_all() if everything or each.is_open]
    for each in listed:
        typer.echo(_describe(each))
    if not listed:
        typer.echo("There are none." if everything else "No breach is open.")


@app.add("open")
def open_breach(
    handler: Handler,
    kind: Annotated[str, Option(help=f"{', '.join(KINDS)}.")],
    found: Annotated[
        datetime, Option(formats=["%Y-%m-%dT%H:%M"], help="When the school became aware.")
    ],
    child: Annotated[
        list[str] | None, Option(metavar="HANDLE", help="A child whom it touched; repeat it.")
    ] = None,
) -> None:
    """Write a breach down.  Prints its id, and by when the Commissioner is told."""
    actor, register = _open(handler)
    pupil_ids = [
        get_pupil_record(handler.home, handler.keys, handle).pupil_id for handle in child or ()
    ]
    breach = register.add(
        kind, found_at=found.astimezone(), pupil_ids=pupil_ids, actor=actor, now=get_utc_now()
    )
    typer.echo(breach.breach_id)
    typer.echo(f"Next: {breach.describe_state(get_utc_now())}.", err=True)


@app.add("judge")
def judge_breach(
    breach_id: BreachId,
    handler: Handler,
    risk: Annotated[str, Option(help=f"{', '.join(RISKS)}.")],
    reason: Reason = "",
) -> None:
    """Say how likely harm is to those whom it touched."""
    _, register = _open(handler)
    breach = register.judge(breach_id, risk, reason=reason, now=get_utc_now())
    typer.echo(f"Next: {breach.describe_state(get_utc_now())}.")


@app.add("tell")
def record_told(
    breach_id: BreachId,
    handler: Handler,
    commissioner: Annotated[
        datetime | None, DayOption(help="The day on which the Commissioner was told.")
    ] = None,
    families: Annotated[
        datetime | None, DayOption(help="The day on which those whom it touched were told.")
    ] = None,
    reason: Reason = "",
) -> None:
    """Say who was told, and when."""
    _, register = _open(handler)
    breach = register.record_told(
        breach_id,
        commissioner=commissioner.date() if commissioner else None,
        families=families.date() if families else None,
        reason=reason,
        now=get_utc_now(),
    )
    typer.echo(f"Next: {breach.describe_state(get_utc_now())}.")


@app.add("close")
def close_breach(breach_id: BreachId, handler: Handler) -> None:
    """Close a breach once nobody is left to be told."""
    _, register = _open(handler)
    register.close(breach_id, now=get_utc_now())
    typer.echo("It is closed, and stays on record.")


def _describe(each: Breach) -> str:
    touched = count(len(each.pupil_ids), "child")
    moment = datetime.fromisoformat(each.found_at).astimezone()
    state = each.describe_state(get_utc_now())
    return f"{each.breach_id}  {each.kind}, found {moment:%d/%m/%Y %H:%M}, {touched}: {state}"
