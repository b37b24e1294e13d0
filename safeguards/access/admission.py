"""Sign-in: a named person shows who they are, and has the roles that the school gave them.

On one computer they do so with a passphrase of their own, which opens their key in the key ring.
"""

import hmac
import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import current_process

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safeguards.access.people import People, Person
from safeguards.access.roles import choose_role, has_name_cards, is_allowed, is_lead
from safeguards.errors import PassphraseError, PeopleError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event, get_utc_now
from safeguards.keys.key_ring import KeyRing, Kind
from safeguards.keys.keys import Keys
from safeguards.keys.passphrase import SALT_BYTES, derive_key
from safeguards.vault.vault import Vault

#: How long a sign-in lasts, however busy the person is.
SIGN_IN_TTL = timedelta(hours=8)

#: The variable with which a process tells those that it starts for its notebooks who signed in.
_HANDED_ON = "LAC_SIGNED_IN"

_WRONG = "The name or the passphrase is wrong."
_remembered: dict[str, "Principal"] = {}
# one guess at a time: each costs a quarter of a gigabyte
_unlock_lock = threading.Lock()


@dataclass(frozen=True)
class Principal:
    """A person who has shown who they are, in one home.

    `role` names all their roles, as in the list, and `at` is the time.  `proof` stands for the
    passphrase or account: another one ends what this one opened.  `key` is the person's own; None
    after a sign-in through the provider.
    """

    home_id: str
    name: str
    role: str
    at: datetime
    proof: str = field(default="", repr=False)
    key: X25519PrivateKey | None = field(default=None, repr=False, compare=False)


def sign_in_with_passphrase(
    home: Home, name: str, passphrase: str, *, clock: Callable[[], datetime] = get_utc_now
) -> Principal:
    """Return the person with this name, once the line about it is on the disk.

    PassphraseError means that it is not theirs, which is logged; the message does not tell whether
    there is such a person.  PeopleError means that nobody has confirmed the list of people.
    """
    keys = Keys.load(home)
    log = AccessLog(home, keys, clock)
    person = People.load(home, keys).find_by_name(name)
    key = _unlock(home, keys, person.person if person else "", passphrase)
    if person is None or key is None:
        # an unknown name may be a passphrase in the wrong field, so it is not logged
        actor = "unknown" if person is None else person.person
        log.append(Event("deny", actor, "none", purpose="sign in: wrong passphrase"))
        raise PassphraseError(_WRONG)
    return admit(home, keys, person, key, clock=clock)


def admit(
    home: Home,
    keys: Keys,
    person: Person,
    key: X25519PrivateKey | None = None,
    *,
    clock: Callable[[], datetime] = get_utc_now,
) -> Principal:
    """Return a person whose identity is known as signed in, once the line is on the disk."""
    way = "passphrase" if key else "service"
    log = AccessLog(home, keys, clock)
    log.append(Event("sign_in", person.person, choose_role(person.role), purpose=way))
    by_passphrase, by_service = _get_proofs(home, keys, person)
    proof = by_passphrase if key else by_service
    return Principal(home.home_id, person.person, person.role, clock(), proof, key)


def is_still_valid(home: Home, keys: Keys, admitted: Principal) -> bool:
    """Say whether the person is still listed, with the same roles and passphrase or account."""
    try:
        person = People.load(home, keys).find_by_name(admitted.name)
    except PeopleError:
        return False
    return (
        person is not None
        and (person.role, home.home_id) == (admitted.role, admitted.home_id)
        and admitted.proof in _get_proofs(home, keys, person)
    )


def remember(admitted: Principal) -> None:
    """Let the notebooks of this process open the home as this person; see `find_remembered`.

    A notebook that is edited runs in a process of its own, which this one starts.  The variable for
    it is signed with a secret that Python hands to such a process alone, and that is in no file.
    """
    _remembered[admitted.home_id] = admitted
    values = {name: getattr(admitted, name) for name in ("home_id", "name", "role", "proof")}
    text = json.dumps(values | {"at": admitted.at.isoformat()})
    os.environ[_HANDED_ON] = f"{_sign(text)} {text}"


def find_remembered(home: Home, clock: Callable[[], datetime] = get_utc_now) -> Principal | None:
    """Return the person who signed in for notebooks, in this process or the one that started it.

    It is None if nobody did, or if the sign-in is too old.
    """
    person = _remembered.get(home.home_id) or _read_handed_on(home)
    return person if person is not None and clock() - person.at < SIGN_IN_TTL else None


def _read_handed_on(home: Home) -> Principal | None:
    signature, _, text = os.environ.get(_HANDED_ON, "").partition(" ")
    if not hmac.compare_digest(signature.encode(), _sign(text).encode()):
        return None
    values = json.loads(text)
    return (
        Principal(**values | {"at": datetime.fromisoformat(values["at"])})
        if values["home_id"] == home.home_id
        else None
    )


def _sign(text: str) -> str:
    return hmac.digest(current_process().authkey, text.encode(), "sha256").hex()


def list_parts(role: str) -> frozenset[Kind]:
    """Return the kinds of secrets in which a person of these roles may have a part."""
    has_part: dict[Kind, bool] = {
        "identities": is_lead(role),
        "names": has_name_cards(role),
        "loads": is_allowed(role, "bring_in", "load"),
    }
    return frozenset(kind for kind, has in has_part.items() if has)


def set_up_vault(home: Home, keys: Keys, people: People, passphrases: Mapping[str, str]) -> None:
    """Make the vault of a new home, and the key ring of the people who have a passphrase, by name.

    PassphraseError means that one is too short.
    """
    identities, names = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    ring = KeyRing(home, keys)
    secrets: tuple[tuple[Kind, X25519PrivateKey], ...]
    secrets = (("identities", identities), ("names", names))
    for person in people:
        if person.person in passphrases:
            key = ring.set_passphrase(person.person, passphrases[person.person])
            for kind, secret in secrets:
                if kind in list_parts(person.role):
                    ring.share(kind, secret.private_bytes_raw(), person.person, key.public_key())
    ring.save()
    Vault(home, keys, (identities.public_key(), names.public_key())).save()


def give_passphrase(home: Home, keys: Keys, by: Principal, person: Person, new: str) -> None:
    """Give a person a passphrase, and those parts for their roles that `by` can open.

    PassphraseError means that it is too short.
    """
    assert by.key is not None  # noqa: S101 - who gives one signed in by passphrase
    ring = KeyRing(home, keys)
    key = ring.set_passphrase(person.person, new).public_key()
    ring.share_own(by.name, by.key, person.person, key, kinds=list_parts(person.role))
    ring.save()


def _get_proofs(home: Home, keys: Keys, person: Person) -> tuple[str, str]:
    """Return what stands for the person's present passphrase, and for their account."""
    mark = KeyRing(home, keys).get_mark(person.person)
    return f"passphrase {mark}", f"account {person.sub} {person.tid}"


def _unlock(home: Home, keys: Keys, name: str, passphrase: str) -> X25519PrivateKey | None:
    """Return the person's own key, or None if the passphrase opens nothing."""
    with _unlock_lock:
        ring = KeyRing(home, keys)
        if name not in ring.people:
            # take as long as for a known name, so that the time does not give known names away
            derive_key(passphrase, os.urandom(SALT_BYTES))
            return None
        try:
            return ring.unlock(name, passphrase)
        except PassphraseError:
            return None
