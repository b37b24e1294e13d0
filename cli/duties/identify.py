"""`lac identify`: who a child is, for the safeguarding lead, from the command line."""

from typing import Annotated

import typer

from cli.context import Who, ask_passphrase, open_session
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases


def identify(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help='Such as "copper lantern".')],
    home: HomeOption,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in 10 characters or more, without names.")
    ],
    *,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Show who one child is, and whom to call: for the safeguarding lead only.

    The line in the log, with the reason, comes first; at most 10 in an hour.  What is shown
    stays on the terminal: clear it.
    """
    from safeguards.access import identify as opening  # noqa: PLC0415

    with handle_user_errors():
        passphrases = Passphrases(passphrase_fd)
        session = open_session(home, passphrases, who=who, role="dsl", purpose="identify")
        phrase = ask_passphrase(session, passphrases)
        found = opening.identify(session, handle, reason=reason, passphrase=phrase)
        for name, value in found.values.items():
            if value:
                typer.echo(f"{name}: {value}")
        for person in found.contacts:
            details = (value for name, value in person.items() if name != "priority")
            typer.echo(f"contact {person['priority']}: {', '.join(details)}")
