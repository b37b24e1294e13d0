"""`lac rights`, what is done when a request is granted: access, restrict, object, erase."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who, ask_passphrase
from cli.duties.rights import Handle, Role, open_register, rights
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

__all__ = ["rights"]

if TYPE_CHECKING:
    from stewardship.rights.restrict import FlagKind

#: Why an identity is opened for a request, as the log has it.
_WHY = "A request for access to the child's data"


@rights.command("access")
def write_access_bundle(
    handle: Handle,
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="The file to write.")],
    *,
    with_identity: Annotated[
        bool,
        typer.Option(
            "--with-identity", help="Name, address and contacts too: dsl only, with passphrase."
        ),
    ] = False,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write all that is held about a child to a draft zip: JSON, CSV and pages to read.

    A person must look at what is marked in it before it is handed over.
    """
    from safeguards.access import identify as opening  # noqa: PLC0415
    from safeguards.errors import RightsError  # noqa: PLC0415
    from safeguards.files import write_new  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.registers.requests import get_pupil_record  # noqa: PLC0415
    from stewardship.rights import access_bundle, holdings  # noqa: PLC0415

    with handle_user_errors():
        passphrases = Passphrases(passphrase_fd)
        session, its_keys, _ = open_register(home, role, who, passphrases)
        child = get_pupil_record(session.home, its_keys, handle)
        session.enter("rights", child.pupil_id, "rights")
        found = None
        if with_identity:
            if not session.is_allowed("child", "identify"):  # before anybody types a passphrase
                session.enter("child", child.pupil_id, "identify")
            phrase = ask_passphrase(session, passphrases)
            found = opening.identify(session, handle, reason=_WHY, passphrase=phrase)
        parts = holdings.gather_parts(session.home, its_keys, child, found)
        made_on = get_utc_now().astimezone().date()
        content = access_bundle.build_draft(
            parts, handle=handle, made_on=made_on, is_demo=session.is_demo
        )
        try:
            write_new(out, content)
        except FileExistsError:
            raise RightsError(f"{out} is there already. Choose another name.") from None
        typer.echo(
            f"{out} holds {sum(len(part.rows) for part in parts):,} rows. A person must look "
            f"at {access_bundle.count_rows_to_review(parts):,} of them before it is handed over: "
            "to-review.csv."
        )


@rights.command()
def restrict(
    handle: Handle,
    home: HomeOption,
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Keep a child's data but stop using it: only the safeguarding lead still sees the child.

    School-wide totals that came as files stay as they are: they name no child.
    """
    changed = _flag(
        home, role, who, Passphrases(passphrase_fd), handle, "restriction", in_force=True
    )
    typer.echo("The child is restricted." if changed else "The child was restricted already.")


@rights.command()
def release(
    handle: Handle,
    home: HomeOption,
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """End a restriction: everybody sees the child again who did before."""
    changed = _flag(
        home, role, who, Passphrases(passphrase_fd), handle, "restriction", in_force=False
    )
    typer.echo("The restriction has ended." if changed else "The child was not restricted.")


@rights.command("object")
def note_objection(
    handle: Handle,
    home: HomeOption,
    *,
    lift: Annotated[bool, typer.Option("--lift", help="The objection has ended.")] = False,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Note that somebody objects: the child is left out of notebooks, reports and rows for others.

    Pages for the child's own support stay until the request has been decided.
    """
    changed = _flag(
        home, role, who, Passphrases(passphrase_fd), handle, "objection", in_force=not lift
    )
    state = "no objection now" if lift else "an objection"
    typer.echo(f"There is {state}." if changed else "That was so already.")


@rights.command()
def erase(
    handle: Handle,
    home: HomeOption,
    *,
    yes: Annotated[
        bool, typer.Option("--erase", help="Erase, once the handle has been typed again.")
    ] = False,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Say what erasing a child takes away; with --erase, ask for the handle and do it.

    There must be an open request to erase, from somebody whose identity was checked.
    """
    from safeguards.errors import RightsError  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.registers.requests import get_pupil_record  # noqa: PLC0415
    from stewardship.rights import erase as erasing  # noqa: PLC0415

    with handle_user_errors():
        session, keys, register = open_register(home, role, who, Passphrases(passphrase_fd))
        child = get_pupil_record(session.home, keys, handle)
        session.enter("rights", child.pupil_id, "rights")
        typer.echo("This goes, and nothing brings it back:")
        for line in erasing.plan_erasure(session.home, keys, child).describe():
            typer.echo(f"- {line}")
        if not yes:
            typer.echo("Nothing was changed. To do it, add --erase.")
            return
        request = register.get_open_request("erase", child.pupil_id)
        if typer.prompt("Type the handle to erase the child") != handle:
            raise RightsError("That is not the handle. Nothing was changed.")
        now = get_utc_now()
        receipt = erasing.erase_pupils(
            session.home,
            keys,
            [child],
            why="request",
            now=now,
            actor=session.actor,
            role=session.role,
        )
        register.close(request.request_id, "granted", now=get_utc_now())
        typer.echo(f"Erased. The receipt is {session.home.ledger / receipt}.")
        typer.echo(erasing.UNTRACKED_FILES_NOTICE)


def _flag(
    home: Path,
    role: str,
    who: str | None,
    passphrases: Passphrases,
    handle: str,
    kind: "FlagKind",
    *,
    in_force: bool,
) -> bool:
    """Whether anything changed."""
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.rights import restrict as flags  # noqa: PLC0415

    with handle_user_errors():
        session, _, _ = open_register(home, role, who, passphrases)
        return (
            flags.set_flag(session, handle, kind, in_force=in_force, now=get_utc_now()) is not None
        )
    raise AssertionError  # `told` ends the program where it tells of an error
