"""`lac keys`: who can open identities, and a new key for all of it."""

from dataclasses import dataclass
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Caller, HomeContext
from intake.build.lock import lock_store
from safeguards.access.admission import sign_in_with_passphrase
from safeguards.access.rotation import rotate as rotate_key
from safeguards.access.settings import Settings
from safeguards.errors import HomeError, PeopleError
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Ledger
from safeguards.keys.keys import Keys, list_headed_files, open_identity_wraps, unlock_private_key
from safeguards.keys.wraps import Wraps
from stewardship.rights.erase import apply_erasures

app = Commands("Say who can open identities, and renew the key.")

#: What people may edit or put back; anything else that was changed is restored.
_CONFIRMED = {"CURRENT", "vault.json", "settings.toml", "recipients.csv", "retention.csv"}

Named = Annotated[str, Argument(metavar="NAME", help="The holder, by name.")]


@dataclass
class _Holder(Caller):
    who: Annotated[
        str | None, Option("--holder", help="Whose passphrase opens it; the lead's if unset.")
    ] = None


@app.add("list")
def list_holders(at: HomeContext) -> None:
    """List who can open identities, a line each."""
    for name in _open_wraps(at).holders:
        typer.echo(name)


@app.add()
def add(name: Named, holder: _Holder) -> None:
    """Let one more safeguarding lead open identities, by the passphrase they sign in with.

    Asks for the passphrase of a holder, then for the new holder's.
    """
    wraps, by = _open_wraps(holder), holder.name
    old = holder.ask_passphrase(by)
    wraps.unlock(by, old)
    new = holder.ask_passphrase(name)
    if sign_in_with_passphrase(holder.home, name, new).role != "dsl":
        raise PeopleError(f"{name} is no safeguarding lead. First: lac people add")
    wraps.add(name, new, by=(by, old))
    holder.log("keys_added", by)
    typer.echo(f"{name} can open identities now.")


@app.add()
def remove(name: Named, holder: _Holder) -> None:
    """Take a holder's way in away; never the last one's.

    Whoever kept a copy of the keys keeps theirs: renew the key with rotate.
    """
    wraps, by = _open_wraps(holder), holder.name
    wraps.remove(name, by=(by, holder.ask_passphrase(by)))
    holder.log("keys_removed", by)
    typer.echo(f"{name} can open identities no more. Renew the key with: lac keys rotate")


@app.add()
def rotate(holder: _Holder) -> None:
    """Make a new key and seal every record to it; codes and handles stay.

    The other holders are told, and must be added again.
    """
    _open_wraps(holder)
    by = holder.name
    phrase = holder.ask_passphrase(by)
    with lock_store(holder.home):
        left_out = rotate_key(holder.home, holder.keys, by, phrase)
    holder.log("keys_rotated", by)
    typer.echo("Every record is sealed to a new key.")
    for name in left_out:
        typer.echo(f"{name} must be added again: lac keys add")


@app.add()
def confirm(
    name: Annotated[str, Argument(metavar="FILE", help="The file, by name: settings.toml.")],
    holder: _Holder,
) -> None:
    """Say that a file of the home is right, though it is not as lac wrote it.

    After an edit by hand; or if an older one was put back on purpose.  In a real home it takes
    a passphrase that opens identities.  Erased children whom an older file brings are erased
    again.  Exit code 0: confirmed; 2: not.
    """
    home = holder.home
    keys = Keys.load(home, is_pointer_true=False)
    paths = {path.name: path for path in list_headed_files(home, keys.folder)}
    if name not in _CONFIRMED or name not in paths:
        there = ", ".join(sorted(paths.keys() & _CONFIRMED))
        raise HomeError(f"{name} is none of the files that are confirmed so: {there}.")
    actor = holder.who or Settings.load(home, None).lead
    if not home.is_demo:
        unlock_private_key(home, keys.public_key, actor, holder.ask_passphrase(actor))
    AccessLog(home, keys).append(Event("confirm", actor, "dsl", purpose=name))
    keys.heads.confirm(paths[name])
    with lock_store(home):
        apply_erasures(home, keys, Ledger.open(home, keys).list_entries())
    typer.echo(f"{name} is confirmed as it is.")


def _open_wraps(at: HomeContext) -> Wraps:
    """The wraps of the key that the vault of a home is sealed to."""
    home, _ = at.open_real_home("A made-up school has no holders: its pages show its passphrase.")
    return open_identity_wraps(home, at.open_vault().public_key)
