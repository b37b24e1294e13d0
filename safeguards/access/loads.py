"""Whether a load needs a person: the key that finds a child by its number, behind a passphrase.

As a home is made, that key lies beside the others and a load needs nobody.  A school may
have it sealed to the people who bring files in: then no number leads to a code without one
of them, not even for who has the computer's account and all its keys.
"""

from collections.abc import Collection
from dataclasses import replace

from safeguards.access.admission import Principal
from safeguards.access.people import GRANTABLE_ROLES
from safeguards.access.roles import is_allowed
from safeguards.errors import KeysError, PassphraseError, PeopleError
from safeguards.files import wipe_replaced
from safeguards.home.home import Home
from safeguards.keys.grants import Grants
from safeguards.keys.key_files import write_key
from safeguards.keys.keys import LOOKUP_GRANTS, LOOKUP_KEY, Keys

#: Who brings files in.
ROLES = tuple(role for role in GRANTABLE_ROLES if is_allowed(role, "bring_in", "load"))


def list_loaders(home: Home, keys: Keys) -> tuple[str, ...]:
    """Whose passphrase a load needs, any one of theirs; nobody where it needs none."""
    return () if keys.lookup is not None else tuple(_open_grants(home, keys).list_people())


def open_lookup(home: Home, keys: Keys, person: Principal | None) -> Keys:
    """The keys with that which finds children, opened by a person where it needs one.

    PassphraseError where it does and this is none of them, or has not just typed it.
    """
    if keys.lookup is not None:
        return keys
    if person is None or person.key is None:
        raise PassphraseError(
            "A load into this folder needs a passphrase. Use lac load --as NAME, or the Bring in "
            "files page."
        )
    return replace(keys, lookup=_open_grants(home, keys).unlock(person.name, person.key))


def lock_lookup(home: Home, keys: Keys, people: Collection[Principal]) -> None:
    """Have each load need one of these people, who have just signed in by passphrase.

    Those who had a part before keep it: one of them must be among the people then.  PeopleError
    for a role that brings no files in.
    """
    grants = _open_grants(home, keys)
    named = {each.name: each.key.public_key() for each in people if each.key is not None}
    if len(named) < len(people) or not all(each.role in ROLES for each in people):
        raise PeopleError("Only safeguarding leads and business managers can load files.")
    if keys.lookup is None:
        before = grants.list_people()
        opened = open_lookup(home, keys, next((p for p in people if p.name in before), None))
        assert opened.lookup is not None  # noqa: S101 - else it was refused
        grants.create(opened.lookup, {**before, **named})
        return
    grants.create(keys.lookup, named)
    path = keys.folder / LOOKUP_KEY
    try:
        with wipe_replaced(path):
            path.unlink()
    except OSError as error:
        raise KeysError(f"{path} cannot be removed: {error.strerror}.") from error


def unlock_lookup(home: Home, keys: Keys, person: Principal) -> None:
    """Have loads need nobody again; PassphraseError if this is nobody who has a part."""
    opened = open_lookup(home, keys, person)
    assert opened.lookup is not None  # noqa: S101 - else it was refused
    try:
        write_key(keys.folder, LOOKUP_KEY, opened.lookup)
        (keys.folder / LOOKUP_GRANTS).unlink(missing_ok=True)
        keys.heads.forget(LOOKUP_GRANTS)
    except OSError as error:
        raise KeysError(f"{LOOKUP_KEY} cannot be written: {error.strerror}.") from error


def revoke_part(home: Home, keys: Keys, name: str) -> None:
    """Take a person's part in loads away, who has left or has another role."""
    if keys.lookup is None and name in list_loaders(home, keys):
        _open_grants(home, keys).revoke(name)


def _open_grants(home: Home, keys: Keys) -> Grants:
    path = keys.folder / LOOKUP_GRANTS
    return Grants(path, "look-up key", home.home_id, "loads", "lac keys lock-loads")
