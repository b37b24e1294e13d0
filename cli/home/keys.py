"""`lac keys`: who can open identities, and a new key for all of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from safeguards.access.settings import Settings
    from safeguards.home.home import Home
    from safeguards.keys.keys import Keys
    from safeguards.keys.wraps import Wraps

app = typer.Typer(no_args_is_help=True, help="Say who can open identities, and renew the key.")

Holder = Annotated[
    str | None, typer.Option("--holder", help="Whose passphrase opens it; the lead's if unset.")
]
Named = Annotated[str, typer.Argument(metavar="NAME", help="The holder, by name.")]


@app.command("list")
def list_holders(home: HomeOption) -> None:
    """List who can open identities, a line each."""
    with handle_user_errors():
        for name in _open_wraps(home)[2].holders:
            typer.echo(name)


@app.command()
def add(
    name: Named, home: HomeOption, *, holder: Holder = None, passphrase_fd: PassphraseFd = None
) -> None:
    """Let one more safeguarding lead open identities, by the passphrase they sign in with.

    Asks for the passphrase of a holder, then for the new holder's.
    """
    from safeguards.access.admission import sign_in_with_passphrase  # noqa: PLC0415
    from safeguards.errors import PeopleError  # noqa: PLC0415

    with handle_user_errors():
        opened_home, settings, wraps = _open_wraps(home)
        by, passphrases = holder or settings.lead, Passphrases(passphrase_fd)
        old = passphrases.ask(by)
        wraps.unlock(by, old)
        if sign_in_with_passphrase(opened_home, name, passphrases.ask(name)).role != "dsl":
            raise PeopleError(f"{name} is no safeguarding lead. First: lac people add")
        wraps.add(name, passphrases.ask(name), by=(by, old), cost=settings.cost)
        _log(opened_home, "keys_added", by)
        typer.echo(f"{name} can open identities now.")


@app.command()
def remove(
    name: Named, home: HomeOption, *, holder: Holder = None, passphrase_fd: PassphraseFd = None
) -> None:
    """Take a holder's way in away; never the last one's.

    Whoever kept a copy of the keys keeps theirs: renew the key with rotate.
    """
    with handle_user_errors():
        opened_home, settings, wraps = _open_wraps(home)
        by = holder or settings.lead
        wraps.remove(name, by=(by, Passphrases(passphrase_fd).ask(by)))
        _log(opened_home, "keys_removed", by)
        typer.echo(f"{name} can open identities no more. Renew the key with: lac keys rotate")


@app.command()
def rotate(home: HomeOption, *, holder: Holder = None, passphrase_fd: PassphraseFd = None) -> None:
    """Make a new key and seal every record to it; codes and handles stay.

    The other holders are told, and must be added again.
    """
    from intake.build.lock import lock_store  # noqa: PLC0415
    from safeguards.access.rotation import rotate as renew  # noqa: PLC0415

    with handle_user_errors():
        opened_home, settings, _ = _open_wraps(home)
        by = holder or settings.lead
        phrase = Passphrases(passphrase_fd).ask(by)
        with lock_store(opened_home):
            left_out = renew(opened_home, _keys(opened_home), by, phrase, cost=settings.cost)
        _log(opened_home, "keys_rotated", by)
        typer.echo("Every record is sealed to a new key.")
        for name in left_out:
            typer.echo(f"{name} must be added again: lac keys add")


def _open_wraps(folder: Path) -> tuple["Home", "Settings", "Wraps"]:
    """The home, its settings and the wraps of the key that its vault is sealed to."""
    from safeguards.access.settings import Settings  # noqa: PLC0415
    from safeguards.errors import KeysError  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import open_identity_wraps  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    home = Home.open(folder)
    if home.is_demo:
        raise KeysError("A made-up school has no holders: its pages show its passphrase.")
    public_key = Vault.open(home, _keys(home)).public_key
    return home, Settings.load(home), open_identity_wraps(home, public_key)


def _keys(home: "Home") -> "Keys":
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    return Keys.load(home)


def _log(home: "Home", event: str, actor: str) -> None:
    from safeguards.journal.access_log import AccessLog, Event  # noqa: PLC0415

    AccessLog(home, _keys(home)).append(Event(event, actor, "dsl"))
