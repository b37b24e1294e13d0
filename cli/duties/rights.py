"""`lac rights`: requests about a child's data, for the safeguarding lead and the manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import DayOption, Handle
from safeguards.access.access import Session
from safeguards.errors import RightsError
from safeguards.files import write_new
from safeguards.journal.access_log import get_utc_now
from safeguards.journal.ledger import FlagKind
from safeguards.vault.records import PupilRecord
from stewardship.packets.draft import make_draft
from stewardship.registers.requests import (
    Register,
    Request,
    close_rectified,
    get_pupil_record,
    list_correcting_facts,
)
from stewardship.rights import erase as erasure
from stewardship.rights.restrict import set_flag

app = Commands(
    "Requests about a child's data: access, rectify, erase, restrict, object.\n\nOpen a "
    "request when it arrives, carry it out, and close it with the decision."
)

RequestId = Annotated[str, Argument(metavar="ID", help="The request's id, from the list.")]
Identity = Annotated[
    str | None,
    Option("--identity", help='How the person\'s identity was checked, such as "passport seen".'),
]


@dataclass
class Handler(Caller):
    """Who handles requests."""

    role: Annotated[str, Option(help="The role, in a demo: manager or dsl.")] = "manager"

    def open_register(self, purpose: str = "rights") -> tuple[Session, Register]:
        """A session that may handle requests, logged, and the register of requests."""
        session = self.open_session(purpose)
        session.enter("rights", action="rights")
        return session, Register.open(self.home, self.keys)

    def enter_child(self, session: Session, handle: str) -> PupilRecord:
        """The vault record of a child, logged first; RightsError for an unknown handle."""
        child = get_pupil_record(self.home, self.keys, handle)
        session.enter("rights", child.pupil_id, "rights")
        return child

    def set_flag(self, handle: str, kind: FlagKind, *, in_force: bool, said: Sequence[str]) -> None:
        """Set or lift a flag; said: the line if that changed anything, and the line if not."""
        session, _ = self.open_register("retention" if kind == "hold" else "rights")
        entry_id = set_flag(session, handle, kind, in_force=in_force, now=get_utc_now())
        typer.echo(said[entry_id is None])


@app.add("list")
def list_requests(
    handler: Handler,
    everything: Annotated[bool, Option("--all", help="Include closed requests.")] = False,
) -> None:
    """List the open requests, the one that is due first at the top."""
    _, register = handler.open_register()
    listed = [each for each in register.list_all() if everything or each.is_open]
    for request in sorted(listed, key=lambda each: (each.due_on, each.request_id)):
        typer.echo(_describe_request(request))
    if not listed:
        typer.echo("There are no requests." if everything else "No request is open.")


@app.add("open")
def open_request(
    handle: Handle,
    handler: Handler,
    kind: Annotated[str, Option(help="access, rectify, erase, restrict, object.")],
    requester: Annotated[str, Option("--from", help="child, parent, carer, authority or other.")],
    received: Annotated[datetime, DayOption(help="The date it arrived.")],
    identity: Identity = None,
) -> None:
    """Register a request, which is due within one calendar month.  Prints its id."""
    session, register = handler.open_register()
    request = register.add(
        kind,
        handler.enter_child(session, handle).pupil_id,
        received_on=received.date(),
        requester=requester,
        actor=session.actor,
        now=get_utc_now(),
        identity=identity,
    )
    typer.echo(request.request_id)
    typer.echo(f"It is due on {request.due_on}.", err=True)


@app.add()
def identify(
    request_id: RequestId,
    handler: Handler,
    how: Annotated[str, Option("--identity", help='Such as "passport seen".')],
) -> None:
    """Record how the identity of the person who asked was checked."""
    session, register = handler.open_register()
    register.record_identity_check(request_id, how, actor=session.actor, now=get_utc_now())
    typer.echo("Noted.")


@app.add()
def extend(
    request_id: RequestId,
    handler: Handler,
    because: Annotated[str, Option(help="The reason that the person is given.")],
) -> None:
    """Extend a request by two months. The person who asked must be told in time."""
    _, register = handler.open_register()
    request = register.extend(request_id, because, now=get_utc_now())
    typer.echo(f"It is due on {request.due_on}.")


@app.add()
def close(
    request_id: RequestId,
    handler: Handler,
    decision: Annotated[str, Option(help="granted, granted in part, refused or withdrawn.")],
    reason: Annotated[str, Option("--because", help="The reason that the person is given.")] = "",
    identity: Identity = None,
) -> None:
    """Close a request with its decision. Only a request to erase or object can be refused."""
    session, register = handler.open_register()
    if identity:
        register.record_identity_check(request_id, identity, actor=session.actor, now=get_utc_now())
    closed = register.close(request_id, decision, reason=reason, now=get_utc_now())
    typer.echo(_describe_request(closed))


@app.add()
def rectify(
    request_id: RequestId,
    handler: Handler,
    entry: Annotated[str | None, Option(metavar="ID", help="The id of the correct entry.")] = None,
) -> None:
    """Close a request to rectify with the corrected entry. Without --entry, list what was typed.

    The wrong value stays sealed, so that the school can still say what it was.
    """
    session, register = handler.open_register()
    request = register.get(request_id)
    if entry is None:
        for fact in list_correcting_facts(session, request):
            typer.echo(f"{fact.entry_id}  {fact.at:%d/%m/%Y}  {fact.file}  {fact.where_written}")
        typer.echo("Record the right value on the child's page, then give its id as --entry ID.")
        return
    typer.echo(_describe_request(close_rectified(session, register, request, entry, get_utc_now())))


@app.add("access")
def write_access_bundle(
    handle: Handle,
    handler: Handler,
    out: Annotated[Path, Option(metavar="FILE.zip", help="The file to write.")],
    with_identity: Annotated[
        bool,
        Option(
            "--with-identity", help="Add name, address and contacts: dsl only, with passphrase."
        ),
    ] = False,
) -> None:
    """Write everything held about a child to a draft zip file: JSON, CSV and pages to read.

    Before it is handed over, a person must check what is marked in it.
    """
    session, _ = handler.open_register()
    phrase = partial(handler.ask_identity_passphrase, session) if with_identity else None
    made, draft = make_draft(session, handle, passphrase=phrase, now=get_utc_now())
    try:
        write_new(out, made)
    except FileExistsError:
        raise RightsError(f"{out} already exists. Choose another name.") from None
    typer.echo(
        f"{out} contains {draft.rows:,} rows. Before it is handed over, a person must check "
        f"{draft.to_review:,} of them: see to-review.csv."
    )


@app.add()
def restrict(handle: Handle, handler: Handler) -> None:
    """Keep a child's data but stop using it. Only the safeguarding lead still sees the child.

    Whole-school totals that came in files stay as they are, since they identify no child.
    """
    said = "The child is restricted.", "The child was already restricted."
    handler.set_flag(handle, "restriction", in_force=True, said=said)


@app.add()
def release(handle: Handle, handler: Handler) -> None:
    """End a restriction. Everybody who saw the child before sees the child again."""
    said = "The restriction has ended.", "The child was not restricted."
    handler.set_flag(handle, "restriction", in_force=False, said=said)


@app.add("object")
def note_objection(
    handle: Handle,
    handler: Handler,
    lift: Annotated[bool, Option("--lift", help="The objection has ended.")] = False,
) -> None:
    """Record an objection. The child is left out of notebooks and reports.

    The child stays on pages for their own support until the request has been decided.
    """
    said = f"There is {'no objection now' if lift else 'an objection'}.", "This was already so."
    handler.set_flag(handle, "objection", in_force=not lift, said=said)


@app.add()
def erase(
    handle: Handle,
    handler: Handler,
    yes: Annotated[
        bool, Option("--erase", help="Erase the child, after asking for the code name again.")
    ] = False,
) -> None:
    """Say what erasing a child would delete. With --erase, ask for the code name and do it.

    There must be an open request to erase from somebody whose identity was checked.
    """
    session, register = handler.open_register()
    child = handler.enter_child(session, handle)
    typer.echo("This will be deleted, and cannot be brought back:")
    for line in erasure.plan_erasure(handler.home, handler.keys, child).describe():
        typer.echo(f"- {line}")
    if not yes:
        typer.echo("Nothing was changed. To erase the child, add --erase.")
        return
    register.get_open_request("erase", child.pupil_id)  # before anybody types
    typed = typer.prompt("Type the code name to erase the child")
    receipt = erasure.erase_as_asked(session, register, child, typed, get_utc_now())
    typer.echo(f"Erased. The receipt is {handler.home.ledger / receipt}.")
    typer.echo(erasure.UNTRACKED_FILES_NOTICE)


def _describe_request(request: Request) -> str:
    """One request in one line, without the child: the id distinguishes them."""
    state = (
        f"due {request.due_on}"
        if request.is_open
        else f"{request.decision} on {request.done_on}"
        + (f", because: {request.reason}" if request.reason else "")
    )
    return (
        f"{request.request_id}  {request.kind}, from {request.requester}, "
        f"received {request.received_on}: {state}"
    )
