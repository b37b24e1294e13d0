"""`lac rights`: requests about a child's data, for the safeguarding lead and the manager."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who
from cli.context import open_session as _opened
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from safeguards.access.access import Session
    from safeguards.keys.keys import Keys
    from stewardship.registers.requests import Register, Request

rights = typer.Typer(
    no_args_is_help=True,
    help="Requests about a child's data: access, rectify, erase, restrict, object.\n\n"
    "Open one when it arrives, carry it out, close it with the decision.",
)

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help='Such as "copper lantern".')]
RequestId = Annotated[str, typer.Argument(metavar="ID", help="The request's, from the list.")]
Role = Annotated[str, typer.Option("--role", help="manager or dsl: in a demo home.")]
Identity = Annotated[
    str | None,
    typer.Option("--identity", help='How it was checked who asks: "passport seen".'),
]


@rights.command("list")
def list_requests(
    home: HomeOption,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that are closed too.")] = False,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """List the requests that are open, the one that is due first on top."""
    with handle_user_errors():
        _, _, register = open_register(home, role, who, Passphrases(passphrase_fd))
        shown = [each for each in register.list_requests() if everything or each.is_open]
        for request in sorted(shown, key=lambda each: (each.due_on, each.request_id)):
            typer.echo(_line(request))
        if not shown:
            typer.echo("There are none." if everything else "No request is open.")


@rights.command("open")
def open_request(
    handle: Handle,
    home: HomeOption,
    kind: Annotated[str, typer.Option("--kind", help="access, rectify, erase, restrict, object.")],
    requester: Annotated[
        str, typer.Option("--from", help="child, parent, carer, authority or other.")
    ],
    received: Annotated[
        datetime, typer.Option("--received", formats=["%Y-%m-%d"], help="The day it arrived.")
    ],
    *,
    identity: Identity = None,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Register a request; it is due in one calendar month.  Prints its id."""
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.registers.requests import get_pupil_record  # noqa: PLC0415

    with handle_user_errors():
        session, keys, register = open_register(home, role, who, Passphrases(passphrase_fd))
        child = get_pupil_record(session.home, keys, handle)
        session.enter("rights", child.pupil_id, "rights")
        request = register.add(
            kind,
            child.pupil_id,
            received_on=received.date(),
            requester=requester,
            actor=session.actor,
            now=get_utc_now(),
            identity=identity,
        )
        typer.echo(request.request_id)
        typer.echo(f"It is due on {request.due_on}.", err=True)


@rights.command()
def identify(
    request_id: RequestId,
    home: HomeOption,
    how: Annotated[str, typer.Option("--identity", help='Such as "passport seen".')],
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Say how it was checked who made a request."""
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415

    with handle_user_errors():
        session, _, register = open_register(home, role, who, Passphrases(passphrase_fd))
        register.record_identity_check(request_id, how, actor=session.actor, now=get_utc_now())
        typer.echo("Noted.")


@rights.command()
def extend(
    request_id: RequestId,
    home: HomeOption,
    because: Annotated[str, typer.Option("--because", help="Why, as the person is told.")],
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Put a request off by two months, which the person who asked must be told in time."""
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415

    with handle_user_errors():
        _, _, register = open_register(home, role, who, Passphrases(passphrase_fd))
        request = register.extend(request_id, because, now=get_utc_now())
        typer.echo(f"It is due on {request.due_on}.")


@rights.command()
def close(
    request_id: RequestId,
    home: HomeOption,
    decision: Annotated[
        str,
        typer.Option("--decision", help="granted, granted in part, refused or withdrawn."),
    ],
    *,
    reason: Annotated[str, typer.Option("--because", help="Why, as the person is told.")] = "",
    identity: Identity = None,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Close a request with its decision; only erase and object may end refused."""
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415

    with handle_user_errors():
        session, _, register = open_register(home, role, who, Passphrases(passphrase_fd))
        if identity:
            register.record_identity_check(
                request_id, identity, actor=session.actor, now=get_utc_now()
            )
        typer.echo(_line(register.close(request_id, decision, reason=reason, now=get_utc_now())))


@rights.command()
def rectify(
    request_id: RequestId,
    home: HomeOption,
    *,
    entry: Annotated[
        str | None, typer.Option("--entry", metavar="ID", help="The corrected fact's.")
    ] = None,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Close a request to rectify with the fact that puts it right; without --entry, say how.

    The value that was wrong stays sealed: who must answer for it can still say what it was.
    """
    from safeguards.errors import RightsError  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from safeguards.journal.typed_entries import TypedEntries  # noqa: PLC0415

    with handle_user_errors():
        session, keys, register = open_register(home, role, who, Passphrases(passphrase_fd))
        request = register.get_request(request_id)
        if entry is None:
            typer.echo("Type the right value: lac fact --home HOME --handle HANDLE --file FILE")
            typer.echo("--source PAPER --set COLUMN=VALUE, with --corrects ID if a typed fact was")
            typer.echo("wrong. It prints an id: give that here, as --entry ID.")
            return
        found = [
            each
            for each in TypedEntries.open(session.home, keys).list_current()
            if (each.entry_id, each.pupil_id, each.kind) == (entry, request.pupil_id, "fact")
        ]
        if request.kind != "rectify" or not found:
            raise RightsError("That is no typed fact about the child of a request to rectify.")
        session.enter("rights", request.pupil_id, "rights")
        closed = register.close(request_id, "granted", reason=f"entry {entry}", now=get_utc_now())
        typer.echo(_line(closed))


def open_register(
    home: Path, role: str, who: str | None, passphrases: Passphrases, purpose: str = "rights"
) -> "tuple[Session, Keys, Register]":
    """A session that may handle requests, with the log line written, and what it works on."""
    from safeguards.keys.keys import Keys  # noqa: PLC0415
    from stewardship.registers.requests import Register  # noqa: PLC0415

    session = _opened(home, passphrases, who=who, role=role, purpose=purpose)
    session.enter("rights", action="rights")
    keys = Keys.load(session.home)
    return session, keys, Register.open(session.home, keys)


def _line(request: "Request") -> str:
    """One request in one line; the child is told from others by the id alone."""
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
