"""Who sits at the command line: in a real home a named person, by their passphrase."""

import getpass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import bring_up_to_date
from cli.passphrases import Passphrases

if TYPE_CHECKING:
    from safeguards.access.access import Session
    from safeguards.access.admission import Principal
    from safeguards.home.home import Home

Who = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="Who you are, in a real home; the lead if unset."),
]


def open_session(
    folder: Path,
    passphrases: Passphrases,
    *,
    who: str | None,
    role: str,
    purpose: str,
    as_at: date | None = None,
) -> "Session":
    """A session of whoever gave the command, once the home is up to date.

    role: in a demo home; in a real one it is that of the person who signs in.
    """
    from safeguards.access import access  # noqa: PLC0415 - each command imports what it needs
    from safeguards.home.home import Home  # noqa: PLC0415

    home = Home.open(folder)
    admitted = None if home.is_demo else sign_in(home, passphrases, who)
    bring_up_to_date(folder)
    return access.open(
        folder,
        admitted=admitted,
        actor=getpass.getuser(),
        role=role,
        purpose=purpose,
        as_at=as_at,
    )


def ask_passphrase(session: "Session", passphrases: Passphrases) -> str:
    """The passphrase that opens an identity, of whoever gave the command."""
    return passphrases.ask(session.actor if session.admitted else "the made-up school")


def require_lead(
    home: "Home", passphrases: Passphrases, who: str | None, event: str
) -> "Principal":
    """A safeguarding lead of a real home, signed in; Denied for others, which is logged.

    event: what is about to be done, for the line of a refusal.
    """
    from safeguards.access.access import Denied  # noqa: PLC0415
    from safeguards.journal.access_log import AccessLog, Event  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    admitted = sign_in(home, passphrases, who)
    if admitted.role != "dsl":
        log = AccessLog(home, Keys.load(home))
        log.append(Event("deny", admitted.name, admitted.role, purpose=event))
        raise Denied(f"The role {admitted.role} may not do this. Ask the DSL.")
    return admitted


def sign_in(home: "Home", passphrases: Passphrases, who: str | None) -> "Principal":
    """A person of a real home, whose passphrase is asked for."""
    from safeguards.access.admission import sign_in_with_passphrase  # noqa: PLC0415
    from safeguards.access.settings import Settings  # noqa: PLC0415

    name = who or Settings.load(home).lead
    return sign_in_with_passphrase(home, name, passphrases.ask(name))
