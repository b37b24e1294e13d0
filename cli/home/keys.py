"""`lac keys`: who can open identities, and a new key for all of it."""

from typing import Annotated

import typer
from typer import Argument

from cli.commands import Commands
from cli.context import Caller, HomeContext
from intake.publish.lock import lock_people, lock_store
from safeguards.access import loads
from safeguards.access.admission import sign_in_with_passphrase
from safeguards.access.roles import is_lead
from safeguards.access.rotation import rotate as rotate_key
from safeguards.access.settings import Settings
from safeguards.errors import HomeError, PeopleError
from safeguards.files import quote
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Ledger
from safeguards.keys.heads import PEOPLE, find_confirmation
from safeguards.keys.keys import Keys, list_headed_files, open_identity_wraps, unlock_private_key
from safeguards.keys.wraps import Wraps
from stewardship.rights.erase import apply_erasures

app = Commands("List or change who can open identities, and make a new key.")

Named = Annotated[str, Argument(metavar="NAME", help="The key holder's name.")]


@app.add("list")
def list_holders(at: HomeContext) -> None:
    """List who can open identities, one on each line; then say whether loads need a passphrase."""
    for name in _open_wraps(at).holders:
        typer.echo(name)
    people = " or ".join(loads.list_loaders(at.home, at.keys))
    needs = f"the passphrase of {people}" if people else "no passphrase"
    typer.echo(f"A load needs {needs}.", err=True)


@app.add()
def add(name: Named, holder: Caller) -> None:
    """Let another safeguarding lead open identities, with their sign-in passphrase.

    Asks for the passphrase of a key holder, then for the new holder's.
    """
    by = holder.name
    old = holder.ask_passphrase(by)
    _open_wraps(holder).unlock(by, old)
    new = holder.ask_passphrase(name)
    if not is_lead(sign_in_with_passphrase(holder.home, name, new).role):
        raise PeopleError(f"{name} is not a safeguarding lead. First use: lac people add")
    with lock_people(holder.home):
        _open_wraps(holder).add(name, new, by=(by, old))
    holder.log("keys_added", by)
    typer.echo(f"{name} can open identities now.")


@app.add()
def remove(name: Named, holder: Caller) -> None:
    """Stop a person from opening identities. The last key holder cannot be removed.

    Anybody with an old copy of the keys can still use it, so make a new key with rotate.
    """
    by = holder.name
    phrase = holder.ask_passphrase(by)
    with lock_people(holder.home):
        wraps = _open_wraps(holder)
        wraps.unlock(by, phrase)
        wraps.remove(name)
    holder.log("keys_removed", by)
    typer.echo(
        f"{name} can no longer open identities. "
        f"Renew the key with: lac keys rotate --home {quote(holder.folder)}"
    )


@app.add()
def rotate(holder: Caller) -> None:
    """Make a new key and seal every record with the new key. Code names stay the same.

    The other key holders are listed, and must be added again. Earlier backups can no longer be
    used on this computer, so make a new backup.
    """
    _open_wraps(holder)
    by = holder.name
    replace_key(holder, by, holder.ask_passphrase(by))


@app.add("lock-loads")
def lock_loads(name: Named, lead: Caller) -> None:
    """Require a passphrase for each load, such as the lead's or the business manager's.

    Asks for the lead's passphrase, then for that of the other person who loads files. From then on
    nobody can tell from a UPN which code name is which child without one of the two passphrases,
    even with the computer's account and all keys. No timer can load files. An older copy of the
    keys still works.
    """
    home, keys = lead.open_real_home()
    people = [lead.require_lead("loads_locked")]
    if name != people[0].name:
        people.append(sign_in_with_passphrase(home, name, lead.ask_passphrase(name)))
    with lock_people(home):
        loads.lock_lookup(home, keys, people)
    lead.log("loads_locked", people[0].name, purpose=name)
    named = " or ".join(loads.list_loaders(home, Keys.load(home)))
    typer.echo(f"From now on a load needs the passphrase of {named}.")


@app.add("unlock-loads")
def unlock_loads(lead: Caller) -> None:
    """Let files be loaded without a passphrase, for example on a timer."""
    home, keys = lead.open_real_home()
    person = lead.require_lead("loads_unlocked")
    with lock_people(home):
        loads.unlock_lookup(home, keys, person)
    lead.log("loads_unlocked", person.name)
    typer.echo("From now on a load needs no passphrase.")


@app.add()
def confirm(
    names: Annotated[
        list[str], Argument(metavar="FILE...", help="The file, by name: settings.toml.")
    ],
    holder: Caller,
) -> None:
    """Confirm files that somebody edited by hand, or replaced with an older copy on purpose.

    In a real school this needs a passphrase that opens identities.  If an older file brings back
    erased data, it is erased again.  Exit code 0: confirmed; 2: not confirmed.
    """
    home = holder.home
    keys = Keys.load(home, is_pointer_true=False)
    headed = {path.name: path for path in list_headed_files(home, keys.folder)}
    paths = {
        name: path for name, path in headed.items() if name != PEOPLE and find_confirmation(path)
    }
    if unknown := [name for name in names if name not in paths]:
        there = ", ".join(sorted(paths))
        raise HomeError(f"{unknown[0]} is not one of the files that can be confirmed: {there}.")
    actor = holder.who or Settings.load(home, None).lead
    if not home.is_demo:
        unlock_private_key(home, keys.public_key, actor, holder.ask_passphrase(actor))
    for name in names:
        AccessLog(home, keys).append(Event("confirm", actor, "dsl", purpose=name))
        keys.heads.confirm(paths[name])
    with lock_store(home):
        apply_erasures(home, keys, Ledger.open(home, keys).list_entries())
    for name in names:
        typer.echo(f"{name} is now confirmed.")


def replace_key(at: HomeContext, by: str, phrase: str) -> None:
    """Seal every record to a new key, which only the holder `by` opens at first; say so."""
    # what seals a backup takes a while to import, and few commands renew a key
    from stewardship.backup.backups import note_newest  # noqa: PLC0415

    with lock_store(at.home):
        left_out = rotate_key(at.home, at.keys, by, phrase)
        # no earlier backup counts as the latest: the keys here cannot bring one back
        note_newest(at.keys.folder, None)
    at.log("keys_rotated", by)
    typer.echo(
        "Every record has been sealed again with a new key. Earlier backups can be opened "
        "only with the recovery code, with their own keys. Make one now: lac backup --home "
        f"{quote(at.folder)} --to DIR"
    )
    for name in left_out:
        again = f"lac keys add {quote(name)} --home {quote(at.folder)}"
        typer.echo(f"{name} must be added again: {again}")


def _open_wraps(at: HomeContext) -> Wraps:
    """The wraps of the key that the vault of a home is sealed to."""
    home, _ = at.open_real_home()
    return open_identity_wraps(home, at.open_vault().public_key)
