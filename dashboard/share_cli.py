"""`lac share`: what leaves the school about a child, for listed recipients only."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_parts import HomeOption, told
from dashboard.phrase_parts import PhraseFd, Phrases
from dashboard.sign_in_cli import Who, signed_in

if TYPE_CHECKING:
    from safeguards.home import Home
    from safeguards.keys import Keys

share = typer.Typer(
    no_args_is_help=True,
    help="Share data about children with recipients on the school's list: for the lead.\n\n"
    "The list is recipients.csv in the home. The log says what is shared with whom, and why, "
    "before a file is there.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The recipient, as on the list.")]


@share.command()
def recipients(home: HomeOption) -> None:
    """List with whom the school shares, and the kinds that the privacy notice knows."""
    from safeguards import recipients as listing  # noqa: PLC0415
    from safeguards.home import Home  # noqa: PLC0415

    with told():
        found = listing.listed(Home.open(home))
    for each in found:
        typer.echo(f"{each.name}: {each.kind}")
    if not found:
        typer.echo("Nobody is on the list. Add a recipient: lac share add NAME --kind KIND")
    typer.echo(f"Kinds: {', '.join(listing.kinds())}.", err=True)


@share.command()
def add(
    name: Name,
    home: HomeOption,
    kind: Annotated[str, typer.Option("--kind", help="One that lac share recipients tells.")],
    *,
    who: Who = None,
    passphrase_fd: PhraseFd = None,
) -> None:
    """Put a recipient on the list; the log says so first."""
    from safeguards import recipients as listing  # noqa: PLC0415

    with told():
        opened, keys, actor, role = _opened(home, who, Phrases(passphrase_fd))
        listing.add(opened, keys, name, kind, actor=actor, role=role)
        typer.echo("The recipient is on the list.")


@share.command()
def remove(
    name: Name, home: HomeOption, *, who: Who = None, passphrase_fd: PhraseFd = None
) -> None:
    """Take a recipient off the list: what it was given before stays on record."""
    from safeguards import recipients as listing  # noqa: PLC0415

    with told():
        opened, keys, actor, role = _opened(home, who, Phrases(passphrase_fd))
        listing.remove(opened, keys, name, actor=actor, role=role)
        typer.echo("The recipient is off the list.")


def _opened(folder: Path, who: str | None, asked: Phrases) -> "tuple[Home, Keys, str, str]":
    """The home, and who gave the command in which role; it need not have been loaded yet."""
    from safeguards.home import Home  # noqa: PLC0415
    from safeguards.keys import Keys  # noqa: PLC0415

    home = Home.open(folder)
    if home.is_demo:
        return home, Keys.of(home), getpass.getuser(), "dsl"
    admitted = signed_in(home, asked, who)
    return home, Keys.of(home), admitted.name, admitted.role
