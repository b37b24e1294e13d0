"""`lac identify`: who a child is, for the safeguarding lead, from the command line."""

from typing import Annotated

import typer

from cli.context import Who, opened, phrase_of
from cli.options import HomeOption, told
from cli.passphrases import PhraseFd, Phrases


def identify(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help='Such as "copper lantern".')],
    home: HomeOption,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in 10 characters or more, without names.")
    ],
    *,
    who: Who = None,
    passphrase_fd: PhraseFd = None,
) -> None:
    """Show who one child is, and whom to call: for the safeguarding lead only.

    The line in the log, with the reason, comes first; at most 10 in an hour.  What is shown
    stays on the terminal: clear it.
    """
    from safeguards.access import identify as opening  # noqa: PLC0415

    with told():
        asked = Phrases(passphrase_fd)
        session = opened(home, asked, who=who, role="dsl", purpose="identify")
        phrase = phrase_of(session, asked)
        found = opening.identify(session, handle, reason=reason, passphrase=phrase)
        for name, value in found.values.items():
            if value:
                typer.echo(f"{name}: {value}")
        for person in found.contacts:
            told_of = (value for name, value in person.items() if name != "priority")
            typer.echo(f"contact {person['priority']}: {', '.join(told_of)}")
