"""A new key for everything that is sealed: when a holder leaves, or a passphrase is known.

The step that counts is the vault's: its file holds the records and the key they are
sealed to, and is replaced whole.  Before it the new wraps are unused, after it the old
ones are.
"""

import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safeguards.access import name_cards
from safeguards.access.people import People
from safeguards.errors import KeysError
from safeguards.home.home import Home
from safeguards.keys import wraps
from safeguards.keys.keys import USE, Keys, get_wraps_path, unlock_private_key, write_public_key
from safeguards.vault.vault import Vault


def rotate(
    home: Home, keys: Keys, holder: str, passphrase: str, *, environ: Mapping[str, str] = os.environ
) -> tuple[str, ...]:
    """Seal everything anew; who held the old key and does not hold the new one.

    Name cards get a new key as well, for the people who are listed now.  Pseudonyms stay.
    PassphraseError, PeopleError, KeysError or VaultError leave the old key or the new one in force,
    never a mixture.  The caller holds the home, so that no load writes meanwhile.
    """
    if home.is_demo:
        raise KeysError("A made-up school keeps the same key, because it has no real children.")
    vault = Vault.open(home, keys)
    old = vault.public_key
    secret_key = unlock_private_key(home, old, holder, passphrase, environ)
    named = {
        each.person for each in People.load(home, keys) if name_cards.has_name_cards(each.role)
    }
    former = wraps.Wraps.open(get_wraps_path(home, old, environ), USE, home.home_id).holders
    new = X25519PrivateKey.generate()
    path = get_wraps_path(home, new.public_key(), environ)
    wraps.create_wraps(
        path, USE, home.home_id, new.private_bytes_raw(), {holder: passphrase}
    ).save()
    handlers = name_cards.list_handlers(home, keys, vault.card_key)
    card_key = name_cards.create_card_key(
        home, keys, {name: key for name, key in handlers.items() if name in named}
    )
    vault.reseal(secret_key, new.public_key(), card_key)
    vault.save()
    try:
        write_public_key(home, keys.heads, new.public_key())
        for earlier in path.parent.glob("seal-*.json"):
            if earlier != path:
                earlier.unlink()
                keys.heads.forget(earlier.name)
        name_cards.delete_other_keys(keys, card_key)
    except OSError as error:
        raise KeysError(
            f"The new key is in use, but the old one could not be deleted: {error.strerror}."
        ) from error
    return tuple(name for name in former if name != holder)
