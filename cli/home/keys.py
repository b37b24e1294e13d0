"""`lac keys`: who can open identities, and a new key for all of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import HomeOption, told
from cli.passphrases import PhraseFd, Phrases

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
    with told():
        for name in _opened(home)[2].holders:
            typer.echo(name)


@app.command()
def add(
    name: Named, home: HomeOption, *, holder: Holder = None, passphrase_fd: PhraseFd = None
) -> None:
    """Let one more safeguarding lead open identities, by the passphrase they sign in with.

    Asks for the passphrase of a holder, then for the new holder's.
    """
    from safeguards.access.admission import by_passphrase  # noqa: PLC0415
    from safeguards.errors import PeopleError  # noqa: PLC0415

    with told():
        opened, settings, wraps = _opened(home)
        by, asked = holder or settings.lead, Phrases(passphrase_fd)
        old = asked.of(by)
        wraps.unlock(by, old)
        if by_passphrase(opened, name, asked.of(name)).role != "dsl":
            raise PeopleError(f"{name} is no safeguarding lead. First: lac people add")
        wraps.add(name, asked.of(name), by=(by, old), cost=settings.cost)
        _log(opened, "keys_added", by)
        typer.echo(f"{name} can open identities now.")


@app.command()
def remove(
    name: Named, home: HomeOption, *, holder: Holder = None, passphrase_fd: PhraseFd = None
) -> None:
    """Take a holder's way in away; never the last one's.

    Whoever kept a copy of the keys keeps theirs: renew the key with rotate.
    """
    with told():
        opened, settings, wraps = _opened(home)
        by = holder or settings.lead
        wraps.remove(name, by=(by, Phrases(passphrase_fd).of(by)))
        _log(opened, "keys_removed", by)
        typer.echo(f"{name} can open identities no more. Renew the key with: lac keys rotate")


@app.command()
def rotate(home: HomeOption, *, holder: Holder = None, passphrase_fd: PhraseFd = None) -> None:
    """Make a new key and seal every record to it; codes and handles stay.

    The other holders are told, and must be added again.
    """
    from intake.build.lock import one_at_a_time  # noqa: PLC0415
    from safeguards.access.rotation import rotate as renew  # noqa: PLC0415

    with told():
        opened, settings, _ = _opened(home)
        by = holder or settings.lead
        phrase = Phrases(passphrase_fd).of(by)
        with one_at_a_time(opened):
            left_out = renew(opened, _keys(opened), by, phrase, cost=settings.cost)
        _log(opened, "keys_rotated", by)
        typer.echo("Every record is sealed to a new key.")
        for name in left_out:
            typer.echo(f"{name} must be added again: lac keys add")


def _opened(folder: Path) -> tuple["Home", "Settings", "Wraps"]:
    """The home, its settings and the wraps of the key that its vault is sealed to."""
    from safeguards.access.settings import Settings  # noqa: PLC0415
    from safeguards.errors import KeysError  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import seal_wraps  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    home = Home.open(folder)
    if home.is_demo:
        raise KeysError("A made-up school has no holders: its pages show its passphrase.")
    public_key = Vault.open(home, _keys(home)).public_key
    return home, Settings.of(home), seal_wraps(home, public_key)


def _keys(home: "Home") -> "Keys":
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    return Keys.of(home)


def _log(home: "Home", event: str, actor: str) -> None:
    from safeguards.journal.access_log import AccessLog, Event  # noqa: PLC0415

    AccessLog(home, _keys(home)).append(Event(event, actor, "dsl"))
