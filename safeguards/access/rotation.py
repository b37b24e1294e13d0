"""A new key for all that is sealed, for when a key holder leaves or a passphrase is known.

The step that counts is the vault's: its file holds the records and the key that they are sealed to,
and is replaced whole.  Before it, the new parts in the key ring are unused; after it, the old.
"""

from safeguards.errors import KeysError
from safeguards.home.home import Home
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault


def rotate(home: Home, keys: Keys, name: str, passphrase: str) -> None:
    """Seal everything anew, for the people who could open it until now.  Pseudonyms stay.

    PassphraseError, KeysError or VaultError leave the old key or the new one in force, never a
    mixture.  The caller locks the home, so that no load writes meanwhile.
    """
    if home.is_demo:
        raise KeysError("A made-up school keeps the same key, because it has no real children.")
    vault, ring = Vault.open(home, keys), KeyRing(home, keys)
    key = ring.unlock(name, passphrase)
    identities = ring.open_key("identities", vault.public_key, name, key)
    names = ring.open_key("names", vault.card_key, name, key)
    public, card_key = ring.renew("identities", identities), ring.renew("names", names)
    ring.save()
    vault.reseal(identities, public, card_key)
    vault.save()
    ring.drop_others("identities", public)
    ring.drop_others("names", card_key)
    ring.save()
