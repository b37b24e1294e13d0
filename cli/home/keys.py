"""`lac keys`: renew the key that seals everything, say who loads, and confirm edited files."""

from typing import Annotated

import typer
from typer import Argument

from cli.commands import Commands
from cli.context import Caller
from intake.publish.lock import lock_people, lock_store
from safeguards.access import loads
from safeguards.access.admission import sign_in_with_passphrase
from safeguards.access.rotation import rotate as rotate_key
from safeguards.access.settings import Settings
from safeguards.errors import HomeError
from safeguards.files import quote
from safeguards.keys.heads import PEOPLE, find_confirmation
from safeguards.keys.keys import Keys, list_headed_files

app = Commands("Make a new key, say who loads files, or confirm files that somebody edited.")

Named = Annotated[str, Argument(metavar="NAME", help="The other person's name.")]


@app.add()
def rotate(holder: Caller) -> None:
    """Make a new key and seal every record with the new key. Code names stay the same.

    Whoever could open identities and names still can. Earlier backups can no longer be used on this
    computer, so make a new backup.
    """
    holder.open_real_home()
    replace_key(holder, holder.name, holder.ask_passphrase(holder.name))


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

    In a real school this needs a passphrase that opens identities.  Exit code 0: confirmed; 2: not
    confirmed.
    """
    home, keys = holder.home, holder.keys
    headed = {path.name: path for path in list_headed_files(home, keys.folder)}
    paths = {
        name: path for name, path in headed.items() if name != PEOPLE and find_confirmation(path)
    }
    if unknown := [name for name in names if name not in paths]:
        there = ", ".join(sorted(paths))
        raise HomeError(f"{unknown[0]} is not one of the files that can be confirmed: {there}.")
    actor = holder.who or Settings.load(home, None).lead
    if not home.is_demo:
        holder.unlock_identities(actor)
    for name in names:
        holder.log("confirm", actor, purpose=name)
        keys.heads.confirm(paths[name])
        typer.echo(f"{name} is now confirmed.")


def replace_key(at: Caller, by: str, phrase: str) -> None:
    """Seal every record to a new key, and say so."""
    # this import takes a while, and few commands renew a key
    from stewardship.backup.backups import note_newest  # noqa: PLC0415

    with lock_store(at.home):
        rotate_key(at.home, at.keys, by, phrase)
        # no earlier backup counts as the latest: the keys here cannot restore one
        note_newest(at.keys.folder, None)
    at.log("keys_rotated", by)
    typer.echo(
        "Every record has been sealed again with a new key. Earlier backups can be opened "
        "only with the recovery code, with their own keys. Make one now: lac backup --home "
        f"{quote(at.folder)} --to DIR"
    )
