"""`lac vault`: what the safeguarding lead has to say about the sealed records."""

import getpass
from typing import Annotated

import typer

from cli.context import Who, the_lead
from cli.options import HomeOption, told
from cli.passphrases import PhraseFd, Phrases

app = typer.Typer(no_args_is_help=True, help="Say which sealed records are one child.")


@app.callback()
def group() -> None:
    """Say which sealed records are one child."""


@app.command()
def links(
    home: HomeOption,
    *,
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", metavar="HANDLE", help="This newer handle is the same child."),
    ] = None,
    refuse: Annotated[
        str | None,
        typer.Option("--refuse", metavar="HANDLE", help="This newer handle is another child."),
    ] = None,
    who: Who = None,
    passphrase_fd: PhraseFd = None,
) -> None:
    """List handles that may be one child by a former UPN, and confirm or refuse one.

    A child who may be adopted is never linked to its old records unasked. It is for the
    safeguarding lead, by passphrase; confirming and refusing are logged.
    """
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import Keys, unlocked  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415
    from stewardship.rights import links as pairs  # noqa: PLC0415

    if confirm and refuse:
        raise typer.BadParameter("Confirm or refuse, one at a time.", param_hint="--confirm")
    with told():
        opened = Home.open(home)
        keys = Keys.of(opened)
        vault, asked = Vault.open(opened, keys), Phrases(passphrase_fd)
        by = getpass.getuser()
        if not opened.is_demo:
            by = the_lead(opened, asked, who, "links").name
        if confirm or refuse:
            whose = "the made-up school" if opened.is_demo else by
            unlocked(opened, vault.public_key, by, asked.of(whose))
        if confirm:
            typer.echo(f"One child: {pairs.confirm(opened, keys, confirm, by)}.")
        elif refuse:
            pairs.refuse(opened, keys, refuse, by)
            typer.echo(f"{refuse} stays a child of its own.")
        else:
            handles = {record.pupil_id: record.handle for record in vault.pupils}
            for doubt in vault.doubts:
                newer, older = handles[doubt.pupil_id], handles[doubt.former_id]
                typer.echo(f"{newer} may be {older}.")
            if not vault.doubts:
                typer.echo("Nothing is to be confirmed.")
