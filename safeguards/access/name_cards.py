"""Name cards: what a child is called, for the people who work with it and for nobody else.

A card is sealed to a key of its own.  That key is sealed again to each handler's own key,
which a passphrase opens; so a card opens for a person who is here, and whoever leaves is
taken out by one line.
"""

from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from safeguards.access import recall
from safeguards.access.access import Denied, Session
from safeguards.access.roles import is_allowed
from safeguards.errors import KeysError, PassphraseError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.keys.grants import Grants
from safeguards.keys.keys import Keys, load_demo_private_key
from safeguards.vault.vault import Vault

#: What the log calls it when somebody shows the names.
NAMES_EVENT = "names"
_PAGE, _ACTION = "children", NAMES_EVENT


def has_name_cards(role: str) -> bool:
    """Whether people in this role work with the children by name."""
    return is_allowed(role, _PAGE, _ACTION)


def build_name_check(session: Session) -> Callable[[str], bool]:
    """Return what says of a folded word whether it is part of a name on the roll.

    It is for every role, opens no identity and tells nothing of a child, so no line is written.
    """
    home = session.home

    def ask() -> Callable[[str], bool]:
        return Vault.open(home, Keys.load(home)).build_name_check()

    return recall.ask_once(home, "names on the roll", ask)


def open_name_cards(session: Session) -> dict[str, str]:
    """What each child of the session is called, by pupil_id, once the line is on the disk.

    It is for this session's memory, and to be forgotten soon.  Denied for a role that does
    not work with children by name; PassphraseError where the person has no key here.
    """
    home = session.home
    keys = Keys.load(home)
    log = AccessLog(home, keys)
    if not has_name_cards(session.role):
        log.append(Event("deny", session.actor, session.role, _PAGE, purpose=_ACTION))
        raise Denied(f"The role {session.role} cannot see names. Ask the safeguarding lead.")
    vault = Vault.open(home, keys)
    if home.is_demo:
        secret_key = load_demo_private_key(home)
    elif session.admitted is None or session.admitted.key is None:
        raise PassphraseError("Type your passphrase to see names.")
    else:
        secret_key = unlock(home, keys, vault.card_key, session.actor, session.admitted.key)
    session_pupils = set(session.read("select pupil_id from cohort_member")["pupil_id"])
    log.append(Event(NAMES_EVENT, session.actor, session.role, _PAGE))
    found = {}
    for record in vault.pupils:
        if record.pupil_id in session_pupils:
            card = vault.open_card(record.pupil_id, secret_key)
            found[record.pupil_id] = ", ".join(part for part in card.values() if part)
    return found


def create_card_key(
    home: Home, keys: Keys, handlers: Mapping[str, X25519PublicKey]
) -> X25519PublicKey:
    """A new key for the cards, open to these people by name and key; what cards are sealed to."""
    private = X25519PrivateKey.generate()
    public = private.public_key()
    _open_grants(home, keys, public).create(private.private_bytes_raw(), handlers)
    return public


def list_handlers(
    home: Home, keys: Keys, public: X25519PublicKey | None
) -> dict[str, X25519PublicKey]:
    """Who can open the cards, with the key of each; nobody where there are no cards yet."""
    return {} if public is None else _open_grants(home, keys, public).list_people()


def unlock(
    home: Home, keys: Keys, public: X25519PublicKey | None, name: str, key: X25519PrivateKey
) -> X25519PrivateKey:
    """The key that opens the cards; PassphraseError if this person has no part in it."""
    if public is None:
        raise PassphraseError("There are no names yet. Load the school's files first.")
    secret = _open_grants(home, keys, public).unlock(name, key)
    found = X25519PrivateKey.from_private_bytes(secret)
    if found.public_key() != public:
        raise KeysError("This key does not open this school's names. Restore the right key.")
    return found


def grant(
    home: Home, keys: Keys, card_key: X25519PrivateKey, name: str, key: X25519PublicKey
) -> None:
    """Let one more person open the cards, in place of an earlier key of theirs."""
    grants = _open_grants(home, keys, card_key.public_key())
    grants.grant(card_key.private_bytes_raw(), name, key)


def revoke(home: Home, keys: Keys, public: X25519PublicKey | None, name: str) -> None:
    """Take a person's part away; a copy of the keys keeps it: see `lac keys rotate`."""
    if public is not None:
        _open_grants(home, keys, public).revoke(name)


def delete_other_keys(keys: Keys, public: X25519PublicKey) -> None:
    """Clear away the keys that cards were sealed to before; OSError if one stays."""
    kept = _format_name(public)
    for earlier in keys.folder.glob("cards-*.json"):
        if earlier.name != kept:
            earlier.unlink()
            keys.heads.forget(earlier.name)


def _open_grants(home: Home, keys: Keys, public: X25519PublicKey) -> Grants:
    path = keys.folder / _format_name(public)
    return Grants(path, "card key", home.home_id, "the names", "lac people passphrase")


def _format_name(public: X25519PublicKey) -> str:
    return f"cards-{public.public_bytes_raw().hex()[:16]}.json"
