"""`lac identify`: who a child is, for the safeguarding lead, from the command line."""

import getpass
from typing import Annotated

import typer

from dashboard.cli_parts import HomeOption, bring_up_to_date, told
from dashboard.keys_cli import Holder
from dashboard.phrase_parts import PhraseFd, Phrases


def identify(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help='Such as "copper lantern".')],
    home: HomeOption,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in 10 characters or more, without names.")
    ],
    *,
    holder: Holder = None,
    passphrase_fd: PhraseFd = None,
) -> None:
    """Show who one child is, and whom to call: for the safeguarding lead only.

    The line in the log, with the reason, comes first; at most 10 in an hour.  What is shown
    stays on the terminal: clear it.
    """
    from safeguards import access  # noqa: PLC0415
    from safeguards import identify as opening  # noqa: PLC0415
    from safeguards.settings import Settings  # noqa: PLC0415

    with told():
        bring_up_to_date(home)
        session = access.open(home, actor=getpass.getuser(), role="dsl", purpose="identify")
        by = holder or Settings.of(session.home).lead
        found = opening.identify(
            session,
            handle,
            reason=reason,
            passphrase=Phrases(passphrase_fd).of(by),
            holder=by,
        )
        for name, value in found.values.items():
            if value:
                typer.echo(f"{name}: {value}")
        for person in found.contacts:
            told_of = (value for name, value in person.items() if name != "priority")
            typer.echo(f"contact {person['priority']}: {', '.join(told_of)}")
