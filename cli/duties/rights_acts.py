"""`lac rights`, what is done when a request is granted: access, restrict, object, erase."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who, phrase_of
from cli.duties.rights import Handle, Role, opened, rights
from cli.options import HomeOption, told
from cli.passphrases import PhraseFd, Phrases

__all__ = ["rights"]

if TYPE_CHECKING:
    from stewardship.rights.restrict import Kind

#: Why an identity is opened for a request, as the log has it.
_WHY = "A request for access to the child's data"


@rights.command()
def access(
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
    passphrase_fd: PhraseFd = None,
) -> None:
    """Write all that is held about a child to a draft zip: JSON, CSV and pages to read.

    A person must look at what is marked in it before it is handed over.
    """
    from safeguards.access import identify as opening  # noqa: PLC0415
    from safeguards.errors import RightsError  # noqa: PLC0415
    from safeguards.files import write_new  # noqa: PLC0415
    from safeguards.journal.access_log import utc_now  # noqa: PLC0415
    from stewardship.registers.requests import child_of  # noqa: PLC0415
    from stewardship.rights import access_bundle, holdings  # noqa: PLC0415

    with told():
        asked = Phrases(passphrase_fd)
        session, its_keys, _ = opened(home, role, who, asked)
        child = child_of(session.home, its_keys, handle)
        session.enter("rights", child.pupil_id, "rights")
        found = None
        if with_identity:
            if not session.may("child", "identify"):  # before anybody types a passphrase
                session.enter("child", child.pupil_id, "identify")
            phrase = phrase_of(session, asked)
            found = opening.identify(session, handle, reason=_WHY, passphrase=phrase)
        parts = holdings.gathered(session.home, its_keys, child, found)
        made_on = utc_now().astimezone().date()
        content = access_bundle.bundle(
            parts, handle=handle, made_on=made_on, is_demo=session.is_demo
        )
        try:
            write_new(out, content)
        except FileExistsError:
            raise RightsError(f"{out} is there already. Choose another name.") from None
        typer.echo(
            f"{out} holds {sum(len(part.rows) for part in parts):,} rows. A person must look "
            f"at {access_bundle.to_review(parts):,} of them before it is handed over: "
            "to-review.csv."
        )


@rights.command()
def restrict(
    handle: Handle,
    home: HomeOption,
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PhraseFd = None,
) -> None:
    """Keep a child's data but stop using it: only the safeguarding lead still sees the child.

    School-wide totals that came as files stay as they are: they name no child.
    """
    changed = _flag(home, role, who, Phrases(passphrase_fd), handle, "restriction", in_force=True)
    typer.echo("The child is restricted." if changed else "The child was restricted already.")


@rights.command()
def release(
    handle: Handle,
    home: HomeOption,
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PhraseFd = None,
) -> None:
    """End a restriction: everybody sees the child again who did before."""
    changed = _flag(home, role, who, Phrases(passphrase_fd), handle, "restriction", in_force=False)
    typer.echo("The restriction has ended." if changed else "The child was not restricted.")


@rights.command("object")
def object_(
    handle: Handle,
    home: HomeOption,
    *,
    lift: Annotated[bool, typer.Option("--lift", help="The objection has ended.")] = False,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PhraseFd = None,
) -> None:
    """Note that somebody objects: the child is left out of notebooks, reports and rows for others.

    Pages for the child's own support stay until the request has been decided.
    """
    changed = _flag(home, role, who, Phrases(passphrase_fd), handle, "objection", in_force=not lift)
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
    passphrase_fd: PhraseFd = None,
) -> None:
    """Say what erasing a child takes away; with --erase, ask for the handle and do it.

    There must be an open request to erase, from somebody whose identity was checked.
    """
    from safeguards.errors import RightsError  # noqa: PLC0415
    from safeguards.journal.access_log import utc_now  # noqa: PLC0415
    from stewardship.registers.requests import child_of  # noqa: PLC0415
    from stewardship.rights import erase as erasing  # noqa: PLC0415

    with told():
        session, keys, register = opened(home, role, who, Phrases(passphrase_fd))
        child = child_of(session.home, keys, handle)
        session.enter("rights", child.pupil_id, "rights")
        typer.echo("This goes, and nothing brings it back:")
        for line in erasing.planned(session.home, keys, child).lines():
            typer.echo(f"- {line}")
        if not yes:
            typer.echo("Nothing was changed. To do it, add --erase.")
            return
        request = register.to_carry_out("erase", child.pupil_id)
        if typer.prompt("Type the handle to erase the child") != handle:
            raise RightsError("That is not the handle. Nothing was changed.")
        now = utc_now()
        receipt = erasing.erase(
            session.home,
            keys,
            [child],
            why="request",
            now=now,
            actor=session.actor,
            role=session.role,
        )
        register.close(request.request_id, "granted", now=utc_now())
        typer.echo(f"Erased. The receipt is {session.home.ledger / receipt}.")
        typer.echo(erasing.ELSEWHERE)


def _flag(
    home: Path,
    role: str,
    who: str | None,
    asked: Phrases,
    handle: str,
    kind: "Kind",
    *,
    in_force: bool,
) -> bool:
    """Whether anything changed."""
    from safeguards.journal.access_log import utc_now  # noqa: PLC0415
    from stewardship.rights import restrict as flags  # noqa: PLC0415

    with told():
        session, _, _ = opened(home, role, who, asked)
        return flags.put(session, handle, kind, in_force=in_force, now=utc_now()) is not None
    raise AssertionError  # `told` ends the program where it tells of an error
