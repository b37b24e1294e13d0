"""`lac vault`: confirm which sealed records belong to one child."""

import getpass
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from stewardship.rights import links

app = Commands("Confirm which identities belong to the same child.")


@app.add("links")
def run_links(
    lead: Caller,
    confirm: Annotated[
        str | None, Option(metavar="HANDLE", help="This newer code name is the same child.")
    ] = None,
    refuse: Annotated[
        str | None, Option(metavar="HANDLE", help="This newer code name is a different child.")
    ] = None,
) -> None:
    """List code names that may belong to the same child, and confirm or refuse a link.

    A child who may be adopted is never linked to earlier records without confirmation. Only the
    safeguarding lead can do this, with a passphrase. Confirming and refusing are logged.
    """
    if confirm and refuse:
        raise typer.BadParameter("Confirm or refuse, one at a time.", param_hint="--confirm")
    home, keys = lead.home, lead.keys
    by = getpass.getuser() if home.is_demo else lead.require_lead("links").name
    if confirm or refuse:
        lead.unlock_identities(by)
    if confirm:
        typer.echo(f"Confirmed as one child: {links.confirm_match(home, keys, confirm, by)}.")
    elif refuse:
        links.reject_match(home, keys, refuse, by)
        typer.echo(f"{refuse} remains a separate child.")
    else:
        handles, matches = lead.get_handles(), lead.open_vault().possible_matches
        for match in matches:
            typer.echo(f"{handles[match.pupil_id]} may be {handles[match.former_id]}.")
        if not matches:
            typer.echo("There is nothing to confirm.")
