"""Whether a load needs a person: the key that finds a child by its number, behind a passphrase.

As a home is made, that key lies beside the others and a load needs nobody.  A school may
have it sealed to the people who bring files in: then no number leads to a code without one
of them, not even for who has the computer's account and all its keys.
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
    """Return whose passphrase a load needs, any one of theirs, or nobody if it needs none."""
    return () if keys.lookup is not None else KeyRing(home, keys).list_people("loads")


def open_lookup(home: Home, keys: Keys, person: Principal | None) -> Keys:
    """Return the keys with that which finds children, opened by a person where it needs one.

    PassphraseError where it does and this is none of them, or has not just typed it.
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
    """Have each load need one of these people, who have just signed in by passphrase.

    Those who had a part before keep it: one of them must be among the people then.  PeopleError
    for a role that brings no files in.
    """
    named = {each.name: each.key for each in people if each.key is not None}
    if len(named) < len(people) or not all(
        is_allowed(each.role, "bring_in", "load") for each in people
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
    """Have loads need nobody again; PassphraseError if this is nobody who has a part."""
    _store_lookup(keys, open_lookup(home, keys, person).lookup)
    ring = KeyRing(home, keys)
    ring.drop_others("loads")
    ring.save()


def _store_lookup(keys: Keys, key: bytes | None) -> None:
    try:
        keys.store_lookup(key)
    except OSError as error:
        raise KeysError(f"The key for loads cannot be changed: {error.strerror}.") from error
