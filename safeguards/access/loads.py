"""The lock on loads: the key that finds a child by its number, sealed to people if a school wants.

In a new home that key is beside the others and a load needs nobody.  A school may have it sealed to
the people who bring files in.  Then no number leads to a code without one of them, not even for
somebody with the computer's account and all its keys.
"""

from collections.abc import Collection
from dataclasses import replace

from safeguards.access.admission import Principal
from safeguards.access.roles import is_allowed
from safeguards.errors import KeysError, PassphraseError, PeopleError
from safeguards.home.home import Home
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys


def list_loaders(home: Home, keys: Keys) -> tuple[str, ...]:
    """Return the people with whom a load can run, any one being enough; none if it needs nobody."""
    return () if keys.lookup is not None else KeyRing(home, keys).list_people("loads")


def open_lookup(home: Home, keys: Keys, person: Principal | None) -> Keys:
    """Return the keys with the one that finds children, opened by a person if it is sealed.

    PassphraseError: it is sealed, and the person has no part or has not just typed a passphrase.
    """
    if keys.lookup is not None:
        return keys
    if person is None or person.key is None:
        raise PassphraseError(
            "A load into this folder needs a passphrase. Use lac load --as NAME, or the Bring in "
            "files page."
        )
    lookup = KeyRing(home, keys).open_secret("loads", person.name, person.key)
    return replace(keys, lookup=lookup)


def lock_lookup(home: Home, keys: Keys, people: Collection[Principal]) -> None:
    """Make each load need one of these people, who have just signed in by passphrase.

    People who had a part before keep it, and one of them must be among these.  PeopleError means
    that a role does not bring files in.
    """
    named = {person.name: person.key for person in people if person.key is not None}
    if len(named) < len(people) or not all(
        is_allowed(person.role, "bring_in", "load") for person in people
    ):
        raise PeopleError("Only safeguarding leads and business managers can load files.")
    ring = KeyRing(home, keys)
    before = ring.list_people("loads")
    opened = open_lookup(home, keys, next((p for p in people if p.name in before), None))
    assert opened.lookup is not None  # noqa: S101 - else it was refused
    for name, key in named.items():
        ring.share("loads", opened.lookup, name, key.public_key())
    ring.save()
    _store_lookup(keys, None)


def unlock_lookup(home: Home, keys: Keys, person: Principal) -> None:
    """Let loads run without a person again; PassphraseError if this person has no part."""
    _store_lookup(keys, open_lookup(home, keys, person).lookup)
    ring = KeyRing(home, keys)
    ring.drop_others("loads")
    ring.save()


def _store_lookup(keys: Keys, key: bytes | None) -> None:
    try:
        keys.store_lookup(key)
    except OSError as error:
        raise KeysError(f"The key for loads cannot be changed: {error.strerror}.") from error
