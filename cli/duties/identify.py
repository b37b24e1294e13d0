"""`lac identify`: who a child is, for the safeguarding lead, from the command line."""

from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import Handle
from safeguards.access.identify import identify as open_identity

app = Commands()


@app.add()
def identify(
    handle: Handle,
    caller: Caller,
    reason: Annotated[str, Option(help="Why, in 10 characters or more, without names.")],
) -> None:
    """Show who one child is, and whom to call: for the safeguarding lead only.

    The line in the log, with the reason, comes first; at most 10 in an hour.  What is shown
    stays on the terminal: clear it.
    """
    session = caller.open_session("identify")
    phrase = caller.ask_identity_passphrase(session)
    found = open_identity(session, handle, reason=reason, passphrase=phrase)
    for name, value in found.values.items():
        if value:
            typer.echo(f"{name}: {value}")
    for person in found.contacts:
        details = (value for name, value in person.items() if name != "priority")
        typer.echo(f"contact {person['priority']}: {', '.join(details)}")
