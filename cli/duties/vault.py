"""`lac vault`: what the safeguarding lead has to say about the sealed records."""

import getpass
from typing import Annotated

import typer

from cli.context import Who, require_lead
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

app = typer.Typer(no_args_is_help=True, help="Say which sealed records are one child.")


@app.callback()
def run_vault() -> None:
    """Say which sealed records are one child."""


@app.command("links")
def run_links(
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
    passphrase_fd: PassphraseFd = None,
) -> None:
    """List handles that may be one child by a former UPN, and confirm or refuse one.

    A child who may be adopted is never linked to its old records unasked. It is for the
    safeguarding lead, by passphrase; confirming and refusing are logged.
    """
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import Keys, unlock_private_key  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415
    from stewardship.rights import links as pairs  # noqa: PLC0415

    if confirm and refuse:
        raise typer.BadParameter("Confirm or refuse, one at a time.", param_hint="--confirm")
    with handle_user_errors():
        opened_home = Home.open(home)
        keys = Keys.load(opened_home)
        vault, passphrases = Vault.open(opened_home, keys), Passphrases(passphrase_fd)
        by = getpass.getuser()
        if not opened_home.is_demo:
            by = require_lead(opened_home, passphrases, who, "links").name
        if confirm or refuse:
            whose = "the made-up school" if opened_home.is_demo else by
            unlock_private_key(opened_home, vault.public_key, by, passphrases.ask(whose))
        if confirm:
            typer.echo(f"One child: {pairs.confirm_match(opened_home, keys, confirm, by)}.")
        elif refuse:
            pairs.reject_match(opened_home, keys, refuse, by)
            typer.echo(f"{refuse} stays a child of its own.")
        else:
            handles = {record.pupil_id: record.handle for record in vault.pupils}
            for doubt in vault.possible_matches:
                newer, older = handles[doubt.pupil_id], handles[doubt.former_id]
                typer.echo(f"{newer} may be {older}.")
            if not vault.possible_matches:
                typer.echo("Nothing is to be confirmed.")
