"""`lac share`: what leaves the school about a child, for listed recipients only."""

import getpass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who, ask_passphrase, open_session, sign_in
from cli.duties.rights import Handle
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from safeguards.access.access import Session
    from safeguards.home.home import Home
    from safeguards.keys.keys import Keys
    from stewardship.registers.shares import Share

share = typer.Typer(
    no_args_is_help=True,
    help="Share data about children with recipients on the school's list: for the lead.\n\n"
    "The list is recipients.csv in the home. The log says what is shared with whom, and why, "
    "before a file is there.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The recipient, as on the list.")]
To = Annotated[str, typer.Option("--to", help="The recipient, as lac share recipients has it.")]
Purpose = Annotated[
    str, typer.Option("--purpose", help="Why, in 10 to 100 characters, without names.")
]


@share.command("recipients")
def list_recipients(home: HomeOption) -> None:
    """List with whom the school shares, and the kinds that the privacy notice knows."""
    from intake.contract.model.category import RECIPIENT_KINDS  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415
    from stewardship.registers import recipients as listing  # noqa: PLC0415

    with handle_user_errors():
        found = listing.load_recipients(Home.open(home))
    for each in found:
        typer.echo(f"{each.name}: {each.kind}")
    if not found:
        typer.echo("Nobody is on the list. Add a recipient: lac share add NAME --kind KIND")
    typer.echo(f"Kinds: {', '.join(RECIPIENT_KINDS)}.", err=True)


@share.command()
def add(
    name: Name,
    home: HomeOption,
    kind: Annotated[str, typer.Option("--kind", help="One that lac share recipients tells.")],
    *,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Put a recipient on the list; the log says so first."""
    from stewardship.registers import recipients as listing  # noqa: PLC0415

    with handle_user_errors():
        found, keys, actor, role = _authorise_change(home, who, Passphrases(passphrase_fd))
        listing.add(found, keys, name, kind, actor=actor, role=role)
        typer.echo("The recipient is on the list.")


@share.command()
def remove(
    name: Name, home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None
) -> None:
    """Take a recipient off the list: what it was given before stays on record."""
    from stewardship.registers import recipients as listing  # noqa: PLC0415

    with handle_user_errors():
        found, keys, actor, role = _authorise_change(home, who, Passphrases(passphrase_fd))
        listing.remove(found, keys, name, actor=actor, role=role)
        typer.echo("The recipient is off the list.")


@share.command("child")
def run_share_child(
    handle: Handle,
    home: HomeOption,
    to: To,
    purpose: Purpose,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="The file to write.")],
    *,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PART", help="Only this part, such as sdq; repeat it."),
    ] = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write one child's record, with name and UPN, for one recipient: by passphrase.

    It holds what a recipient of the kind may have.  The file is not encrypted: send it by a
    way that is safe, and delete it then.
    """
    from stewardship.sharing.child import Sharing, share_child  # noqa: PLC0415

    with handle_user_errors():
        passphrases = Passphrases(passphrase_fd)
        sharing = Sharing(open_sharing_session(home, passphrases, who), to, purpose)
        phrase = partial(ask_passphrase, sharing.session, passphrases)
        print_share(share_child(sharing, handle, out, passphrase=phrase, only=only or ()), out)


@share.command("group")
def run_share_group(
    home: HomeOption,
    to: To,
    purpose: Purpose,
    rows: Annotated[
        str, typer.Option("--rows", help="Of which view: pupil_attendance, pupil_sdq and so on.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.csv", help="The file to write.")],
    *,
    of: Annotated[
        str,
        typer.Option("--of", help="looked after, previously looked after, or has a social worker."),
    ] = "looked after",
    authority: Annotated[
        str | None, typer.Option("--authority", help="Only children whom it looks after, by name.")
    ] = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write rows about a group of children, under codes that are this recipient's own.

    No two recipients have a code in common, and no name or number is in it.  The rows are
    of children who can be told by their figures: they are no statistics.
    """
    from stewardship.sharing.child import Sharing  # noqa: PLC0415
    from stewardship.sharing.group import share_group  # noqa: PLC0415

    with handle_user_errors():
        sharing = Sharing(open_sharing_session(home, Passphrases(passphrase_fd), who), to, purpose)
        print_share(share_group(sharing, rows, out, cohort=of, authority=authority), out)


@share.command("list")
def list_shares(home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None) -> None:
    """List what was shared, the newest last: its id, day, recipient, what, for how many."""
    from stewardship.sharing.child import list_shares  # noqa: PLC0415

    with handle_user_errors():
        found = list_shares(open_sharing_session(home, Passphrases(passphrase_fd), who))
        for each in found:
            typer.echo(_line(each))
        if not found:
            typer.echo("Nothing was shared.")


def open_sharing_session(home: Path, passphrases: Passphrases, who: str | None) -> "Session":
    """A session for sharing, of whoever gave the command: it has no restricted child."""
    from stewardship.sharing.child import PURPOSE  # noqa: PLC0415

    return open_session(home, passphrases, who=who, role="dsl", purpose=PURPOSE)


def print_share(done: "Share", out: Path) -> None:
    """Say where a file is, for whom, and its id in the register."""
    typer.echo(f"{out} is for {done.recipient}. It is not encrypted: send it by a safe way.")
    typer.echo(f"The register has it as {done.share_id}.", err=True)


def _line(each: "Share") -> str:
    """One share in one line; no child is named."""
    number = len(each.pupil_ids)
    children = "1 child" if number == 1 else f"{number:,} children"
    state = "" if each.is_done else ", not known to be written"
    if each.receipt_on:
        state = f", receipt of {each.receipt_on}"
    return (
        f"{each.share_id}  {each.shared_on}  {each.recipient}: {each.what}, {children}{state}; "
        f"purpose: {each.purpose}"
    )


def _authorise_change(
    folder: Path, who: str | None, passphrases: Passphrases
) -> "tuple[Home, Keys, str, str]":
    """The home, and who gave the command in which role; it need not have been loaded yet."""
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    home = Home.open(folder)
    if home.is_demo:
        return home, Keys.load(home), getpass.getuser(), "dsl"
    admitted = sign_in(home, passphrases, who)
    return home, Keys.load(home), admitted.name, admitted.role
