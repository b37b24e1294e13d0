"""Signing in: a named person shows who they are, and has the role that the school gave them.

On one computer that is a passphrase of each person's own.  What it opens is a key of that
person's, in a file beside the home's keys: who has left is taken out of it, one by one.
"""

import hmac
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import current_process

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from safeguards.access.people import People, Person
from safeguards.errors import PassphraseError, PeopleError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event, get_utc_now
from safeguards.keys import passphrase as phrases
from safeguards.keys.keys import Keys, open_identity_wraps
from safeguards.keys.passphrase import SALT_BYTES, derive_key
from safeguards.keys.wraps import Wraps
from safeguards.vault.vault import Vault

#: What keeps a wrap of one person's key from being one of another secret.
USE = "sign-in"
FILE = "sign-in.json"

#: After so long a person signs in again, however busy they were.
SIGN_IN_TTL = timedelta(hours=8)

#: Where a process tells those that it starts for its notebooks who signed in.
_HANDED_ON = "LAC_SIGNED_IN"

_WRONG = "The name or the passphrase is wrong."
_remembered: dict[str, "Principal"] = {}
# one guess at a time: each costs a quarter of a gigabyte
_unlock_lock = threading.Lock()


@dataclass(frozen=True)
class Principal:
    """A person who has shown who they are, in one home.

    at: when, on the clock.  proof: which passphrase or account it was, so that another one
    ends what was opened by this.  key: the person's own; None for a sign-in through the provider.
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
    """The person of this name, once the line that says so is on the disk.

    PassphraseError if it is not theirs, which is logged; its words do not tell whether there
    is such a person.  PeopleError while the list of people is not confirmed.
    """
    keys = Keys.load(home)
    log = AccessLog(home, keys, clock)
    person = People.load(home, keys).find_by_name(name)
    secret = _unlock_secret(home, keys, person.person if person else "", passphrase)
    if person is None or secret is None:
        # a name that nobody has may be a passphrase that was typed in its place
        actor = "unknown" if person is None else person.person
        log.append(Event("deny", actor, "none", purpose="sign in: wrong passphrase"))
        raise PassphraseError(_WRONG)
    return admit(home, keys, person, X25519PrivateKey.from_private_bytes(secret), clock=clock)


def admit(
    home: Home,
    keys: Keys,
    person: Person,
    key: X25519PrivateKey | None = None,
    *,
    clock: Callable[[], datetime] = get_utc_now,
) -> Principal:
    """Somebody of whom it is known who they are, once the line is on the disk."""
    AccessLog(home, keys, clock).append(
        Event("sign_in", person.person, person.role, purpose="passphrase" if key else "service")
    )
    by_passphrase, by_service = _get_proofs(home, keys, person)
    proof = by_passphrase if key else by_service
    return Principal(home.home_id, person.person, person.role, clock(), proof, key)


def is_still_valid(home: Home, keys: Keys, admitted: Principal) -> bool:
    """Whether the person is listed in the same role now, with the same passphrase or account."""
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

    A notebook that is edited runs in a process of its own, which this one starts.  It is told
    under a secret that Python hands to such a process alone, and that stands in no file.
    """
    _remembered[admitted.home_id] = admitted
    told = {name: getattr(admitted, name) for name in ("home_id", "name", "role", "proof")}
    text = json.dumps(told | {"at": admitted.at.isoformat()})
    os.environ[_HANDED_ON] = f"{_sign(text)} {text}"


def find_remembered(home: Home, clock: Callable[[], datetime] = get_utc_now) -> Principal | None:
    """Who signed in to this process for its notebooks, or to the one that started it for them.

    None in any other, or too long ago.
    """
    found = _remembered.get(home.home_id) or _read_handed_on(home)
    return found if found is not None and clock() - found.at < SIGN_IN_TTL else None


def _read_handed_on(home: Home) -> Principal | None:
    signature, _, text = os.environ.get(_HANDED_ON, "").partition(" ")
    if not hmac.compare_digest(signature.encode(), _sign(text).encode()):
        return None
    told = json.loads(text)
    return (
        Principal(**told | {"at": datetime.fromisoformat(told["at"])})
        if told["home_id"] == home.home_id
        else None
    )


def _sign(text: str) -> str:
    return hmac.digest(current_process().authkey, text.encode(), "sha256").hex()


def set_passphrase(home: Home, keys: Keys, person: str, passphrase: str) -> X25519PublicKey:
    """A passphrase and a new key of their own, in place of any that the person had.

    What can be sealed to that key.  PassphraseError for one that is too short.
    """
    key, wraps = X25519PrivateKey.generate(), open_sign_in_wraps(home, keys)
    wraps.set_wrap(person, passphrase, key.private_bytes_raw())
    wraps.save()
    return key.public_key()


def change_passphrase(home: Home, keys: Keys, person: str, old: str, new: str) -> None:
    """Another passphrase, by one who knows the old one; it opens identities too if that did.

    PassphraseError if `old` is wrong or `new` too short.
    """
    wraps = open_sign_in_wraps(home, keys)
    wraps.set_wrap(person, new, wraps.unlock(person, old))
    identities = open_identity_wraps(home, Vault.open(home, keys).public_key)
    if person in identities.holders:
        try:
            identities.change(person, old, new)
        except PassphraseError:
            identities.unlock(person, new)  # an earlier attempt ended between the two files
    wraps.save()


def revoke_passphrase(home: Home, keys: Keys, person: str) -> bool:
    """The passphrase of somebody who has left no longer signs anybody in; whether there was one."""
    wraps = open_sign_in_wraps(home, keys)
    is_there = person in wraps.holders
    if is_there:
        wraps.drop(person)
        wraps.save()
    return is_there


def open_sign_in_wraps(home: Home, keys: Keys) -> Wraps:
    """The file of the passphrases; KeysError if it is damaged or others can reach it."""
    path = keys.folder / FILE
    if not path.exists() and keys.heads.get(FILE) is None:  # nobody has had one yet
        return Wraps(path, USE, home.home_id)
    return Wraps.open(path, USE, home.home_id)


def _get_proofs(home: Home, keys: Keys, person: Person) -> tuple[str, str]:
    """What stands for the person's passphrase of now, and for the account."""
    salt = open_sign_in_wraps(home, keys).find_salt(person.person)
    return f"passphrase {salt}", f"account {person.sub} {person.tid}"


def _unlock_secret(home: Home, keys: Keys, name: str, passphrase: str) -> bytes | None:
    """What the passphrase opens; None if it opens nothing."""
    with _unlock_lock:
        wraps = open_sign_in_wraps(home, keys)
        if name not in wraps.holders:
            # as long as for a name that somebody has, so that the time tells nobody which those are
            derive_key(passphrase, os.urandom(SALT_BYTES), phrases.DEFAULT_COST)
            return None
        try:
            return wraps.unlock(name, passphrase)
        except PassphraseError:
            return None
